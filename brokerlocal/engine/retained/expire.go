package retained

import (
	"time"

	"tidings/brokerlocal/engine/message"
)

// Expire removes the messages that are due at now and returns them. It costs
// what is due, not what is there, and lets others at the index between
// batches.
func (x *Index) Expire(now time.Time) []*message.Message {
	var gone []*message.Message
	for x.expireSome(now.UnixNano(), &gone) {
	}
	return gone
}

// expireSome removes a batch and reports whether more may be due.
func (x *Index) expireSome(now int64, gone *[]*message.Message) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for range 256 {
		if len(x.due) == 0 || x.due[0].expires() > now {
			return false
		}
		*gone = append(*gone, x.remove(x.due[0].topic()))
	}
	return true
}

// NextExpiry returns when the next message is due, false if none ever is.
func (x *Index) NextExpiry() (time.Time, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if len(x.due) == 0 {
		return time.Time{}, false
	}
	return time.Unix(0, x.due[0].expires()), true
}
