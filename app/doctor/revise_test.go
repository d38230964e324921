package doctor_test

import (
	"bufio"
	"crypto/tls"
	"net"
	"strings"
	"testing"

	"tidings/app/doctor"
	"tidings/app/session/sessiontest"
)

// peeked is a connection whose first bytes have been looked at.
type peeked struct {
	net.Conn
	from *bufio.Reader
}

func (c peeked) Read(p []byte) (int, error) { return c.from.Read(p) }

// TestAPortOfTLSIsNotTakenForAnOldBroker: where a further step finds TLS, the
// one that failed does not lead to an older version of MQTT.
func TestAPortOfTLSIsNotTakenForAnOldBroker(t *testing.T) {
	server := sessiontest.NewAuthority(t).Issue("127.0.0.1", nil).Server(nil)
	for secure, want := range map[bool]string{true: "connect.closed_silently", false: "connect.closed_silently.v5"} {
		host, port := sessiontest.Serve(t, func(c net.Conn) {
			r := bufio.NewReader(c)
			if first, err := r.Peek(1); err == nil && first[0] == 22 && secure { // a handshake
				_ = tls.Server(peeked{c, r}, server).Handshake()
			}
		})
		r := examine(t, doctor.Params{Options: options(host, port)})
		if got := stepOf(r, doctor.Connect); got != "failed "+want {
			t.Errorf("TLS %v: the step says %s, want %s", secure, got, want)
		}
		for _, s := range r.Steps {
			if s.Kind == doctor.Connect && (s.Do.Key == "") != secure {
				t.Errorf("TLS %v: the step advises %q", secure, s.Do.Key)
			}
		}
		if what, _ := r.Conclusion(); strings.HasPrefix(what.Key, "doctor.further.tls") != secure {
			t.Errorf("TLS %v: in the end it says %s", secure, what.Key)
		}
	}
}
