package engine

import "tidings/app"

// Expel cuts the connections of the users that known denies, now and whenever
// one comes in by a login that began before. An MQTT 5 client is told 0x87
// (MQTT 5.0 §3.14.2.1); wills go out and sessions stay, as after any loss.
// Call it when users were taken away: it returns how many had to go. Users
// by certificate stay. known must be safe for concurrent use and ask nothing
// of the engine. Expel is safe for concurrent use.
func (e *Engine) Expel(known func(user string) bool) int {
	e.known.Store(&known) // before the look at who is here: who comes later looks himself
	gone := 0
	for _, cl := range e.registry.all() {
		if c := cl.conn.Load(); c != nil && e.expelled(c) {
			gone++
		}
	}
	return gone
}

// expelled cuts a connection whose user is not known any more.
func (e *Engine) expelled(c *connection) bool {
	known := e.known.Load()
	if known == nil {
		return false
	}
	user := c.identity.Load().User
	if c.certificate != "" && c.certificate == user || (*known)(user) {
		return false
	}
	c.dismiss(&ending{reason: app.ReasonNotAuthorized, why: "the user is not known any more"})
	return true
}
