package link

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"tidings/app"
)

const (
	// keepAlive is the time between probes of an idle TCP connection. The
	// pings of MQTT do the same later and better; these are for a Keep Alive
	// of 0.
	keepAlive = 30 * time.Second
	// headStart is how long the better address family may try alone
	// (RFC 8305 §8 recommends 250 ms).
	headStart = 250 * time.Millisecond
)

// Lookup finds the addresses of a name, best first; network is "ip", "ip4" or
// "ip6". (*net.Resolver).LookupNetIP is one.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// prefer puts the addresses of a family first; the order is the same otherwise.
func prefer(f app.Family, addrs []netip.Addr) {
	if f == app.FamilyAny {
		return
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int {
		switch four := f == app.Family4; {
		case a.Is4() == b.Is4():
			return 0
		case a.Is4() == four:
			return -1
		}
		return 1
	})
}

// tcp connects to a host: to each of its addresses in turn until one answers.
func (d Dialer) tcp(ctx context.Context, host string, port int, f app.Family) (net.Conn, error) {
	addrs, err := d.Resolve(ctx, host, f)
	if err != nil {
		return nil, err
	}
	// The first address says which family is liked best.
	var first, second []netip.Addr
	for _, a := range addrs {
		if a.Is4() == addrs[0].Is4() {
			first = append(first, a)
		} else {
			second = append(second, a)
		}
	}
	if len(second) == 0 {
		return d.inTurn(ctx, first, port)
	}
	return d.race(ctx, first, second, port)
}

// Resolve looks a host up and returns its addresses, those of the preferred
// family first; an address stands for itself. The error is an *Error of
// StageResolve.
func (d Dialer) Resolve(ctx context.Context, host string, f app.Family) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	lookup := d.Lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	end := d.step(StageResolve, host)
	found, err := lookup(ctx, "ip", host)
	addrs, names := make([]netip.Addr, len(found)), make([]string, len(found))
	for i, a := range found {
		addrs[i] = a.Unmap()
	}
	prefer(f, addrs)
	for i, a := range addrs {
		names[i] = a.String()
	}
	switch {
	case err != nil && ctx.Err() != nil:
		err = context.Cause(ctx)
	case err == nil && len(addrs) == 0:
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return addrs, end(Step{Err: err, Addresses: names})
}

// inTurn connects to the first address that answers. Each has its share of
// the time left, so that one which swallows packets leaves some to the rest.
func (d Dialer) inTurn(ctx context.Context, addrs []netip.Addr, port int) (c net.Conn, err error) {
	for i, a := range addrs {
		one, cancel := ctx, context.CancelFunc(func() {})
		if at, ok := ctx.Deadline(); ok && i < len(addrs)-1 {
			one, cancel = context.WithTimeout(ctx, max(time.Until(at)/time.Duration(len(addrs)-i), time.Second))
		}
		c, err = d.Reach(one, a, port)
		cancel()
		if err == nil || ctx.Err() != nil {
			return c, err
		}
	}
	return nil, err
}

// race tries both families (RFC 8305): the second begins when the first has
// failed or headStart has passed; the one that connects first wins.
func (d Dialer) race(ctx context.Context, first, second []netip.Addr, port int) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		c   net.Conn
		err error
	}
	results := make(chan result, 2)
	try := func(addrs []netip.Addr) {
		c, err := d.inTurn(ctx, addrs, port)
		results <- result{c, err}
	}
	go try(first) // both are waited for below
	begin := time.NewTimer(cmp.Or(d.headStart, headStart))
	defer begin.Stop()
	running, begun := 1, false
	var won net.Conn
	var failed error
	for running > 0 {
		select {
		case <-begin.C:
		case r := <-results:
			running--
			switch {
			case r.err == nil && won == nil:
				won = r.c
				cancel()
			case r.err == nil:
				_ = r.c.Close()
			case failed == nil:
				failed = r.err // of the better family
			}
		}
		if !begun && won == nil && ctx.Err() == nil {
			begun = true
			running++
			go try(second)
		}
	}
	if won != nil {
		return won, nil
	}
	return nil, failed
}

// Reach connects to one address, and no further. The error is an *Error of
// StageTCP.
func (d Dialer) Reach(ctx context.Context, a netip.Addr, port int) (net.Conn, error) {
	return d.dial(ctx, "tcp", net.JoinHostPort(a.String(), strconv.Itoa(port)))
}

// unix connects to a socket of this machine.
func (d Dialer) unix(ctx context.Context, path string) (net.Conn, error) {
	return d.dial(ctx, "unix", path)
}

func (d Dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	end := d.step(StageTCP, address)
	dialer := net.Dialer{KeepAlive: keepAlive} // TCP_NODELAY is Go's default
	c, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		if cause := context.Cause(ctx); cause == context.Canceled { //nolint:errorlint // a wrapped one is somebody's reason
			err = cause
		}
		return nil, end(Step{Err: err})
	}
	return c, end(Step{Local: c.LocalAddr().String()})
}
