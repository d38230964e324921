package listener

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"tidings/app/neterr"
)

// probeTimeout bounds the look for another program on a port.
const probeTimeout = 300 * time.Millisecond

// anyPortTries bounds the search for one port that is free on both families.
const anyPortTries = 10

// Local listens on the two loopback addresses, 127.0.0.1 and ::1, at one
// port: what a broker does by default. Port 0 is any. A system without IPv6
// costs a warning in the log.
func Local(ctx context.Context, port int, o Options) ([]*Listener, error) {
	var err error
	for range anyPortTries {
		var ls []*Listener
		ls, err = local(ctx, port, o)
		var busy *InUseError
		if err == nil || port != 0 || !errors.As(err, &busy) {
			return ls, err
		}
	}
	return nil, err
}

func local(ctx context.Context, port int, o Options) ([]*Listener, error) {
	v4, err := Listen(ctx, "tcp://127.0.0.1:"+strconv.Itoa(port), o)
	if err != nil {
		return nil, err
	}
	_, got, _ := net.SplitHostPort(v4.Addr().String())
	v6, err := Listen(ctx, "tcp://[::1]:"+got, o)
	var busy *InUseError
	switch {
	case err == nil:
		return []*Listener{v4, v6}, nil
	case errors.As(err, &busy):
		_ = v4.Close()
		return nil, err
	}
	v4.opts.Log.Warn("listener: no IPv6 on this machine", "address", "::1", "error", err)
	return []*Listener{v4}, nil
}

func listenTCP(ctx context.Context, address string) (net.Listener, error) {
	if err := probe(ctx, address); err != nil {
		return nil, err
	}
	l, err := listenConfig().Listen(ctx, "tcp", address)
	switch {
	case err == nil:
		return l, nil
	case neterr.InUse(err):
		return nil, &InUseError{Address: address, Cause: err}
	}
	return nil, fmt.Errorf("listener: %w", err)
}

// probe dials the port: some systems let two programs bind the same one, so a
// successful bind alone proves nothing. It looks on this machine only.
func probe(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "0" {
		return err
	}
	if a, err := netip.ParseAddr(host); host == "" || err == nil && a.IsUnspecified() {
		address = net.JoinHostPort("localhost", port)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil //nolint:nilerr // nobody answers, which is what we want
	}
	defer func() { _ = c.Close() }()
	// A dial to a free port of the ephemeral range may meet itself.
	if c.LocalAddr().String() == c.RemoteAddr().String() {
		return nil
	}
	return &InUseError{Address: address}
}
