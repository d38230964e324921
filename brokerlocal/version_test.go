package brokerlocal_test

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"tidings/brokerlocal/brokertest"
)

// What runs behind the broker is nobody's business, and would mislead: its
// version is not ours.
func TestSysVersionNamesTidings(t *testing.T) {
	sub, err := exec.LookPath("mosquitto_sub")
	if err != nil {
		t.Skip("mosquitto_sub is not installed")
	}
	s := brokertest.Run(t)
	out, err := exec.CommandContext(t.Context(), sub, "-h", s.Host, "-p", strconv.Itoa(s.Port),
		"-t", "$SYS/broker/version", "-C", "1", "-W", "30").CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "Tidings" {
		t.Errorf("$SYS/broker/version is %q, %v", got, err)
	}
}
