package brokerlocal

import (
	"time"

	"tidings/app"
)

// claim makes c the one connection of a client identifier. An older one is
// closed [MQTT-3.1.4-3], and claim waits until the engine is through with it,
// so that two connections of one client never meet in the engine. When that
// takes longer than a CONNECT may take, c is closed and claim reports false.
func (c *conn) claim(id string) bool {
	r := c.run
	limit := time.NewTimer(r.cfg.ConnectTimeout)
	defer limit.Stop()
	for {
		r.mu.Lock()
		old := r.ids[id]
		if old == nil || old == c {
			r.ids[id], c.id = c, id
			r.mu.Unlock()
			return true
		}
		r.mu.Unlock()
		old.evict(id)
		select {
		case <-old.done:
		case <-r.stop.Done():
			_ = c.Close()
			return false
		case <-limit.C:
			r.cfg.Log.Error("broker: the previous connection of a client does not end", "address", old.peer)
			_ = c.Close()
			return false
		}
	}
}

// evict closes a connection in favour of a newer one of the same client.
func (c *conn) evict(id string) {
	cl := c.client.Load()
	if c.saidGoodbye() || cl == nil {
		_ = c.Close()
		return
	}
	c.run.journal.addf("Client %s already connected, closing old connection.", id)
	c.hurry(time.Now().Add(stopGrace))
	if cl.Version == app.V5 {
		_, _ = c.Write([]byte{typeDisconnect << 4, 1, byte(app.ReasonSessionTakenOver)})
	}
	_ = c.Close()
}

// release gives the client identifier of an ended connection free.
func (r *run) release(c *conn) {
	r.mu.Lock()
	if r.ids[c.id] == c {
		delete(r.ids, c.id)
	}
	r.mu.Unlock()
	close(c.done)
}
