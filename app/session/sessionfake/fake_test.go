package sessionfake_test

import (
	"io"
	"sync"
	"testing"

	"tidings/app"
	"tidings/app/session/sessionfake"
	"tidings/app/session/sessiontest"
)

func TestContract(t *testing.T) {
	var brokers sync.Map // a case's broker by its test name
	start := func(t testing.TB) *sessiontest.Broker {
		b := sessionfake.NewBroker()
		b.Deny("denied")
		brokers.Store(t.Name(), b)
		return &sessiontest.Broker{
			Kill:         func() { b.Refuse(io.EOF); b.Cut(io.EOF) },
			DeniedFilter: "denied", DeniedTopic: "denied", SaysTakenOver: true,
		}
	}
	newClient := func(t testing.TB, v app.Version) app.Client {
		b, _ := brokers.Load(t.Name())
		return b.(*sessionfake.Broker).Client(v)
	}
	sessiontest.Run(t, sessiontest.Suite{New: newClient, Versions: []app.Version{app.V31, app.V311, app.V5}, Start: start})
}
