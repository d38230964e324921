package sessiontest

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// proxy stands between a client and the broker, passes whole packets, and
// stops where a case wants the link to break.
type proxy struct {
	port   int
	target string

	mu      sync.Mutex
	up      bool // packets to the broker pass
	answers int  // packets to the client that still pass; negative: all
	links   map[net.Conn]struct{}
	blocked chan struct{} // closed when a packet did not pass
}

func startProxy(e *env) *proxy {
	e.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		e.Fatal(err)
	}
	p := &proxy{
		port: l.Addr().(*net.TCPAddr).Port, target: net.JoinHostPort(e.broker.Host, strconv.Itoa(e.broker.Port)),
		links: make(map[net.Conn]struct{}),
	}
	p.open()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", p.target)
			if err != nil {
				_ = c.Close()
				continue
			}
			p.mu.Lock()
			p.links[c], p.links[b] = struct{}{}, struct{}{}
			p.mu.Unlock()
			wg.Go(func() { p.pump(b, c, p.mayUp) })
			wg.Go(func() { p.pump(c, b, p.mayDown) })
		}
	})
	e.Cleanup(func() {
		_ = l.Close()
		p.cut()
		wg.Wait()
	})
	return p
}

// pump passes packets until the link ends or one may not pass; then it only
// reads on.
func (p *proxy) pump(to, from net.Conn, may func() bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	r := bufio.NewReader(from)
	for {
		packet, err := readPacket(r)
		if err != nil {
			return
		}
		if !may() {
			_, _ = io.Copy(io.Discard, r)
			return
		}
		if _, err := to.Write(packet); err != nil {
			return
		}
	}
}

// readPacket reads one packet of any version.
func readPacket(r *bufio.Reader) ([]byte, error) {
	first, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	packet := []byte{first}
	size := 0
	for shift := 0; ; shift += 7 {
		b, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		packet = append(packet, b)
		size |= int(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	body := make([]byte, size)
	_, err = io.ReadFull(r, body)
	return append(packet, body...), err
}

func (p *proxy) mayUp() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.up || p.block()
}

func (p *proxy) mayDown() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.answers < 0:
		return true
	case p.answers == 0:
		return p.block()
	}
	p.answers--
	return true
}

// block notes that a packet was held, and returns false. mu is held.
func (p *proxy) block() bool {
	select {
	case <-p.blocked:
	default:
		close(p.blocked)
	}
	return false
}

// open lets everything pass.
func (p *proxy) open() { p.set(true, -1) }

// restrict says what passes from now on.
func (p *proxy) restrict(up bool, answers int) { p.set(up, answers) }

func (p *proxy) set(up bool, answers int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up, p.answers, p.blocked = up, answers, make(chan struct{})
}

// waitBlocked waits until a packet was held.
func (p *proxy) waitBlocked(e *env) {
	e.Helper()
	p.mu.Lock()
	ch := p.blocked
	p.mu.Unlock()
	select {
	case <-ch:
	case <-time.After(patience):
		e.Fatal("no packet was held")
	}
}

// cut breaks every link.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.links {
		_ = c.Close()
	}
	clear(p.links)
}
