package relay

import (
	"io"
	"net"
	"sync"

	"tidings/app/mqtt/wire"
)

// Server serves one listener. It is safe for concurrent use.
type Server struct {
	ln net.Listener
	wg sync.WaitGroup

	mu     sync.Mutex // held while bytes are copied: subscribers get whole reads
	closed bool
	conns  map[net.Conn]bool // whether it has subscribed
}

// Start serves ln until Close.
func Start(ln net.Listener) *Server {
	s := &Server{ln: ln, conns: map[net.Conn]bool{}}
	s.wg.Go(s.accept)
	return s
}

// Close ends every connection and waits for all of them.
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
			return
		}
		s.mu.Lock()
		if s.closed {
			_ = c.Close()
		} else {
			s.conns[c] = false
			s.wg.Go(func() { s.serve(c) })
		}
		s.mu.Unlock()
	}
}

const maxBuffer = 256 << 10

func (s *Server) serve(c net.Conn) {
	defer func() {
		_ = c.Close()
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	buf := make([]byte, 512) // most connections say little
	for kept := 0; ; {
		n, err := c.Read(buf[kept:])
		if err != nil {
			return
		}
		kept += n
		used, err := s.handle(c, buf[:kept])
		if err != nil || used == 0 && kept == maxBuffer {
			return
		}
		rest := buf[used:kept]
		if kept == len(buf) && kept < maxBuffer {
			buf = make([]byte, maxBuffer)
		}
		kept = copy(buf, rest)
	}
}

// handle answers what asks for an answer, copies every run of PUBLISH packets
// as one, and returns how many bytes it could use.
func (s *Server) handle(c net.Conn, b []byte) (used int, err error) {
	for run := 0; ; {
		h, err := wire.Header(b[used:])
		if err != nil {
			return used, err
		}
		whole := h.Length > 0 && h.Size() <= len(b)-used
		if whole && h.Type == wire.PUBLISH {
			used += h.Size()
			continue
		}
		s.copyToAll(b[run:used])
		if !whole {
			return used, nil
		}
		if err := s.answer(c, h.Type, b[used+h.Length:used+h.Size()]); err != nil {
			return used, err
		}
		used += h.Size()
		run = used
	}
}

func (s *Server) answer(c net.Conn, t wire.Type, body []byte) error {
	var answer []byte
	switch t {
	case wire.CONNECT:
		answer = []byte{0x20, 2, 0, 0}
	case wire.SUBSCRIBE:
		if len(body) < 2 {
			return io.ErrUnexpectedEOF
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		answer = []byte{0x90, 3, body[0], body[1], 0}
	case wire.PINGREQ:
		answer = []byte{0xD0, 0}
	case wire.DISCONNECT:
		return io.EOF
	}
	_, err := c.Write(answer)
	return err
}

// copyToAll writes b to every subscriber. One that cannot be written to is
// found out by its own reader.
func (s *Server) copyToAll(b []byte) {
	if len(b) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c, subscribed := range s.conns {
		if subscribed {
			_, _ = c.Write(b)
		}
	}
}
