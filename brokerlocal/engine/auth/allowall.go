package auth

import (
	"context"
	"strings"

	"tidings/app"
)

// AllowAll lets everybody in, as whoever they say they are, to everything
// but writing $SYS. It knows no authentication method.
type AllowAll struct{}

var (
	_ Authenticator = AllowAll{}
	_ Enhanced      = AllowAll{}
	_ Authorizer    = AllowAll{}
)

// Login lets everybody in.
func (AllowAll) Login(_ context.Context, l Login) Verdict {
	return Verdict{Code: app.ReasonSuccess, User: l.User}
}

// Begin returns nil: there is no password to prove.
func (AllowAll) Begin(string, Login) Exchange { return nil }

// Write allows all but $SYS.
func (AllowAll) Write(_ *Client, topic string) bool { return !isSys(topic) }

// Read allows all.
func (AllowAll) Read(*Client, string) bool { return true }

// Subscribe allows all.
func (AllowAll) Subscribe(*Client, string) bool { return true }

// Generation is always 0.
func (AllowAll) Generation() uint64 { return 0 }

// isSys reports whether topic belongs to the broker itself.
func isSys(topic string) bool {
	return strings.HasPrefix(topic, "$SYS") && (len(topic) == 4 || topic[4] == '/')
}
