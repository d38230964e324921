package v3_test

import (
	"testing"

	"tidings/app"
	"tidings/app/session/sessiontest"
)

// scripted makes clients of a broker that follows a script.
var scripted = sessiontest.Scripted{New: newClient, Version: app.V311, ConnAck: []byte{0x20, 2, 0, 0}}

func TestStalledPeer(t *testing.T) { scripted.StalledPeer(t) }

func TestRequestsEndWithTheLink(t *testing.T) { scripted.RequestsEndWithTheLink(t) }

func FuzzHostileBroker(f *testing.F) { scripted.FuzzBroker(f) }
