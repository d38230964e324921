package session_test

import (
	"net"
	"strconv"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v5"
	"tidings/brokerlocal/brokertest"
)

// The log of a connection tells every stage of every attempt, with address and
// result, and never a secret.
func TestEveryAttemptIsInTheLog(t *testing.T) {
	t.Parallel()
	open := brokertest.Run(t)
	for _, c := range []struct {
		name string
		port int
		want []string // sentences, in order
	}{
		{"a broker", open.Port, []string{"Connecting to localhost:", "DNS localhost: ", "TCP 127.0.0.1:", "Connected in "}},
		{"a closed port", sessiontest.ClosedPort(t), []string{"Connecting to localhost:", "DNS localhost: ", ": failed after ", "nothing listens"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changed := make(chan struct{}, 1)
			s := session.New(session.Params{
				NewClient: func(app.Version) (app.Client, error) { return v5.New(v5.Params{Dial: link.Dial}), nil },
				Changed: func() {
					select {
					case changed <- struct{}{}:
					default:
					}
				},
			})
			defer func() { _ = s.Close() }()
			s.Connect(app.ConnectOptions{
				Host: "localhost", Port: c.port, Version: app.V5, ClientID: "log", Clean: true, User: "ana",
				Password: "hunter-two", ProxyPassword: "hunter-two", Link: app.LinkOptions{Family: app.Family4}, Sink: sessiontest.NewInbox(),
			})
			for st := s.Snapshot().State; st == session.Connecting; st = s.Snapshot().State {
				<-changed
			}
			tr := i18n.New("en")
			var lines []string
			for _, e := range s.Snapshot().History {
				lines = append(lines, tr.Say(e.Text))
			}
			text := strings.Join(lines, "\n")
			rest := text
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("no %q in\n%s", want, text)
				}
				rest = after
			}
			if strings.Contains(text, "hunter") {
				t.Errorf("the log holds a password:\n%s", text)
			}
			if !strings.Contains(text, net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port))) {
				t.Errorf("the log does not name the address:\n%s", text)
			}
		})
	}
}
