package auth

import (
	"context"

	"github.com/xdg-go/scram"

	"tidings/app"
)

// MethodSCRAM is the authentication method that a Guard with users knows.
const MethodSCRAM = "SCRAM-SHA-256"

// maxSCRAMBytes is the longest message of an exchange; an honest one has a
// user name, a nonce and a few short fields.
const maxSCRAMBytes = 4096

// Begin implements Enhanced with SCRAM-SHA-256 (RFC 7677), without channel
// binding. The user name of the exchange becomes the client's user; that of
// the CONNECT, and its password, do not count.
func (g *Guard) Begin(method string, l Login) Exchange {
	users := g.state.Load().users
	if method != MethodSCRAM || users == nil {
		return nil
	}
	return &exchange{guard: g, users: users, login: l}
}

// exchange is one run of SCRAM-SHA-256: client-first → server-first
// (ReasonContinue) → client-final → server-final (app.ReasonSuccess).
type exchange struct {
	guard        *Guard
	users        *Users
	login        Login
	attempt      attempt
	conversation *scram.ServerConversation // nil before the first Step
	known        bool                      // there is a record to prove
	over         bool
}

// Step implements Exchange.
func (e *exchange) Step(ctx context.Context, data []byte) Step {
	if e.over {
		return Step{Verdict: refuse(app.ReasonProtocolError, "the exchange is over")}
	}
	if e.conversation == nil && !e.start() {
		e.over = true
		return Step{Verdict: tooOften()}
	}
	answer, v := e.step(ctx, data)
	if v.Code == ReasonContinue {
		return Step{Verdict: v, Data: []byte(answer)}
	}
	e.end(v)
	if !v.OK() {
		answer = "" // the library's reason would tell more than the code
	}
	return Step{Verdict: v, Data: []byte(answer)}
}

// start reports whether this address may try.
func (e *exchange) start() (ok bool) {
	if e.attempt, ok = e.guard.attempts.begin(e.login.Address); !ok {
		return false
	}
	server, err := scram.SHA256.NewServer(func(name string) (scram.StoredCredentials, error) {
		c, known := e.users.scramCredentials(name)
		e.known = known
		return c, nil
	})
	if err != nil { // cannot happen: it does nothing but keep its arguments
		e.end(e.refuse("the library has no SCRAM server"))
		return false
	}
	e.conversation = server.NewConversation()
	return true
}

func (e *exchange) step(ctx context.Context, data []byte) (string, Verdict) {
	if ctx.Err() != nil {
		return "", refuse(app.ReasonServerBusy, ctx.Err().Error())
	}
	if len(data) == 0 || len(data) > maxSCRAMBytes {
		return "", e.refuse("a SCRAM message that is empty or too long")
	}
	answer, err := e.conversation.Step(string(data))
	switch {
	case err == nil && !e.conversation.Done():
		return answer, Verdict{Code: ReasonContinue}
	case err != nil && !e.known && e.users.Has(e.conversation.Username()):
		return "", e.refuse("this user has no SCRAM record: the password was imported; set it again")
	case err != nil:
		return "", e.refuse("wrong password, unknown user, or a broken SCRAM message")
	case !e.known || !e.conversation.Valid():
		return "", e.refuse("the proof is not valid")
	}
	return answer, e.proved(e.conversation.Username())
}

// proved judges what is asked for by who proved to know user's password.
func (e *exchange) proved(user string) Verdict {
	if authz := e.conversation.AuthzID(); authz != "" && authz != user {
		return e.refuse("to act as another user is not offered")
	}
	if e.login.Again && user != e.login.Authenticated {
		return e.refuse("a re-authentication as another user")
	}
	return Verdict{Code: app.ReasonSuccess, User: user}
}

// refuse has the code that a CONNACK, or the DISCONNECT of a
// re-authentication, may carry (MQTT 5.0 §3.14.2.1 has no 0x86).
func (e *exchange) refuse(cause string) Verdict {
	if e.login.Again {
		return refuse(app.ReasonNotAuthorized, cause)
	}
	return refuse(app.ReasonBadUserPassword, cause)
}

func (e *exchange) end(v Verdict) {
	e.over = true
	e.guard.finish(e.attempt, v)
}

// Close implements Exchange.
func (e *exchange) Close() {
	if e.over || e.conversation == nil {
		e.over = true
		return
	}
	e.end(e.refuse("given up"))
}
