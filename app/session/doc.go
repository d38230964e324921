// Package session is one connection's state machine and the only owner of
// reconnecting: it connects an app.Client, remembers the subscriptions and
// restores them, counts down to the next attempt after a loss, knows which
// refusals make a further attempt senseless, and turns every failure into a
// sentence a person can act on (failure.go).
//
// One goroutine per Connect call, the run, owns the client's link from the
// first attempt to the end that somebody asked for. Commands end a run with a
// cause and wait for it; a new run waits for the one before. The lock guards
// plain values only and is never held over a call into a client.
package session
