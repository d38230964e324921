package session

import (
	"time"

	"tidings/app"
	"tidings/app/session/link"
)

// historyCap bounds the connection log that a session keeps: some fifty
// attempts with their stages.
const historyCap = 500

// Entry is one line of the connection log.
type Entry struct {
	Time time.Time
	Text app.Text
	// Step: one stage of the attempt above it, such as TCP to one address.
	Step bool
}

// SubState is one remembered subscription and what became of it.
type SubState struct {
	app.Subscription
	// Pending: not (or not yet again) confirmed by the broker; it is sent
	// with the next chance.
	Pending bool
	// Refused: the broker said no. Reason says why; it is asked again when
	// the next new session begins.
	Refused bool
	Granted app.QoS // valid when neither Pending nor Refused
	Reason  app.ReasonCode
	Err     *app.Error // the refusal or the failure in words, else nil
}

// Snapshot is a copy of all that a screen shows about a session. The values
// behind its slices and pointers are never changed again, so that a Snapshot
// may be kept; treat them as read-only.
type Snapshot struct {
	State State
	Since time.Time // when State began
	// Attempt is the number of the running or last attempt in a row, 1 for
	// the first. A connection that proved stable begins a new row.
	Attempt int
	// Linked: there was a link since Connect; what failed since then was not
	// the first attempt.
	Linked  bool
	NextTry time.Time // Waiting only: when the next attempt begins
	// Options are those of the last Connect without secrets, Sink, Frames and
	// Secured, with the client identifier the broker assigned, if it did.
	Options   app.ConnectOptions
	ConnAck   app.ConnAck // of the last successful attempt
	LastError *app.Error  // of the last failure; nil once connected again
	Untrusted *Untrusted  // the certificate that LastError is about; nil when it is about something else
	Way       Way         // of the newest link, as far as it came
	TLS       *TLS        // of the last handshake that ended well; nil without one, and while connecting

	Fate   Fate          // of the session, with the last CONNACK
	Kept   time.Duration // how long the broker keeps the session after the link; 0: not at all; or Forever
	Waited Waited        // what the broker had kept in the session

	Subscriptions []SubState // in the order they were made
	InFlight      int        // Publish calls with QoS 1 or 2 that wait for their answer
	// Outgoing is what the session has in flight, from links before as well.
	Outgoing  app.InFlight
	Published uint64  // messages that ended well since New
	History   []Entry // oldest first, at most 500
}

// Way is how a link leads to its broker.
type Way struct {
	// Address is the other end of TCP, as "IP:port": the broker, or the proxy.
	// Of a Unix socket it is the path.
	Address string
	// Proxy is the proxy in between, as its URL without user and password says
	// it; "" for none.
	Proxy string
}

// passed notes a stage that went well.
func (w *Way) passed(s link.Step) {
	switch s.Stage {
	case link.StageTCP:
		w.Address = s.Address
	case link.StageProxy:
		w.Proxy = s.Proxy
	case link.StageResolve, link.StageTLS, link.StageWebSocket:
	}
}

// log appends one line to the connection log. The caller holds mu.
func (s *Session) log(t app.Text) { s.append(Entry{Text: t}) }

// append appends to the connection log, at the present time. The caller holds
// mu. Entries behind the view that snapshots share are never written again.
func (s *Session) append(e Entry) {
	if len(s.history) >= 2*historyCap {
		s.history = append([]Entry(nil), s.history[len(s.history)-historyCap:]...)
	}
	e.Time = time.Now()
	s.history = append(s.history, e)
}

// Snapshot returns the present state. It is cheap and safe for concurrent
// use.
func (s *Session) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.opts.WithoutSecrets()
	o.Sink, o.Frames, o.Secured = nil, nil, nil
	h := s.history[max(0, len(s.history)-historyCap):]
	untrusted := s.untrusted
	if s.lastErr == nil {
		untrusted = nil
	}
	return Snapshot{
		State: s.state, Since: s.since, Attempt: s.attempt, Linked: s.linked, NextTry: s.nextTry,
		Options: o, ConnAck: s.ack, LastError: s.lastErr, Untrusted: untrusted, Way: s.way, TLS: s.tls,
		Fate: s.fate, Kept: s.kept.keep, Waited: s.backlog.waited(),
		Subscriptions: s.subs.view(), InFlight: s.inFlight, Outgoing: inFlightOf(s.client), Published: s.published,
		History: h[:len(h):len(h)],
	}
}
