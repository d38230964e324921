package v5_test

import (
	"testing"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v5"
	"tidings/brokerlocal/brokertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newClient(testing.TB, app.Version) app.Client { return v5.New(v5.Params{Dial: link.Dial}) }

var versions = []app.Version{app.V5}

func TestContractMosquitto(t *testing.T) {
	sessiontest.Run(t, sessiontest.Suite{New: newClient, Versions: versions, Start: sessiontest.Mosquitto})
}

func TestContractOwnBroker(t *testing.T) {
	sessiontest.Run(t, sessiontest.Suite{New: newClient, Versions: versions, Start: ownBroker})
}

func ownBroker(t testing.TB) *sessiontest.Broker {
	open := brokertest.Run(t)
	closed := brokertest.Run(t, brokertest.WithUser("ana", "pass word"))
	return &sessiontest.Broker{
		Host: open.Host, Port: open.Port, Kill: open.Stop,
		Protected: closed.Port, User: "ana", Password: "pass word", SaysTakenOver: true,
	}
}
