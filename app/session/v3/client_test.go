package v3_test

import (
	"testing"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newClient(testing.TB, app.Version) app.Client { return v3.New(v3.Params{Dial: link.Dial}) }

var versions = []app.Version{app.V31, app.V311}

func TestContractMosquitto(t *testing.T) {
	sessiontest.Run(t, sessiontest.Suite{New: newClient, Versions: versions, Start: sessiontest.Mosquitto})
}
