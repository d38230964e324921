package firehose

import (
	"bufio"
	"net"
	"sync"
	"time"
)

// Config says what each subscriber gets.
type Config struct {
	Topics   int // different topic names, at least 1; used in turn
	Payload  int // bytes per message
	Messages int // per subscriber; after the last the server is silent
	Rate     int // messages a second; 0 is as fast as the client reads
	// Close closes the link after the last message instead.
	Close bool
}

// Server serves on a free port of the loopback. It is safe for concurrent use.
type Server struct {
	c  Config
	ln net.Listener
	wg sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
}

// Start begins to serve. The caller ends it with Close.
func Start(c Config) (*Server, error) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{c: c, ln: ln, conns: map[net.Conn]struct{}{}}
	s.wg.Go(s.accept)
	return s, nil
}

// Port returns the TCP port on 127.0.0.1.
func (s *Server) Port() int { return s.ln.Addr().(*net.TCPAddr).Port }

// Close ends every link and waits for all of them.
func (s *Server) Close() error {
	err := s.ln.Close()
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	return err
}

func (s *Server) accept() {
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return // closed
		}
		s.mu.Lock()
		if s.closed {
			_ = c.Close()
		} else {
			s.conns[c] = struct{}{}
			s.wg.Go(func() { s.serve(c) })
		}
		s.mu.Unlock()
	}
}

// serve talks to one client until it or the server ends the link.
func (s *Server) serve(c net.Conn) {
	var blast sync.WaitGroup
	w := &locked{c: c, gone: make(chan struct{})}
	defer func() {
		_ = c.Close()
		close(w.gone)
		blast.Wait()
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	r := bufio.NewReader(c)
	var version byte
	var once sync.Once
	for {
		p, err := readPacket(r)
		if err != nil {
			return
		}
		var answer []byte
		switch p.kind {
		case connect:
			if version, err = level(p.body); err == nil {
				answer = connAck(version)
			}
		case subscribe:
			answer, err = subAck(version, p.body)
		case pingReq:
			answer = []byte{0xD0, 0}
		case disconnect:
			return
		}
		if err != nil {
			return
		}
		if len(answer) > 0 && w.write(answer) != nil {
			return
		}
		if p.kind == subscribe {
			once.Do(func() { blast.Go(func() { s.blast(w, version) }) })
		}
	}
}

// blast sends the messages.
func (s *Server) blast(w *locked, version byte) {
	wire, ends := block(version, max(s.c.Topics, 1), s.c.Payload)
	send := s.flood
	if s.c.Rate > 0 {
		send = s.pace
	}
	if send(w, wire, ends) && s.c.Close {
		_ = w.c.Close()
	}
}

// flood sends as fast as the client reads; false: it went away.
func (s *Server) flood(w *locked, wire []byte, ends []int) bool {
	for left := s.c.Messages; left > 0; left -= len(ends) {
		part := wire
		if left < len(ends) {
			part = wire[:ends[left-1]]
		}
		if w.write(part) != nil {
			return false
		}
	}
	return true
}

// paceStep is how often a paced firehose writes.
const paceStep = 10 * time.Millisecond

// pace sends evenly; false: the client went away. One that reads too slowly
// gets what it missed as soon as it can.
func (s *Server) pace(w *locked, wire []byte, ends []int) bool {
	tick := time.NewTicker(paceStep)
	defer tick.Stop()
	began, sent, at := time.Now(), 0, 0 // at is the next message of the block
	for sent < s.c.Messages {
		due := min(int(time.Since(began).Seconds()*float64(s.c.Rate)), s.c.Messages)
		for sent < due {
			n := min(due-sent, len(ends)-at)
			from := 0
			if at > 0 {
				from = ends[at-1]
			}
			if w.write(wire[from:ends[at+n-1]]) != nil {
				return false
			}
			sent += n
			at = (at + n) % len(ends)
		}
		select {
		case <-tick.C:
		case <-w.gone:
			return false
		}
	}
	return true
}

// locked keeps packets of two goroutines apart.
type locked struct {
	mu   sync.Mutex
	c    net.Conn
	gone chan struct{} // closed when the client went away
}

func (l *locked) write(b []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.c.Write(b)
	return err
}
