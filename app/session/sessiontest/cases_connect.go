package sessiontest

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"tidings/app"
)

func caseConnect(e *env) {
	c := e.client()
	for range 2 { // a client connects again after its goodbye
		ack, err := c.Connect(e.ctx(), e.options(NewInbox()))
		if err != nil {
			e.Fatal(err)
		}
		if ack.SessionPresent || ack.Reason != 0 || ack.MaximumQoS != app.QoS2 || !ack.RetainAvailable || !ack.WildcardAvail || ack.ReceiveMaximum == 0 || ack.Took <= 0 {
			e.Errorf("connack %+v", ack)
		}
		if err := c.Disconnect(e.ctx(), app.ReasonSuccess); err != nil {
			e.Errorf("disconnect: %v", err)
		}
	}
	if err := c.Disconnect(e.ctx(), app.ReasonSuccess); err != nil {
		e.Errorf("disconnect without a link: %v", err)
	}
	if err := c.Drop(); err != nil {
		e.Errorf("drop without a link: %v", err)
	}
}

func caseWrongPassword(e *env) {
	if e.broker.Protected == 0 {
		e.Skip("no listener with a password")
	}
	o := e.options(NewInbox())
	o.Port, o.User, o.Password = e.broker.Protected, e.broker.User, "wrong"
	_, err := e.client().Connect(e.ctx(), o)
	var refused *app.RefusedError
	if !errors.As(err, &refused) {
		e.Fatalf("error %v, want a refusal", err)
	}
	// mosquitto says "not authorized" for a wrong password, as brokers do
	// that tell nothing about which users there are.
	if r := refused.Reason; r != app.ReasonBadUserPassword && r != app.ReasonNotAuthorized {
		e.Errorf("reason %s", r)
	}
	if three := e.version != app.V5; three != (refused.Return3 != 0) {
		e.Errorf("return code of 3.x is %d", refused.Return3)
	}
	if refused.Version != e.version {
		e.Errorf("version %v", refused.Version)
	}
}

func caseRightPassword(e *env) {
	if e.broker.Protected == 0 {
		e.Skip("no listener with a password")
	}
	e.dial(func(o *app.ConnectOptions) {
		o.Port, o.User, o.Password = e.broker.Protected, e.broker.User, app.Secret(e.broker.Password)
	})
}

func caseBadOptions(e *env) {
	for name, change := range map[string]func(*app.ConnectOptions){
		"id is not UTF-8":     func(o *app.ConnectOptions) { o.ClientID = "a\xff" },
		"user with NUL":       func(o *app.ConnectOptions) { o.User = "a\x00b" },
		"id too long":         func(o *app.ConnectOptions) { o.ClientID = strings.Repeat("x", 65536) },
		"will with wildcard":  func(o *app.ConnectOptions) { o.Will = &app.Will{Topic: "a/#"} },
		"will not UTF-8":      func(o *app.ConnectOptions) { o.Will = &app.Will{Topic: "a\xff"} },
		"will with QoS 3":     func(o *app.ConnectOptions) { o.Will = &app.Will{Topic: "a", QoS: 3} },
		"will payload 64 KiB": func(o *app.ConnectOptions) { o.Will = &app.Will{Topic: "a", Payload: make([]byte, 65536)} },
	} {
		o := e.options(NewInbox())
		change(&o)
		_, err := e.client().Connect(e.ctx(), o)
		var said *app.Error
		if !errors.As(err, &said) {
			e.Errorf("%s: error %v, want one in words", name, err)
		}
	}
}

// caseCancelConnect connects to a listener that accepts and says nothing.
func caseCancelConnect(e *env) {
	silent := listen(e)
	ctx, cancel := context.WithCancel(context.Background())
	o := e.options(NewInbox())
	o.Host, o.Port = silent.host, silent.port
	c := e.client()
	done := make(chan error, 1)
	go func() {
		_, err := c.Connect(ctx, o)
		done <- err
	}()
	silent.wait(e)
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			e.Errorf("error %v", err)
		}
	case <-time.After(patience):
		e.Fatal("connect does not end")
	}
	if _, err := c.Connect(e.ctx(), e.options(NewInbox())); err != nil {
		e.Errorf("connect after the cancelled one: %v", err)
	}
}

func caseCloseDuringConnect(e *env) {
	silent := listen(e)
	o := e.options(NewInbox())
	o.Host, o.Port = silent.host, silent.port
	c := e.suite.New(e, e.version)
	done := make(chan error, 1)
	go func() {
		_, err := c.Connect(context.Background(), o)
		done <- err
	}()
	silent.wait(e)
	if err := c.Close(); err != nil {
		e.Errorf("close: %v", err)
	}
	if err := <-done; err == nil {
		e.Error("connect succeeded")
	}
}

// mute is a listener that takes connections and never answers.
type mute struct {
	host string
	port int
	came chan struct{}
}

func listen(e *env) *mute {
	e.Helper()
	if e.broker.Host == "" {
		e.Skip("no network")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		e.Fatal(err)
	}
	a := l.Addr().(*net.TCPAddr)
	m := &mute{a.IP.String(), a.Port, make(chan struct{}, 10)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, c)
			_, _ = c.Read(make([]byte, 1))
			m.came <- struct{}{}
		}
		for _, c := range open {
			_ = c.Close()
		}
	}()
	e.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return m
}

// wait waits until the first byte of a CONNECT has arrived.
func (m *mute) wait(e *env) {
	e.Helper()
	select {
	case <-m.came:
	case <-time.After(patience):
		e.Fatal("nobody connects")
	}
}

func caseNotConnected(e *env) {
	c := e.client()
	check := func(when string) {
		if _, err := c.Publish(e.ctx(), app.Publish{Topic: "a", QoS: app.QoS1}); !errors.Is(err, app.ErrNotConnected) {
			e.Errorf("%s: publish: %v", when, err)
		}
		if _, err := c.Subscribe(e.ctx(), app.Subscription{Filter: "a"}); !errors.Is(err, app.ErrNotConnected) {
			e.Errorf("%s: subscribe: %v", when, err)
		}
		if _, err := c.Unsubscribe(e.ctx(), "a"); !errors.Is(err, app.ErrNotConnected) {
			e.Errorf("%s: unsubscribe: %v", when, err)
		}
	}
	check("before")
	if _, err := c.Connect(e.ctx(), e.options(NewInbox())); err != nil {
		e.Fatal(err)
	}
	if err := c.Disconnect(e.ctx(), app.ReasonSuccess); err != nil {
		e.Fatal(err)
	}
	check("after")
}

func caseClose(e *env) {
	c := e.suite.New(e, e.version)
	if _, err := c.Connect(e.ctx(), e.options(NewInbox())); err != nil {
		e.Fatal(err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			e.Errorf("close: %v", err)
		}
	}
	if ev, ok := <-c.Events(); ok {
		e.Errorf("event %+v after close", ev)
	}
	if _, err := c.Connect(e.ctx(), e.options(NewInbox())); err == nil {
		e.Error("a closed client connects")
	}
	if _, err := c.Publish(e.ctx(), app.Publish{Topic: "a"}); err == nil {
		e.Error("a closed client publishes")
	}
}
