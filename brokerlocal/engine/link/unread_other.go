//go:build !linux

package link

// seesUnread says that unread does what it says.
const seesUnread = false

// unread would know which sockets hold bytes that nobody has read yet.
type unread struct{}

func (*unread) start()            {}
func (*unread) close()            {}
func (*unread) add(*Conn)         {}
func (*unread) remove(*Conn)      {}
func (*unread) watch(*Conn, bool) {}
func (*unread) some(*Conn) bool   { return false }

// watched would be what unread notes in a Conn.
type watched struct{}
