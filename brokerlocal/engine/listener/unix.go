package listener

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"tidings/app/neterr"
)

// listenUnix listens on a socket file. One that a program left behind is
// removed, when nobody answers on it; any other file stays.
func listenUnix(ctx context.Context, path string, mode fs.FileMode) (net.Listener, error) {
	if err := removeStale(ctx, path); err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err != nil {
		if neterr.InUse(err) {
			return nil, &InUseError{Address: path, Cause: err}
		}
		return nil, fmt.Errorf("listener: %w", err)
	}
	if err := os.Chmod(path, mode); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("listener: %w", err)
	}
	return l, nil
}

// removeStale removes a stale socket.
func removeStale(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("listener: %w", err)
	case info.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("listener: %s: %w", path, errNotSocket)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "unix", path)
	switch {
	case err == nil:
		_ = c.Close()
		return &InUseError{Address: path}
	case !errors.Is(err, syscall.ECONNREFUSED):
		return &InUseError{Address: path, Cause: err}
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("listener: %w", err)
	}
	return nil
}

var errNotSocket = errors.New("there is a file that is no socket")
