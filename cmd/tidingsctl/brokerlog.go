package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// openLog returns the broker's log: lines on standard error, or in a file for
// its owner's eyes alone, to which it adds.
func (o *brokerOptions) openLog(w io.Writer) (log *slog.Logger, done func(), err error) {
	done = func() {}
	if o.logFile != "" {
		f, err := os.OpenFile(o.logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // the path comes from the person at the program
		if err != nil {
			return nil, nil, fmt.Errorf("--log-file: %w", err)
		}
		_ = f.Chmod(0o600) // one that was there already
		w, done = f, func() { _ = f.Close() }
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.Level(o.logLevel)})), done, nil
}
