package doctor

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/link"
)

const (
	// maxAddresses bounds the addresses of a name that are tried.
	maxAddresses = 8
	// grace is how long the others may take once one address has answered: an
	// address that nobody answers at should not hold the whole up.
	grace = 2 * time.Second
)

// lookup answers the dialer with the addresses that are known to answer.
type lookup []netip.Addr

func (l lookup) find(context.Context, string, string) ([]netip.Addr, error) { return l, nil }

// target returns whom the first connection goes to: the broker or the proxy.
func (e *examination) target() (host string, port int, proxied bool) {
	if p := e.o.Link.Proxy; p.Kind == app.ProxyHTTP || p.Kind == app.ProxySOCKS5 {
		return p.Host, p.Port, true
	}
	return e.o.Host, e.o.Port, false
}

// reach looks the name up and connects to each of its addresses. It reports
// whether one answered. A Unix socket has neither: open connects to it.
func (e *examination) reach(ctx context.Context) bool {
	if e.o.Link.Transport == app.TransportUnix {
		return true
	}
	host, port, proxied := e.target()
	var addrs []netip.Addr
	found := e.step(ctx, Resolve, host, func(ctx context.Context) finding {
		var err error
		if addrs, err = e.p.Dialer.Resolve(ctx, host, e.o.Link.Family); err != nil {
			return e.unresolved(err, proxied)
		}
		if _, err := netip.ParseAddr(host); err == nil {
			return good("doctor.resolve.address", "Host", host)
		}
		names := make([]string, len(addrs))
		for i, a := range addrs {
			names[i] = a.String()
		}
		return good("doctor.resolve.ok", "Host", host, "Addresses", strings.Join(names[:min(len(names), maxAddresses)], ", "))
	})
	return found && e.tryAll(ctx, addrs[:min(len(addrs), maxAddresses)], port, proxied)
}

func (e *examination) unresolved(err error, proxied bool) finding {
	var at *link.Error
	if errors.As(err, &at) {
		at.Proxy = proxied
	}
	if errors.Is(err, context.DeadlineExceeded) && !proxied {
		e.err = err
		return bad(err, "doctor.resolve.silent", "Host", e.o.Host)
	}
	return e.explain(err)
}

// attempt is the probe of one address.
type attempt struct {
	addr   netip.Addr
	n      int // of its step
	took   time.Duration
	failed error
}

// tryAll connects to every address at once.
func (e *examination) tryAll(ctx context.Context, addrs []netip.Addr, port int, proxied bool) bool {
	limited, cancel := context.WithTimeout(ctx, e.p.Step)
	defer cancel()
	tries := make([]attempt, len(addrs))
	var work sync.WaitGroup
	var once sync.Once
	for i, a := range addrs {
		tries[i] = attempt{addr: a, n: e.began(TCP, net.JoinHostPort(a.String(), strconv.Itoa(port)))}
		work.Go(func() {
			t := &tries[i]
			begin := time.Now()
			c, err := e.p.Dialer.Reach(limited, a, port)
			t.took, t.failed = time.Since(begin), err
			if err == nil {
				_ = c.Close()
				once.Do(func() { time.AfterFunc(grace, cancel) })
				e.ended(t.n, t.took, good("doctor.tcp.ok"))
			}
		})
	}
	work.Wait()
	for _, t := range tries {
		if t.failed == nil {
			e.addrs = append(e.addrs, t.addr)
		}
	}
	for _, t := range tries {
		if t.failed != nil {
			e.ended(t.n, t.took, interrupted(ctx, e.unreached(t, port, proxied)))
		}
	}
	if len(e.addrs) == 0 {
		e.failed = TCP
	}
	return len(e.addrs) > 0 && ctx.Err() == nil
}

// unreached says why an address did not answer: a warning when another did.
func (e *examination) unreached(t attempt, port int, proxied bool) finding {
	o, err := e.o, t.failed
	o.Host, o.Port = t.addr.String(), port
	var at *link.Error
	if errors.As(err, &at) {
		at.Proxy = proxied
		if errors.Is(at.Err, context.Canceled) { // by the one that answered
			at.Err = context.DeadlineExceeded
		}
	}
	f := told(session.Explain(err, o))
	if len(e.addrs) > 0 {
		return f.warn(f.what, app.Say("doctor.tcp.other.do"))
	}
	e.err = err
	return f
}
