package sessiontest

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"tidings/app"
)

// Proxy is a small proxy on 127.0.0.1, of one kind, that ends with the test.
type Proxy struct {
	Host string
	Port int

	user, password string
	mu             sync.Mutex
	names          map[string]string
	served         []string
}

// StartProxy starts one; without a user everybody may use it.
func StartProxy(t testing.TB, kind app.ProxyKind, user, password string) *Proxy {
	t.Helper()
	p := &Proxy{user: user, password: password, names: make(map[string]string)}
	handle := p.http
	if kind == app.ProxySOCKS5 {
		handle = p.socks
	}
	p.Host, p.Port = Serve(t, func(c net.Conn) { handle(c) })
	return p
}

// Resolve tells the proxy the address of a name. It knows no other names.
func (p *Proxy) Resolve(name, address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names[name] = address
}

// Served returns what clients asked for, "host:port" each.
func (p *Proxy) Served() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.served...)
}

// open connects to what a client asked for.
func (p *Proxy) open(host, port string) (net.Conn, error) {
	p.mu.Lock()
	p.served = append(p.served, net.JoinHostPort(host, port))
	address, known := p.names[host]
	p.mu.Unlock()
	if !known {
		if net.ParseIP(host) == nil {
			return nil, fmt.Errorf("%s is unknown", host)
		}
		address = host
	}
	return net.Dial("tcp", net.JoinHostPort(address, port))
}

// splice passes bytes between both until one side ends.
func splice(r io.Reader, c, b net.Conn) {
	var wg sync.WaitGroup
	for _, way := range []func(){
		func() { _, _ = io.Copy(b, r) },
		func() { _, _ = io.Copy(c, b) },
	} {
		wg.Go(func() {
			way()
			_ = c.Close()
			_ = b.Close()
		})
	}
	wg.Wait()
}

func (p *Proxy) http(c net.Conn) {
	r := bufio.NewReader(c)
	req, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(p.user+":"+p.password))
	if p.user != "" && req.Header.Get("Proxy-Authorization") != want {
		_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
		return
	}
	host, port, err := net.SplitHostPort(req.Host)
	if err != nil || req.Method != http.MethodConnect {
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
		return
	}
	b, err := p.open(host, port)
	if err != nil {
		_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
		return
	}
	_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
	splice(r, c, b)
}

// socks speaks SOCKS5 (RFC 1928), CONNECT alone.
func (p *Proxy) socks(c net.Conn) {
	r := bufio.NewReader(c)
	if !p.greet(c, r) {
		return
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil || head[1] != 1 {
		return
	}
	host := make([]byte, map[byte]int{1: 4, 4: 16}[head[3]])
	if head[3] == 3 {
		n, err := r.ReadByte()
		if err != nil {
			return
		}
		host = make([]byte, n)
	}
	port := make([]byte, 2)
	for _, field := range [][]byte{host, port} {
		if _, err := io.ReadFull(r, field); err != nil {
			return
		}
	}
	name := string(host)
	if head[3] != 3 {
		name = net.IP(host).String()
	}
	b, err := p.open(name, strconv.Itoa(int(binary.BigEndian.Uint16(port))))
	if err != nil {
		_, _ = c.Write([]byte{5, 4, 0, 1, 0, 0, 0, 0, 0, 0}) // host unreachable
		return
	}
	_, _ = c.Write([]byte{5, 0, 0, 1, 127, 0, 0, 1, 0, 80})
	splice(r, c, b)
}

// greet agrees on a method and checks the login (RFC 1929).
func (p *Proxy) greet(c net.Conn, r *bufio.Reader) bool {
	field := func(skip int) string {
		_, _ = r.Discard(skip)
		n, _ := r.ReadByte()
		b := make([]byte, n)
		_, _ = io.ReadFull(r, b)
		return string(b)
	}
	method := byte(0)
	if p.user != "" {
		method = 2
	}
	offered := field(1)
	ok := false
	for _, m := range []byte(offered) {
		ok = ok || m == method
	}
	if !ok {
		_, _ = c.Write([]byte{5, 0xff})
		return false
	}
	_, _ = c.Write([]byte{5, method})
	if method == 0 {
		return true
	}
	user := field(1)
	password := field(0)
	if user != p.user || password != p.password {
		_, _ = c.Write([]byte{1, 1})
		return false
	}
	_, err := c.Write([]byte{1, 0})
	return err == nil
}
