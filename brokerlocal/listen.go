package brokerlocal

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"strconv"
	"syscall"

	"tidings/app"
	"tidings/brokerlocal/engine/listener"
)

// open listens as cfg asks: on the wanted port or, when allowed, on the next
// free one. The first listener is the one of cfg.Host.
func open(ctx context.Context, cfg Config, o listener.Options) ([]*listener.Listener, *app.Error) {
	last := cfg.Port
	if cfg.NextFreePort && cfg.Port != 0 {
		last = min(cfg.Port+nextPorts, 65535)
	}
	var first error
	for port := cfg.Port; port <= last; port++ {
		ls, err := openPort(ctx, cfg, port, o)
		if err == nil {
			return ls, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil || !isBusy(err) && !isDenied(err) {
			break
		}
	}
	return nil, openError(cfg, last, first)
}

// openPort listens on cfg.Host. 127.0.0.1 is joined by ::1.
func openPort(ctx context.Context, cfg Config, port int, o listener.Options) ([]*listener.Listener, error) {
	if cfg.Host == DefaultHost {
		return listener.Local(ctx, port, o)
	}
	u := url.URL{Scheme: "tcp", Host: net.JoinHostPort(cfg.Host, strconv.Itoa(port))}
	l, err := listener.Listen(ctx, u.String(), o)
	if err != nil {
		return nil, err
	}
	return []*listener.Listener{l}, nil
}

// openError words why nothing could be opened.
func openError(cfg Config, last int, err error) *app.Error {
	at := net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port))
	var busy *listener.InUseError
	switch {
	case isDenied(err):
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
			What: app.Say("broker.error.port_in_use", "Address", busy.Address, "Port", cfg.Port),
			Do:   app.Say("broker.error.port_in_use_do"), Cause: err,
		}
	}
	return &app.Error{
		What: app.Say("broker.error.listen", "Address", at),
		Do:   app.Say("broker.error.listen_do"), Cause: err,
	}
}

// wsaEACCES is Windows's number for a port that another program has for
// itself.
const wsaEACCES = syscall.Errno(10013)

func isBusy(err error) bool {
	var busy *listener.InUseError
	return errors.As(err, &busy)
}

func isDenied(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, wsaEACCES)
}
