//go:build unix

package sysproxy

import (
	"context"
	"os"
	"os/exec"
	"time"
)

// output runs a program and returns what it prints, in English.
func output(ctx context.Context, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // the names are constants
	c.Env = append(os.Environ(), "LC_ALL=C")
	c.WaitDelay = 100 * time.Millisecond // a child of its may hold the pipe
	out, err := c.Output()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return string(out), err
}
