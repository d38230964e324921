package clientstest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
)

// TestPasswordFilesOfMosquittoWork has the file written by mosquitto's own
// program.
func TestPasswordFilesOfMosquittoWork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	passwd := find(t, "mosquitto_passwd")
	for user, password := range map[string]string{"ana": "pão", "bo": "b b"} {
		does(t, program(t, passwd, "-b", path, user, password))
	}
	users, err := auth.LoadUsers(path)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := auth.ParseRules("acl", []byte("pattern readwrite ready\nuser ana\ntopic readwrite lab/#\nuser bo\ntopic read lab/#\n"))
	if err != nil {
		t.Fatal(err)
	}
	o := options{
		guard: auth.New(auth.Config{Users: users, Rules: rules}),
		login: wire.Connect{HasUser: true, User: "ana", HasPassword: true, Password: "pão"},
	}
	eachVersion(t, o, func(t *testing.T, b *broker, v string) {
		ana, bo := []string{"-V", v, "-u", "ana", "-P", "pão"}, []string{"-V", v, "-u", "bo", "-P", "b b"}
		pub := func(as []string, args ...string) []string {
			return append(append([]string{}, as...), append([]string{"-t", "lab/t", "-q", "1"}, args...)...)
		}
		sub := b.subscribed(t, append(bo, "-t", "lab/#", "-q", "1")...)
		// What bo may not write is not delivered; 3.x is not told [MQTT-3.3.5-2].
		out, _ := run(t, b.tool(t, "mosquitto_pub", pub(bo, "-m", "from bo")...))
		if told := strings.Contains(out, "Not authorized"); told != (v == "mqttv5") {
			t.Errorf("bo publishes and is told %q", out)
		}
		does(t, b.tool(t, "mosquitto_pub", pub(ana, "-m", "from ana")...))
		sub.want("lab/t 1 0 from ana")
		for _, refused := range []struct {
			name, told string
			args       []string
		}{
			{"a wrong password", "user name or password", []string{"-V", v, "-u", "ana", "-P", "pao"}},
			{"an unknown user", "user name or password", []string{"-V", v, "-u", "eve", "-P", "pão"}},
			{"no user", "not authori", []string{"-V", v}},
		} {
			out := fails(t, b.tool(t, "mosquitto_pub", pub(refused.args, "-m", "x")...))
			if !strings.Contains(strings.ToLower(out), refused.told) {
				t.Errorf("%s: %q", refused.name, out)
			}
		}
	})
}
