package snippet

import (
	"strings"
	"testing"

	"tidings/app"
)

// Whoever runs a copy while the connection is open must not end it.
func TestCopyNeverTakesTheIdentifierOfTheConnection(t *testing.T) {
	for _, v := range []app.Version{app.V31, app.V311, app.V5} {
		for _, k := range Kinds() {
			p := plain(v)
			s, err := Make(k, Input{Profile: p})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(s.Text, `"lab1"`) || strings.Contains(s.Text+" ", " lab1 ") {
				t.Errorf("%d, MQTT %s has the same identifier:\n%s", k, v, s.Text)
			}
			if k != URL && k != CtlDoctor && (s.ClientID == "" || s.ClientID == p.ClientID || !strings.Contains(s.Text, s.ClientID)) {
				t.Errorf("%d, MQTT %s says it has %q:\n%s", k, v, s.ClientID, s.Text)
			}
		}
	}
}

func TestIdentifierFitsMQTT31(t *testing.T) {
	p := plain(app.V31)
	for _, id := range []string{strings.Repeat("x", 23), strings.Repeat("ж", 11), "short"} {
		p.ClientID = id
		for _, k := range Kinds() {
			if own := ownID(k, p); len(own) > 23 || own == id || strings.ToValidUTF8(own, "") != own {
				t.Errorf("%q became %q", id, own)
			}
		}
	}
}

// mosquitto's clients refuse -c without an identifier of their own, and a
// session of nobody would only fill the broker.
func TestRandomIdentifierKeepsNoSession(t *testing.T) {
	p := plain(app.V5)
	p.Clean, p.SessionExpiry = false, 3600
	for _, mode := range []app.ClientIDMode{app.ClientIDRandom, app.ClientIDSuffix} {
		p.IDMode = mode
		s, err := Make(Subscribe, Input{Profile: p})
		if err != nil || strings.Contains(s.Text, " -c") || strings.Contains(s.Text, " -x") || s.ClientID != "" {
			t.Errorf("%v %q\n%s", err, s.ClientID, s.Text)
		}
		if len(s.Missing) != 1 || s.Missing[0] != "Session" {
			t.Errorf("it is not said: %v", s.Missing)
		}
	}
	p.IDMode = app.ClientIDFixed
	if s := text(t, Subscribe, Input{Profile: p}); !strings.Contains(s, " -c ") || !strings.Contains(s, "-x 3600") {
		t.Errorf("a session under an identifier of its own:\n%s", s)
	}
}

func TestCommandFitsItsLines(t *testing.T) {
	p := profile(app.V5)
	p.ClientID, p.User, p.Security = "c", "u", app.TLSOptions{CA: app.CertSource{File: "/etc/ssl/ca.pem"}}
	p.Will.Topic, p.Will.Payload = "lab/state", []byte("off")
	p.Subscriptions = []app.Subscription{{Filter: "lab/#"}, {Filter: strings.Repeat("x", 100)}}
	for k, join := range map[Kind]string{Subscribe: " \\\n  -", SubscribeW: " ^\n  -"} {
		command := text(t, k, Input{Profile: p, HasPassword: true})
		if n := strings.Count(command, "\n"); n < 3 || strings.Count(command, join) != n {
			t.Errorf("lines end elsewhere than before an option:\n%s", command)
		}
		for line := range strings.Lines(command) {
			if len(line) > columns+3 && !strings.Contains(line, "xxx") {
				t.Errorf("too long: %q", line)
			}
		}
	}
}
