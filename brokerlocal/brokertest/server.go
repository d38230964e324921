package brokertest

import (
	"context"
	"net"
	"strconv"
	"testing"
	"time"

	"tidings/app"
	"tidings/brokerlocal"
)

// Option changes the broker that Run starts.
type Option func(*brokerlocal.Config)

// WithUser lets only the users named so in: with this option everyone else,
// anonymous clients too, is refused. It may be given several times.
func WithUser(name, password string) Option {
	return func(c *brokerlocal.Config) {
		if c.Users == nil {
			c.Users = make(map[string]app.Secret)
		}
		c.Users[name] = app.Secret(password)
	}
}

// WithSysInterval sets the time between two rounds of $SYS, at least a second.
func WithSysInterval(d time.Duration) Option {
	return func(c *brokerlocal.Config) { c.SysInterval = d }
}

// WithConfig changes any other field.
func WithConfig(change func(*brokerlocal.Config)) Option { return change }

// Server is a running broker. Its methods are for the test's goroutine.
type Server struct {
	Host   string
	Port   int
	Broker *brokerlocal.Broker // replaced by Restart

	cfg brokerlocal.Config
}

// Run starts a broker on 127.0.0.1 and any free port, and stops it when the
// test ends. It fails the test when that cannot be done.
func Run(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := &Server{cfg: brokerlocal.Config{Host: brokerlocal.DefaultHost}}
	for _, o := range opts {
		o(&s.cfg)
	}
	s.start(t)
	t.Cleanup(func() {
		if err := s.Broker.Stop(context.Background()); err != nil {
			t.Errorf("brokertest: stop: %v", err)
		}
	})
	return s
}

func (s *Server) start(t testing.TB) {
	t.Helper()
	s.Broker = brokerlocal.New(s.cfg)
	if err := s.Broker.Start(t.Context()); err != nil {
		t.Fatalf("brokertest: start: %v", err)
	}
	now := s.Broker.Snapshot()
	s.Host, s.Port = now.Host, now.Port
}

// Addr returns "host:port".
func (s *Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Stop stops the broker now. Sessions and retained messages are gone.
func (s *Server) Stop() { _ = s.Broker.Stop(context.Background()) }

// Restart stops the broker and starts it again on the same port. Sessions and
// retained messages are gone.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop()
	s.cfg.Port = s.Port
	s.start(t)
}
