package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"time"

	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/listener"
	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
)

const (
	// defaultPort is where a broker is looked for.
	defaultPort = 1883
	// stopTime bounds the end: clients hear a last word, the disk is waited for.
	stopTime = 10 * time.Second
	// wsMessage is the least that the largest WebSocket message is, in bytes: it
	// may hold several packets.
	wsMessage = 32 << 20
	// dataFile is the file under --data.
	dataFile = "tidings.db"
	// maxPerAddress is how many connections one address may have; this
	// machine's own addresses have no such limit.
	maxPerAddress = 1000
)

// runBroker is the subcommand broker.
func runBroker(ctx context.Context, c console, args []string) error {
	o, err := parseBroker(args)
	if err != nil {
		return err
	}
	if o.version {
		_, err := fmt.Fprintln(c.out, versionLine())
		return err
	}
	again := make(chan os.Signal, 1)
	signal.Notify(again, reloadSignals()...) // from now on, or one would end us
	defer signal.Stop(again)
	log, closeLog, err := o.openLog(c.err)
	if err != nil {
		return err
	}
	defer closeLog()
	spareTheCollector()
	b := &broker{options: o, log: log, lost: make(chan error, 1)}
	if err := b.start(ctx); err != nil {
		return errors.Join(err, b.stop())
	}
	for _, l := range b.listeners {
		if _, err := fmt.Fprintln(c.out, "listening on", l.URL()); err != nil {
			return errors.Join(err, b.stop())
		}
	}
	return errors.Join(b.run(ctx, again), b.stop())
}

// broker is the engine with what surrounds it.
type broker struct {
	options   *brokerOptions
	log       *slog.Logger
	guard     *auth.Guard // nil: everyone may do everything
	engine    *engine.Engine
	listeners []*listener.Listener
	lost      chan error // holds one: the system took a listener away
	serving   sync.WaitGroup
}

// start opens everything, the ports last, so that nobody is let in before a
// bad file is found.
func (b *broker) start(ctx context.Context) error {
	o := b.options
	raiseFileLimit(b.log, o.maxConnections)
	secure, err := o.tlsConfig()
	if err != nil {
		return err
	}
	cfg := engine.Config{
		Limits: engine.Limits{
			Connections: o.maxConnections, PacketSize: o.maxPacket, QueueMessages: o.queueMessages, QueueBytes: o.queueBytes,
		},
		ServerKeepAlive: o.serverKeepAlive, RefuseSubscribe: o.refuse, SysInterval: o.sysInterval(),
		Version: "Tidings " + version, Log: b.log,
	}
	if o.users != "" || o.acl != "" {
		users, rules, err := auth.Load(o.users, o.acl)
		if err != nil {
			return err
		}
		b.guard = auth.New(auth.Config{Users: users, Rules: rules, Anonymous: o.letsAnonymousIn()})
		cfg.Authenticator, cfg.Enhanced, cfg.Authorizer = b.guard, b.guard, b.guard
	}
	if cfg.Store, err = b.openStore(); err != nil {
		return err
	}
	if b.engine, err = engine.New(cfg); err != nil {
		if cfg.Store != nil {
			err = errors.Join(err, cfg.Store.Close())
		}
		return err
	}
	b.listeners, err = o.open(ctx, listener.Options{
		TLS: secure, Origins: o.origins, Limits: listener.NewLimits(o.maxConnections+listener.Spare, maxPerAddress),
		ReadLimit: int64(max(wsMessage, o.maxPacket)), Log: b.log,
	})
	if err != nil {
		return err
	}
	for _, l := range b.listeners {
		b.serving.Go(func() { b.serve(l) })
	}
	return nil
}

// serve takes the connections of one listener until stop.
func (b *broker) serve(l *listener.Listener) {
	err := l.Serve(func(nc net.Conn) { _ = b.engine.Serve(nc) }) // the engine logs why
	if err != nil {
		select {
		case b.lost <- err:
		default:
		}
	}
}

// openStore opens the file under --data; nil without one. What is damaged is
// kept aside, and the rest is used.
func (b *broker) openStore() (store.Store, error) {
	if b.options.data == "" {
		return nil, nil
	}
	s, aside, damage, err := bolt.OpenOrSetAside(filepath.Join(b.options.data, dataFile))
	if err == nil && damage != nil {
		b.log.Error("the stored data is damaged; what is damaged was kept aside, and the broker begins with what is left", "file", aside, "err", damage)
	}
	return s, err
}

// tlsConfig reads the files of tls:// and wss://; nil without them.
func (o *brokerOptions) tlsConfig() (*tls.Config, error) {
	if o.cert == "" {
		return nil, nil
	}
	return listener.TLSFiles{Certificate: o.cert, Key: o.key, ClientCA: o.ca}.Config()
}

// open opens the listeners, or none.
func (o *brokerOptions) open(ctx context.Context, lo listener.Options) ([]*listener.Listener, error) {
	if len(o.listen) == 0 {
		return listener.Local(ctx, defaultPort, lo)
	}
	var open []*listener.Listener
	for _, url := range o.listen {
		l, err := listener.Listen(ctx, url, lo)
		if err != nil {
			for _, l := range open {
				err = errors.Join(err, l.Close())
			}
			return nil, err
		}
		open = append(open, l)
	}
	return open, nil
}

// run waits for the end, and reads users and rules again when asked.
func (b *broker) run(ctx context.Context, again <-chan os.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-b.lost:
			return err
		case <-again:
			b.reload()
		}
	}
}

// reload puts the files as they are now in force; a bad one changes nothing.
func (b *broker) reload() {
	if b.guard == nil {
		b.log.Info("there are no users and rules to read again")
		return
	}
	if err := b.guard.Reload(b.options.users, b.options.acl); err != nil {
		b.log.Error("the users and rules in force stay as they are", "err", err)
		return
	}
	gone := b.engine.Expel(b.guard.Known)
	b.log.Info("users and rules were read again", "clients cut", gone)
}

// stop ends what start began, as far as that came.
func (b *broker) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	var err error
	for _, l := range b.listeners {
		err = errors.Join(err, l.Close())
	}
	if b.engine != nil {
		err = errors.Join(err, b.engine.Stop(ctx))
	}
	b.serving.Wait()
	for _, l := range b.listeners {
		l.Wait()
	}
	return err
}
