package snippet

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidings/app"
)

func TestJavaScriptHoldsWholeLiterals(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Log("no node here: only that the literals are there is checked")
	}
	for _, v := range []app.Version{app.V311, app.V5} {
		p := profile(v)
		source := text(t, JavaScript, Input{Profile: p, Password: "pw" + hostile})
		for _, s := range []string{p.ClientID + "-js", p.User, p.Will.Topic, string(p.Will.Payload), p.Security.CA.File, p.Security.ServerName, p.Subscriptions[0].Filter, p.Templates[0].Message.Topic, "pw" + hostile} {
			if !strings.Contains(source, js(s)) {
				t.Errorf("%s is missing in\n%s", js(s), source)
			}
		}
		if node == "" {
			continue
		}
		path := filepath.Join(t.TempDir(), "client.mjs")
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(node, "--check", path).CombinedOutput(); err != nil {
			t.Errorf("%s\n%s", out, source)
		}
	}
	if node == "" {
		return
	}
	values := []string{hostile, "", "\x00\x0112", "`${process.exit(1)}`", "</script>", "\u2028\n", "línea", "\U000e0001"}
	literals := make([]string, len(values))
	for i, s := range values {
		literals[i] = js(s)
	}
	out, err := exec.Command(node, "-p", "JSON.stringify(["+strings.Join(literals, ",")+"])").Output()
	var back []string
	if err != nil || json.Unmarshal(out, &back) != nil || !slices.Equal(back, values) {
		t.Errorf("%v: %q became %q", err, values, back)
	}
}
