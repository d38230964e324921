package engine

import (
	"errors"
	"io"

	"tidings/app"
	"tidings/brokerlocal/engine/link"
)

// finish ends a connection that was served: its client is told why, loses it,
// and its will goes out unless it took its leave.
func (e *Engine) finish(c *connection, err error) {
	var panicked *link.PanicError
	if errors.As(err, &panicked) {
		e.count.faults.Add(1)
		e.log.error("Client %s: %s\n%s", c.name(), panicked.Error(), stack(panicked.Stack))
		err = faulty()
	}
	c.tell()
	last := lastReason(err)
	if last != nil && c.client != nil && !errors.Is(err, errTaken) {
		e.count.refused.Add(1)
	}
	if last == nil && !errors.Is(err, errRefused) {
		e.vacate(c) // who is cut keeps its slot while it reads why
	}
	e.logEnd(c, err, last)
	if c.client != nil {
		e.depart(c) // before its peer can see the end: who has seen it finds the client gone
	}
	_, waiting := c.link.Pending()
	switch { // without either, Wait closes, or lets somebody else's last words be read
	case last != nil:
		c.link.CloseAfterFlush(c.farewell(last), lastWords)
	case errors.Is(err, errRefused), waiting > 0 && (errors.Is(err, errDone) || errors.Is(err, errLeft)):
		c.link.CloseAfterFlush(nil, lastWords)
	}
}

// lastReason returns what an MQTT 5 client is told about the end; nil when
// there is nothing to tell, or nobody to hear it.
func lastReason(err error) *ending {
	if errors.Is(err, errRefused) {
		return nil
	}
	if errors.Is(err, link.ErrKeepAlive) {
		return &ending{reason: app.ReasonKeepAliveTimeout, why: "nothing was heard for one and a half times the keep alive"}
	}
	e, _ := asEnding(err)
	return e
}

// logEnd writes the line about the end of a connection.
func (e *Engine) logEnd(c *connection, err error, last *ending) {
	switch {
	case errors.Is(err, errTaken), errors.Is(err, link.ErrClosed), errors.Is(err, errRefused):
		e.log.debug("Connection from %s closed: %s", c.address, err.Error())
	case errors.Is(err, errDone), errors.Is(err, errLeft):
		e.log.info("Client %s [%s] disconnected.", c.name(), c.address)
	case errors.Is(err, link.ErrKeepAlive):
		e.log.info("Client %s [%s] has exceeded timeout, disconnecting.", c.name(), c.address)
	case errors.Is(err, io.EOF):
		e.log.info("Client %s [%s] closed its connection.", c.name(), c.address)
	case last != nil && last.reason == app.ReasonPacketTooLarge:
		e.log.warn("Client %s [%s] disconnected due to oversize packet: %s", c.name(), c.address, last.why)
	case last != nil && last.reason == app.ReasonMalformed:
		e.log.info("Client %s [%s] disconnected due to malformed packet: %s", c.name(), c.address, last.why)
	case last != nil:
		e.log.info("Client %s [%s] disconnected due to protocol error: %s", c.name(), c.address, last.why)
	default:
		e.log.info("Client %s [%s] disconnected: %s", c.name(), c.address, err.Error())
	}
}

// vacate lets another connection have the slot of one that has ended.
func (e *Engine) vacate(c *connection) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !c.vacated {
		c.vacated = true
		e.slots--
	}
}
