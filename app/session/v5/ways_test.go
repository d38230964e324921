package v5_test

import (
	"testing"

	"tidings/app"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// The contract holds whatever carries MQTT: TLS, TLS with a certificate of the
// client, WebSocket with and without TLS, a Unix socket.
func TestContractOverEveryWay(t *testing.T) {
	s := sessiontest.Suite{New: newClient, Versions: []app.Version{app.V5}}
	t.Run("mosquitto", func(t *testing.T) {
		sessiontest.RunOver(t, s, sessiontest.MosquittoWays(t), func(t testing.TB, at *sessiontest.Site) *sessiontest.Broker {
			return at.Mosquitto(t)
		})
	})
	t.Run("own broker", func(t *testing.T) {
		sessiontest.RunOver(t, s, sessiontest.Ways(), func(t testing.TB, at *sessiontest.Site) *sessiontest.Broker {
			b := brokertest.RunOver(t, at.URL(), at.Server)
			broker := at.Broker(b.Port, b.Stop)
			broker.SaysTakenOver = true
			return broker
		})
	})
}

// TestContractThroughAProxy runs over plain TCP behind a proxy that wants a
// password.
func TestContractThroughAProxy(t *testing.T) {
	s := sessiontest.Suite{New: newClient, Versions: []app.Version{app.V5}}
	for name, kind := range map[string]app.ProxyKind{"HTTP": app.ProxyHTTP, "SOCKS5": app.ProxySOCKS5} {
		t.Run(name, func(t *testing.T) {
			sessiontest.RunBehind(t, s, kind, func(t testing.TB) (int, func()) {
				b := brokertest.Run(t)
				return b.Port, b.Stop
			})
		})
	}
}
