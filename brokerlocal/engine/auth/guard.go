package auth

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"

	"tidings/app"
)

// Config says whom a Guard lets in.
type Config struct {
	// Users are who may log in; nil when no users are configured: then a user
	// name is a mere claim, and Anonymous decides about all.
	Users *Users
	// Rules are what they may do; nil when there is no ACL file: everything.
	Rules *Rules
	// Anonymous lets clients in that name no user.
	Anonymous bool
	// Certificates takes the name in a verified TLS client certificate for
	// the user, without a password (mosquitto: use_identity_as_username).
	Certificates bool
	// Workers is how many passwords are hashed at once, 0 for half of the
	// processors; Queue how many logins may wait for that, 0 for 128.
	Workers, Queue int
}

// Guard is the Authenticator, Enhanced and Authorizer of a broker with users
// or rules. It is safe for concurrent use and starts no goroutine.
type Guard struct {
	anonymous    bool
	certificates bool
	state        atomic.Pointer[state]
	reload       sync.Mutex // one Set after the other
	turns        *turns
	attempts     attempts
	failed       atomic.Uint64
}

// state changes as a whole.
type state struct {
	users      *Users
	rules      *Rules
	generation uint64
}

var (
	_ Authenticator = (*Guard)(nil)
	_ Enhanced      = (*Guard)(nil)
	_ Authorizer    = (*Guard)(nil)
)

// New returns a Guard.
func New(c Config) *Guard {
	if c.Workers <= 0 {
		c.Workers = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if c.Queue <= 0 {
		c.Queue = 128
	}
	g := &Guard{anonymous: c.Anonymous, certificates: c.Certificates, turns: newTurns(c.Workers, c.Queue)}
	g.state.Store(&state{users: c.Users, rules: c.Rules, generation: 1})
	return g
}

// Set puts other users and rules in the place of those in force, both at
// once, and raises the generation. Clients stay connected until the engine is asked
// to expel whom Known denies.
func (g *Guard) Set(users *Users, rules *Rules) {
	g.reload.Lock()
	defer g.reload.Unlock()
	g.state.Store(&state{users: users, rules: rules, generation: g.state.Load().generation + 1})
}

// Reload reads a password file and an ACL file ("" for none) and puts them in
// force. When one of them cannot be read or understood, nothing changes and
// the error says why; a missing file is an error too.
func (g *Guard) Reload(usersPath, rulesPath string) error {
	users, rules, err := Load(usersPath, rulesPath)
	if err != nil {
		return err
	}
	g.Set(users, rules)
	return nil
}

// Load reads a password file and an ACL file; "" stands for none and gives
// nil. The error is a *FileError, or tells that a file cannot be read.
func Load(usersPath, rulesPath string) (users *Users, rules *Rules, err error) {
	if usersPath != "" {
		if users, err = LoadUsers(usersPath); err != nil {
			return nil, nil, readError("password file", err)
		}
	}
	if rulesPath != "" {
		if rules, err = LoadRules(rulesPath); err != nil {
			return nil, nil, readError("ACL file", err)
		}
	}
	return users, rules, nil
}

// readError makes a *FileError of whatever kept a file from being read.
func readError(what string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return &FileError{File: path.Path, Reason: "cannot read the " + what + ": " + path.Err.Error(), Err: err}
	}
	return err
}

// Stats counts refusals since the start.
type Stats struct {
	Failed  uint64 // wrong password, unknown user, broken exchange
	Limited uint64 // refused unseen: too many failures from that address
	Busy    uint64 // refused unseen: too many logins at once, or the time was over
}

// Stats returns the counts so far.
func (g *Guard) Stats() Stats {
	return Stats{Failed: g.failed.Load(), Limited: g.attempts.refused(), Busy: g.turns.busy.Load()}
}

// Known reports whether a client that came in as user could still do so by
// name; it is what the engine's Expel asks. It knows nothing of users by
// certificate.
func (g *Guard) Known(user string) bool {
	if user == "" {
		return g.anonymous
	}
	users := g.state.Load().users
	return users == nil && g.anonymous || users != nil && users.Has(user)
}

// Write implements Authorizer.
func (g *Guard) Write(c *Client, topic string) bool { return g.state.Load().rules.Write(c, topic) }

// Read implements Authorizer.
func (g *Guard) Read(c *Client, topic string) bool { return g.state.Load().rules.Read(c, topic) }

// Subscribe implements Authorizer.
func (g *Guard) Subscribe(c *Client, filter string) bool {
	return g.state.Load().rules.Subscribe(c, filter)
}

// Generation implements Authorizer.
func (g *Guard) Generation() uint64 { return g.state.Load().generation }

// Login implements Authenticator.
func (g *Guard) Login(ctx context.Context, l Login) Verdict {
	users := g.state.Load().users
	switch {
	case g.certificates && l.Certificate != "":
		return Verdict{Code: app.ReasonSuccess, User: l.Certificate}
	case users == nil && !g.anonymous:
		return refuse(app.ReasonNotAuthorized, "no users are configured, and anonymous clients are not allowed")
	case users == nil:
		return Verdict{Code: app.ReasonSuccess, User: l.User}
	case l.User == "" && !l.HasPassword && g.anonymous:
		return Verdict{Code: app.ReasonSuccess}
	case l.User == "" && !l.HasPassword:
		return refuse(app.ReasonNotAuthorized, "anonymous clients are not allowed")
	}
	attempt, ok := g.attempts.begin(l.Address)
	if !ok {
		return tooOften()
	}
	v := g.password(ctx, users, l)
	g.finish(attempt, v)
	return v
}

// password judges a user name with a password.
func (g *Guard) password(ctx context.Context, users *Users, l Login) Verdict {
	if !l.HasPassword {
		return refuse(app.ReasonBadUserPassword, "a user name without a password")
	}
	right := false
	if err := g.turns.run(ctx, func() { right = users.verify(l.User, l.Password) }); err != nil {
		return refuse(app.ReasonServerBusy, err.Error())
	}
	switch {
	case right:
		return Verdict{Code: app.ReasonSuccess, User: l.User}
	case !users.Has(l.User):
		return refuse(app.ReasonBadUserPassword, "unknown user")
	}
	return refuse(app.ReasonBadUserPassword, "wrong password")
}

// finish ends an attempt. Not to have had a turn is no failure of the peer.
func (g *Guard) finish(t attempt, v Verdict) {
	failed := !v.OK() && v.Code != app.ReasonServerBusy
	if failed {
		g.failed.Add(1)
	}
	g.attempts.end(t, failed)
}

func refuse(code app.ReasonCode, cause string) Verdict { return Verdict{Code: code, Cause: cause} }

func tooOften() Verdict {
	return refuse(ReasonTooOften, "too many failed attempts from this address")
}
