package engine_test

import (
	"context"
	"net"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/enginetest"
)

// serving returns an engine on a port of its own, and how to connect to it.
func serving(t testing.TB, cfg engine.Config) (e *engine.Engine, dial func(v app.Version) *enginetest.Client) {
	t.Helper()
	e, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = e.Serve(nc) }()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
		if err := e.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return e, func(v app.Version) *enginetest.Client {
		t.Helper()
		nc, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c := enginetest.New(t, nc)
		c.Version = v
		return c
	}
}

func TestAMessageReachesItsSubscriber(t *testing.T) {
	for _, v := range []app.Version{app.V31, app.V311, app.V5} {
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			t.Run(v.String()+"/"+string('0'+byte(qos)), func(t *testing.T) {
				_, dial := serving(t, engine.Config{})
				sub, pub := dial(v), dial(v)
				sub.Join(wire.Connect{ClientID: "sub", Clean: true})
				pub.Join(wire.Connect{ClientID: "pub", Clean: true})
				sub.Sub("lab/#", qos)
				pub.Publish("lab/t", "21", qos)
				sub.Want("lab/t", "21", qos)
			})
		}
	}
}
