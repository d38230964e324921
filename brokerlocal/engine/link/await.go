package link

// Await waits until at most over bytes are pending, however long the peer takes
// for that, or until the link is down. It is for the goroutine of Serve, in
// EndOfBatch: who does not read what it is answered is not read from either.
func (c *Conn) Await(over int) {
	for {
		c.Kick()
		wait := c.awaiting(over)
		if wait == nil {
			return
		}
		<-wait
	}
}

// awaiting returns what is closed at the next progress; nil when there is
// nothing to wait for.
func (c *Conn) awaiting(over int) <-chan struct{} {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bytes.Load() <= int64(over) || o.down.Load() {
		return nil
	}
	if o.progress == nil {
		o.progress = make(chan struct{})
	}
	return o.progress
}
