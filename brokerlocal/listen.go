package brokerlocal

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"tidings/app"
)

// probeTimeout bounds the look for another program on a port.
const probeTimeout = 300 * time.Millisecond

// anyPortTries bounds the search for one port that is free on both families.
const anyPortTries = 10

// busyError says which address of a port is taken.
type busyError struct {
	address string
	cause   error // nil when another program answered there
}

func (e *busyError) Error() string {
	if e.cause != nil {
		return e.cause.Error()
	}
	return "another program answers on " + e.address
}

func (e *busyError) Unwrap() error { return e.cause }

// open listens as cfg asks: on the wanted port or, when allowed, on the next
// free one. The first listener is the one of cfg.Host.
func open(ctx context.Context, cfg Config) ([]net.Listener, *app.Error) {
	last := cfg.Port
	if cfg.NextFreePort && cfg.Port != 0 {
		last = min(cfg.Port+nextPorts, 65535)
	}
	var first error
	for port := cfg.Port; port <= last; port++ {
		ls, err := openPort(ctx, cfg, port)
		if err == nil {
			return ls, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil || (!isBusy(err) && !errors.Is(err, fs.ErrPermission)) {
			break
		}
	}
	return nil, openError(cfg, last, first)
}

// openError words why nothing could be opened.
func openError(cfg Config, last int, err error) *app.Error {
	at := net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port))
	var busy *busyError
	switch {
	case errors.Is(err, fs.ErrPermission):
		return &app.Error{
			What: app.Say("broker.error.port_denied", "Address", at),
			Do:   app.Say("broker.error.port_denied_do"), Cause: err,
		}
	case errors.As(err, &busy) && last > cfg.Port:
		return &app.Error{
			What: app.Say("broker.error.no_free_port", "From", cfg.Port, "To", last),
			Do:   app.Say("broker.error.port_in_use_do"), Cause: err,
		}
	case errors.As(err, &busy):
		return &app.Error{
			What: app.Say("broker.error.port_in_use", "Address", busy.address, "Port", cfg.Port),
			Do:   app.Say("broker.error.port_in_use_do"), Cause: err,
		}
	}
	return &app.Error{
		What: app.Say("broker.error.listen", "Address", at),
		Do:   app.Say("broker.error.listen_do"), Cause: err,
	}
}

// openPort listens on cfg.Host and, beside an IPv4 one, on ::1.
func openPort(ctx context.Context, cfg Config, port int) ([]net.Listener, error) {
	hosts := []string{cfg.Host}
	if addr, err := netip.ParseAddr(cfg.Host); err == nil && addr.Is4() {
		hosts = append(hosts, "::1")
	}
	if port != 0 {
		if err := probe(ctx, hosts, port); err != nil {
			return nil, err
		}
		return listenAll(ctx, cfg, hosts, port)
	}
	var err error
	for range anyPortTries {
		var ls []net.Listener
		ls, err = listenAll(ctx, cfg, hosts, 0)
		if err == nil || !isBusy(err) {
			return ls, err
		}
	}
	return nil, err
}

// probe dials the port on every host: some systems let two programs bind the
// same port, so a successful bind alone proves nothing.
func probe(ctx context.Context, hosts []string, port int) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	for _, host := range hosts {
		address := net.JoinHostPort(host, strconv.Itoa(port))
		c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil {
			continue
		}
		// A dial to a free port of the ephemeral range may meet itself.
		itself := c.LocalAddr().String() == c.RemoteAddr().String()
		_ = c.Close()
		if !itself {
			return &busyError{address: address}
		}
	}
	return nil
}

// listenAll listens on one port of every host. A family that the system does
// not have costs a warning, unless it is the one that was asked for.
func listenAll(ctx context.Context, cfg Config, hosts []string, port int) ([]net.Listener, error) {
	var ls []net.Listener
	for i, host := range hosts {
		address := net.JoinHostPort(host, strconv.Itoa(port))
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		switch {
		case err == nil:
			ls = append(ls, l)
			port = l.Addr().(*net.TCPAddr).Port
		case isBusy(err):
			closeAll(ls)
			return nil, &busyError{address: address, cause: err}
		case i == 0:
			return nil, err
		default:
			cfg.Log.Warn("broker: address not available", "address", address, "error", err)
		}
	}
	return ls, nil
}

func closeAll(ls []net.Listener) {
	for _, l := range ls {
		_ = l.Close()
	}
}

// Windows names its socket errors by numbers of its own.
const (
	wsaEACCES     = syscall.Errno(10013)
	wsaEADDRINUSE = syscall.Errno(10048)
)

func isBusy(err error) bool {
	var busy *busyError
	if errors.As(err, &busy) || errors.Is(err, syscall.EADDRINUSE) {
		return true
	}
	// Windows answers 10013 for a port another program holds exclusively.
	return runtime.GOOS == "windows" && (errors.Is(err, wsaEADDRINUSE) || errors.Is(err, wsaEACCES))
}
