package engine

// Sessions that outlive their connection, and wills, take room though nobody
// is connected, so they have a budget of their own: an eighth of what messages
// may take. Messages that fill theirs keep no client from coming back, and
// sessions beyond theirs are refused at CONNECT, where somebody is told. None
// is ended before its time for the sake of another: it would have lost its
// subscriptions and messages unseen.

const (
	upkeepShare  = 8       // the budget is that part of Limits.TotalBytes
	sessionBytes = 1 << 10 // what an empty session takes, about, without its identifier
)

// upkeep returns the bytes that a client takes beside its messages and filters
// once it is away. The caller holds mu.
func (cl *client) upkeep() (n int64) {
	if cl.gone {
		return 0
	}
	if cl.expiry > 0 {
		n = sessionBytes + int64(len(cl.id))
	}
	if cl.will != nil {
		n += int64(cl.will.message.Size())
	}
	return n
}

// settleUp gives back what the client takes no more of the budget for sessions
// and wills, or takes what it takes now, whatever the bound: it was granted
// before. The caller holds mu.
func (cl *client) settleUp() {
	n := cl.upkeep()
	cl.engine.upkeep.Give(cl.paid - n)
	cl.paid = n
}

// afford takes what the client takes more of the budget than before. If that
// is too much, the error says so, and nothing is taken.
func (cl *client) afford() error {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if more := cl.upkeep() - cl.paid; more > 0 {
		if !cl.engine.upkeep.Take(more) {
			cl.engine.log.warn("Client %s refused: there is no room for its session and will.", cl.id)
			return endingf(reasonQuota, "the broker keeps no more sessions and wills")
		}
		cl.paid += more
	}
	cl.settleUp()
	return nil
}
