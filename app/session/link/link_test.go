package link

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session/sessiontest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// broker is a listener that answers the first packet with a CONNACK and keeps
// the link until the client ends it.
type broker struct {
	ln       net.Listener
	accepted chan struct{}
	wg       sync.WaitGroup
}

func listen(t *testing.T, address string, silent bool, cfg *tls.Config) *broker {
	t.Helper()
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("no %s here: %v", address, err)
	}
	b := &broker{ln: ln, accepted: make(chan struct{}, 10)}
	b.wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			b.accepted <- struct{}{}
			b.wg.Go(func() {
				if cfg != nil && !silent {
					c = tls.Server(c, cfg)
				}
				serve(c, silent)
			})
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		b.wg.Wait()
	})
	return b
}

func serve(c net.Conn, silent bool) {
	defer c.Close()
	r := bufio.NewReader(c)
	if !silent {
		if _, err := r.ReadByte(); err != nil {
			return
		}
		_, _ = c.Write([]byte{0x20, 2, 0, 0, 0xF0, 0}) // CONNACK, and AUTH, which MQTT 3 does not know
	}
	_, _ = io.Copy(io.Discard, r)
}

// options has more time than a busy machine needs.
func (b *broker) options(host string) app.ConnectOptions {
	return app.ConnectOptions{Host: host, Port: b.ln.Addr().(*net.TCPAddr).Port, Version: app.V311, Link: app.LinkOptions{Timeout: time.Minute}}
}

// certificate returns a server's identity for 127.0.0.1 and ::1, and the
// options that trust it.
func certificate(t *testing.T) (*tls.Config, app.TLSOptions) {
	t.Helper()
	a := sessiontest.NewAuthority(t)
	both := a.Issue("127.0.0.1", func(c *x509.Certificate) { c.IPAddresses = append(c.IPAddresses, net.IPv6loopback) })
	return both.Server(nil), a.Trust(nil)
}

func TestDial(t *testing.T) {
	cfg, trust := certificate(t)
	tests := []struct {
		name, address, host string
		tls                 bool
	}{
		{"IPv4", "127.0.0.1:0", "127.0.0.1", false},
		{"IPv6", "[::1]:0", "::1", false},
		{"name", "127.0.0.1:0", "localhost", false},
		{"TLS over IPv4", "127.0.0.1:0", "127.0.0.1", true},
		{"TLS over IPv6", "[::1]:0", "::1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var server *tls.Config
			if tt.tls {
				server = cfg
			}
			o := listen(t, tt.address, false, server).options(tt.host)
			o.TLS, o.Security = tt.tls, trust
			ctx, cancel := context.WithCancel(t.Context())
			c, err := Dial(ctx, o, tap.Options{Version: app.V5})
			cancel() // means nothing for a link that is up
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := c.Write([]byte{0xC0, 0}); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(c, make([]byte, 4)); err != nil {
				t.Fatal(err)
			}
			if _, _, ok := c.ConnAck(); !ok {
				t.Error("the link is not tapped")
			}
			if _, err := c.Read(make([]byte, 1)); !as[*tap.MalformedError](err) {
				t.Errorf("the tap does not work for the version of the options: %v", err)
			}
			if s, ok := c.NetConn().(*tls.Conn); ok != tt.tls || ok && s.ConnectionState().Version < tls.VersionTLS12 {
				t.Errorf("link is a %T", c.NetConn())
			}
		})
	}
}

// TestServerWithoutTLS also waits, at its end, for the link to be closed.
func TestServerWithoutTLS(t *testing.T) {
	o := listen(t, "127.0.0.1:0", false, nil).options("127.0.0.1")
	o.TLS = true
	if _, err := Dial(t.Context(), o, tap.Options{}); !as[tls.RecordHeaderError](err) {
		t.Errorf("Dial: %v", err)
	}
}

func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func TestDialRefused(t *testing.T) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := ln.Addr().(*net.TCPAddr).Port
	_ = ln.Close()
	_, err = Dial(t.Context(), app.ConnectOptions{Host: "127.0.0.1", Port: port}, tap.Options{})
	var op *net.OpError
	if !errors.Is(err, syscall.ECONNREFUSED) || !errors.As(err, &op) {
		t.Errorf("Dial: %v", err)
	}
}

// TestCancelEndsTheHandshake: a server that accepts and says nothing does not
// hold the caller.
func TestCancelEndsTheHandshake(t *testing.T) {
	b := listen(t, "127.0.0.1:0", true, nil)
	o := b.options("127.0.0.1")
	o.TLS = true
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-b.accepted
		cancel()
	}()
	if _, err := Dial(ctx, o, tap.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial: %v", err)
	}
}

func TestCancelledBefore(t *testing.T) {
	b := listen(t, "127.0.0.1:0", true, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Dial(ctx, b.options("127.0.0.1"), tap.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial: %v", err)
	}
}
