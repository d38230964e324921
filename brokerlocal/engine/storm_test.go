package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/store"
)

// storm is a crowd of clients of all versions that do at random what clients
// do, right or wrong, under few identifiers, so that they take over from each
// other all the time.
type storm struct {
	t       *testing.T
	e       *Engine
	address string

	mu     sync.Mutex
	over   *sync.Cond // served has grown
	dialed int        // connections
	served int        // of these, to the end
}

// settle waits until the broker has served every connection to its end.
func (s *storm) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.served < s.dialed {
		s.over.Wait()
	}
}

func (s *storm) count(n *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*n++
	s.over.Broadcast()
}

func newStorm(t *testing.T, c Config) *storm {
	t.Helper()
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &storm{t: t, e: e, address: l.Addr().String()}
	s.over = sync.NewCond(&s.mu)
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer s.count(&s.served)
				_ = e.Serve(nc)
			}()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		accepting.Wait()
	})
	return s
}

// blow lets clients loose, each for so many connections one after the other.
func (s *storm) blow(clients, connections int, seed uint64) {
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(n)))
			for range connections {
				(&stormy{storm: s, Rand: r}).live()
			}
		})
	}
	all.Wait()
}

// stormy is one connection of a storm.
type stormy struct {
	*storm
	*rand.Rand
	version app.Version
	writing sync.Mutex
	conn    net.Conn
}

func (c *stormy) live() {
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		return // the broker has stopped
	}
	c.count(&c.dialed)
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	c.conn, c.version = conn, [...]app.Version{app.V31, app.V311, app.V5}[c.IntN(3)]
	c.send(c.connect())
	deaf, lazy := c.IntN(10) == 0, c.IntN(10) == 0
	var reading sync.WaitGroup
	if !deaf {
		r := rand.New(rand.NewPCG(c.Uint64(), 1))
		reading.Go(func() { c.read(r, lazy) })
	}
	for range c.IntN(40) {
		c.act()
	}
	switch c.IntN(4) {
	case 0:
		c.send(&wire.Disconnect{})
	case 1:
		_ = conn.(*net.TCPConn).SetLinger(0)
	case 2:
		_ = conn.(*net.TCPConn).CloseWrite()
		reading.Wait()
	}
	_ = conn.Close()
	reading.Wait()
}

func (c *stormy) connect() *wire.Connect {
	p := &wire.Connect{Version: c.version, ClientID: fmt.Sprint("c", c.IntN(12)), Clean: c.IntN(2) == 0}
	if c.IntN(3) == 0 {
		p.HasWill, p.Will = true, wire.Will{Topic: c.topic(), Payload: []byte("will"), QoS: app.QoS(c.IntN(3)), Retain: c.IntN(2) == 0}
	}
	if c.version != app.V5 {
		return p
	}
	add := func(id wire.PropertyID) bool {
		if c.IntN(2) == 0 {
			p.Properties.Add(id)
			return true
		}
		return false
	}
	if add(wire.SessionExpiry) {
		p.Properties.SessionExpiry = [...]uint32{0, 1, 1, 60, never}[c.IntN(5)]
	}
	if add(wire.ReceiveMaximum) {
		p.Properties.ReceiveMaximum = uint16(1 + c.IntN(3))
	}
	if add(wire.TopicAliasMaximum) {
		p.Properties.TopicAliasMaximum = 4
	}
	if add(wire.MaximumPacketSize) {
		p.Properties.MaximumPacketSize = 300
	}
	if p.HasWill && c.IntN(2) == 0 {
		p.Will.Properties.Add(wire.WillDelay)
		p.Will.Properties.WillDelay = uint32(c.IntN(2))
	}
	return p
}

func (c *stormy) topic() string { return fmt.Sprintf("t/%d", c.IntN(6)) }

func (c *stormy) filter() string {
	return [...]string{"#", "t/+", "t/1", "t/2", "$share/g/t/+", "$share/g/#", "$SYS/#", "secret/#"}[c.IntN(8)]
}

// act does one thing.
func (c *stormy) act() {
	id := uint16(1 + c.IntN(20))
	switch c.IntN(12) {
	case 0, 1:
		f := app.Subscription{Filter: c.filter(), QoS: app.QoS(c.IntN(3))}
		if c.version == app.V5 {
			f.NoLocal = c.IntN(2) == 0 && f.Filter[0] != '$'
			f.RetainAsPublished, f.RetainHandling = c.IntN(2) == 0, byte(c.IntN(3))
		}
		c.send(&wire.Subscribe{ID: id, Filters: []app.Subscription{f}})
	case 2:
		c.send(&wire.Unsubscribe{ID: id, Filters: []string{c.filter()}})
	case 3:
		c.send(&wire.PingReq{})
	case 4:
		c.send(&wire.PubRel{Ack: wire.Ack{ID: id}})
	case 5:
		if c.IntN(8) == 0 {
			garbage := make([]byte, c.IntN(40))
			for i := range garbage {
				garbage[i] = byte(c.Uint32())
			}
			c.write(garbage)
		}
	default:
		p := &wire.Publish{Topic: c.topic(), QoS: app.QoS(c.IntN(3)), Retain: c.IntN(3) == 0, Payload: make([]byte, c.IntN(600))}
		if p.QoS > 0 {
			p.ID, p.Dup = id, c.IntN(4) == 0
		}
		if c.version == app.V5 && c.IntN(4) == 0 {
			p.Properties.Add(wire.MessageExpiry)
			p.Properties.MessageExpiry = uint32(c.IntN(2))
		}
		for range 1 + c.IntN(20) {
			c.send(p)
		}
	}
}

func (c *stormy) send(p wire.Packet) {
	b, err := wire.Append(nil, c.version, p)
	if err != nil {
		c.t.Errorf("%s: %v", p.Type(), err)
		return
	}
	c.write(b)
}

func (c *stormy) write(b []byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	_, _ = c.conn.Write(b)
}

// read judges what the broker sends and acknowledges it, a lazy one now and
// then.
func (c *stormy) read(r *rand.Rand, lazy bool) {
	d := wire.Decoder{Version: c.version, From: wire.FromServer}
	var buf []byte
	space := make([]byte, 4096)
	for {
		n, err := c.conn.Read(space)
		if err != nil {
			return
		}
		buf = append(buf, space[:n]...)
		for {
			h, err := wire.Header(buf)
			if err != nil {
				c.t.Errorf("the broker's header: %v", err)
				return
			}
			if h.Length == 0 || h.Size() > len(buf) {
				break
			}
			p, err := d.Decode(buf[:h.Size()])
			if err != nil {
				c.t.Errorf("MQTT %s: the broker broke a rule: %v", c.version, err)
				return
			}
			if !lazy || r.IntN(4) == 0 {
				c.answer(p)
			}
			buf = buf[h.Size():]
		}
	}
}

func (c *stormy) answer(p wire.Packet) {
	switch p := p.(type) {
	case *wire.Publish:
		if p.QoS == app.QoS1 {
			c.send(&wire.PubAck{Ack: wire.Ack{ID: p.ID}})
		} else if p.QoS == app.QoS2 {
			c.send(&wire.PubRec{Ack: wire.Ack{ID: p.ID}})
		}
	case *wire.PubRel:
		c.send(&wire.PubComp{Ack: wire.Ack{ID: p.ID}})
	case *wire.PubRec:
		if p.Reason < 0x80 {
			c.send(&wire.PubRel{Ack: wire.Ack{ID: p.ID}})
		}
	}
}

// After a storm everything adds up: no connection, no byte, no message and no
// subscription is left of what has ended, nothing panicked, and the broker can
// be stopped.
func TestNothingIsLeftOfAStorm(t *testing.T) {
	seed := rand.Uint64()
	for _, durable := range []bool{false, true} {
		t.Run(fmt.Sprintf("durable %v, seed %d", durable, seed), func(t *testing.T) {
			rules := func(text string) *auth.Rules {
				r, err := auth.ParseRules("acl", []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			laws := []*auth.Rules{rules("topic readwrite #\ntopic read $SYS/#\n"), rules("topic readwrite t/#\ntopic deny t/2\n")}
			guard := auth.New(auth.Config{Anonymous: true, Rules: laws[0]})
			c := Config{Authenticator: guard, Enhanced: guard, Authorizer: guard, SysInterval: 50 * time.Millisecond}
			c.Limits.QueueMessages, c.Limits.TotalBytes = 500, 2<<20
			disk := store.NewMap()
			if durable {
				var err error
				if c.Store, err = store.New(disk); err != nil {
					t.Fatal(err)
				}
			}
			s := newStorm(t, c)
			stop := make(chan struct{})
			var around sync.WaitGroup
			around.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
						guard.Set(nil, laws[n%2])
						s.e.Snapshot()
						s.e.Clients()
						s.e.Subscriptions()
					}
				}
			})
			s.blow(8, 12, seed)
			close(stop)
			around.Wait()
			s.settle()
			s.atRest(s.addsUp)
			var late sync.WaitGroup
			late.Go(func() { s.blow(8, 3, seed+1) })
			if err := s.e.Stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
			late.Wait()
			s.settle()
		})
	}
}

// atRest has look called while nothing changes. Without connections all that
// happens begins on the clock's goroutine ($SYS, delayed wills, the ends of
// sessions), so look is called there, when the journal is through.
func (s *storm) atRest(look func()) {
	looked := make(chan struct{})
	s.e.clock.after(0, func() {
		defer close(looked)
		for range 8 { // what an item's Done has pushed, what that pushes, and what comes after its batch
			_ = s.e.commit(store.DropRetained{Topic: "fence"})
		}
		look()
	})
	<-looked
}

// addsUp compares the figures of the engine, which is at rest, with what is
// there.
func (s *storm) addsUp() {
	e, t := s.e, s.t
	if n := e.Snapshot(); n.Clients != 0 || n.Faults != 0 {
		t.Errorf("%d clients, %d faults", n.Clients, n.Faults)
	}
	var bytes, held int64
	filters := 0
	for _, cl := range e.registry.all() {
		cl.mu.Lock()
		st := cl.session.Stats()
		bytes, held, filters = bytes+st.Bytes, held+int64(st.Messages), filters+len(cl.filters)
		if cl.conn.Load() != nil || cl.expiry == 0 || cl.replayed != 0 || len(cl.joining) != 0 {
			t.Errorf("%s: connected %v, expiry %d, %d replayed, %d joining", cl.id, cl.conn.Load() != nil, cl.expiry, cl.replayed, len(cl.joining))
		}
		cl.mu.Unlock()
	}
	if used := e.sessions.Budget.Used(); used != bytes+e.retained.Bytes() || e.waiting.Load() != 0 {
		t.Errorf("%d bytes are used, sessions have %d, retained %d, links %d", used, bytes, e.retained.Bytes(), e.waiting.Load())
	}
	if e.held.Load() != held || e.index.Len() != filters {
		t.Errorf("%d messages of %d, %d subscriptions of %d", e.held.Load(), held, e.index.Len(), filters)
	}
	e.mu.Lock()
	slots, open, settling := e.slots, len(e.open), len(e.settling)
	e.mu.Unlock()
	if slots != 0 || open != 0 || settling != 0 {
		t.Errorf("%d slots, %d open, %d settling", slots, open, settling)
	}
}
