package listener

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"

	"github.com/gorilla/websocket"

	mqttws "tidings/app/mqtt/websocket"
)

const (
	// maxRequest bounds the HTTP request that asks for the upgrade.
	maxRequest = 16 << 10
	// The read buffer is what an idle connection keeps; write buffers are
	// lent.
	readBuffer, writeBuffer = 1 << 10, 4 << 10
)

var (
	errHandshakePanic = errors.New("listener: panic in the handshake")
	errPath           = errors.New("listener: no such path")
	errSubprotocol    = errors.New("listener: subprotocol is not mqtt")
	errOrigin         = errors.New("listener: origin not allowed")
)

// upgrade turns an HTTP connection into a WebSocket.
func (l *Listener) upgrade(nc net.Conn) (net.Conn, error) {
	limited := &io.LimitedReader{R: nc, N: maxRequest}
	br := bufio.NewReaderSize(limited, readBuffer)
	r, err := http.ReadRequest(br)
	if err != nil {
		return nil, fmt.Errorf("listener: upgrade: %w", err)
	}
	w := &response{nc: nc, br: br, header: http.Header{}}
	if status, err := l.check(r, nc.RemoteAddr()); err != nil {
		w.refuse(status)
		return nil, err
	}
	up := websocket.Upgrader{
		ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer, WriteBufferPool: &l.wsPool,
		Subprotocols: mqttws.Subprotocols(),
		CheckOrigin:  func(*http.Request) bool { return true }, // check has
		Error:        func(_ http.ResponseWriter, _ *http.Request, status int, _ error) { w.refuse(status) },
	}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return nil, fmt.Errorf("listener: upgrade: %w", err)
	}
	ws.SetReadLimit(l.opts.ReadLimit)
	return mqttws.NewConn(ws), nil
}

// check applies our own rules; the protocol's are the library's.
func (l *Listener) check(r *http.Request, from net.Addr) (status int, err error) {
	if l.to.path != "" && r.URL.Path != l.to.path {
		return http.StatusNotFound, errPath
	}
	if origin, ok := foreign(r, l.opts.Origins); !ok {
		l.origins.Add(1)
		l.opts.Log.Warn("listener: web page refused", "origin", origin, "address", from)
		if l.opts.RefusedOrigin != nil {
			l.opts.RefusedOrigin(origin, from)
		}
		return http.StatusForbidden, errOrigin
	}
	wants := websocket.Subprotocols(r)
	if len(wants) > 0 && !slices.ContainsFunc(wants, func(p string) bool { return slices.Contains(mqttws.Subprotocols(), p) }) {
		return http.StatusBadRequest, errSubprotocol
	}
	return 0, nil
}

// response is as much of an http.ResponseWriter as an upgrade needs.
type response struct {
	nc     net.Conn
	br     *bufio.Reader
	header http.Header
}

func (w *response) Header() http.Header         { return w.header }
func (w *response) Write(b []byte) (int, error) { return len(b), nil }
func (w *response) WriteHeader(int)             {}

// Hijack implements http.Hijacker.
func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.nc, bufio.NewReadWriter(w.br, bufio.NewWriterSize(w.nc, readBuffer)), nil
}

// refuse answers with a status and nothing else.
func (w *response) refuse(status int) {
	_, _ = fmt.Fprintf(w.nc, "HTTP/1.1 %d %s\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		status, http.StatusText(status))
}
