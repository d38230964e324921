package sysproxy

import "context"

// read asks the tool of macOS, which needs no C.
func read(ctx context.Context) (settings, error) {
	out, err := output(ctx, "/usr/sbin/scutil", "--proxy")
	if err != nil {
		return settings{source: macOS}, err
	}
	return fromScutil(out), nil
}
