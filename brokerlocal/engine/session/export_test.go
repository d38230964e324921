package session

// SkipTo makes seq the number after which a new session goes on.
func (s *Session) SkipTo(seq uint64) { s.last, s.sent = seq, seq }

// Blocks returns how many blocks the queue holds.
func (s *Session) Blocks() int { return len(s.queue.blocks) - s.queue.head }

// Kept returns how many blocks the queue has room for.
func (s *Session) Kept() int { return cap(s.queue.blocks) }
