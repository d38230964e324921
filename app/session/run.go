package session

import (
	"context"
	"errors"
	"time"

	"tidings/app"
	"tidings/app/hush"
	"tidings/app/session/adapter"
)

// goodbyeTime bounds the DISCONNECT at the end of a run.
const goodbyeTime = 2 * time.Second

// endKind says how a run is to leave its link.
type endKind byte

const (
	endDisconnect endKind = iota
	endDrop
)

// ending is the cause a run is cancelled with. err is set before done closes.
type ending struct {
	how endKind
	ctx context.Context // bounds the goodbye
	err error
}

func (*ending) Error() string { return "the session was asked to end" }

// run is one connection from Connect to the end that somebody asked for or
// that cannot be helped.
type run struct {
	s      *Session
	ctx    context.Context
	cancel context.CancelCauseFunc
	opts   app.ConnectOptions
	before <-chan struct{} // done of the run before, nil for the first
	done   chan struct{}
	poke   chan struct{} // ends a countdown

	failures int  // losses and failed attempts in a row
	resumed  bool // a link of this run was up before
	rival    rivalry
	backlog  *backlog // of the newest attempt

	backAt time.Time // when the network last was back, and the row began anew
}

// loop is the goroutine of the run.
func (r *run) loop() {
	defer r.s.p.Changed()
	defer close(r.done)
	defer r.cancel(nil)
	if r.before != nil {
		<-r.before
	}
	client, err := r.client()
	if err != nil {
		r.fail(err)
		return
	}
	for r.ctx.Err() == nil {
		if !r.once(client) || !r.countdown() {
			break
		}
	}
	r.goodbye(client)
}

// client returns the client for the run's options: the one there is, with the
// session state it keeps, when it belongs to the same broker and identifier.
func (r *run) client() (app.Client, error) {
	s := r.s
	key := clientKey{r.opts.Version, r.opts.Address(), r.opts.ClientID}
	s.mu.Lock()
	old, same := s.client, s.clientKey == key
	s.mu.Unlock()
	if old != nil && same {
		return old, nil
	}
	if old != nil {
		if err := old.Close(); err != nil {
			s.logger.Warn("closing the client before", "err", err)
		}
	}
	c, err := s.p.NewClient(r.opts.Version)
	s.mu.Lock()
	defer s.mu.Unlock()
	if old != nil {
		s.traffic = add(s.traffic, trafficOf(old))
	}
	s.subs.forget()
	s.client, s.clientKey = c, key
	if err != nil {
		s.client, s.clientKey = nil, clientKey{}
	}
	return c, err
}

// once makes one attempt and keeps the link until it ends. It reports whether
// another attempt makes sense.
func (r *run) once(c app.Client) bool {
	drain(c.Events())
	r.update(func() {
		r.s.attempt = r.failures + 1
		r.s.way, r.s.tls = Way{}, nil
		r.s.set(Connecting)
		r.s.log(app.Say("session.log.connecting", "Address", r.opts.Address(), "Version", r.opts.Version.String(), "Attempt", r.failures+1))
	})
	o := r.opts
	if r.resumed && o.Version == app.V5 && o.SessionExpiry > 0 {
		// Clean Start asked for a new session, and it began; the reconnect
		// goes on with it [MQTT-3.1.2-4].
		o.Clean = false
	}
	o.Secured = func(agreed app.Secured) {
		told := describeTLS(agreed)
		r.update(func() { r.s.tls = told })
	}
	flying := inFlightOf(c).Total()
	r.backlog = newBacklog(o.Sink)
	o.Sink = r.backlog
	ack, err := c.Connect(r.traced(), o)
	if err != nil {
		return r.attemptFailed(err)
	}
	if r.opts.ClientID == "" {
		r.opts.ClientID = ack.AssignedClientID
	}
	up := time.Now()
	again, err := r.connected(c, r.begin(o, ack, flying))
	if err == nil {
		return false // asked to end
	}
	if time.Since(up) >= r.rival.stable() {
		r.failures = 0
	}
	return r.lost(err, again, time.Since(up))
}

// attemptFailed judges a failed attempt.
func (r *run) attemptFailed(err error) bool {
	if r.ctx.Err() != nil {
		return false
	}
	r.failures++
	r.rival.failed()
	if final(err) || !r.resumed && !(r.s.p.Patient && heals(err)) {
		r.fail(r.secured(err))
		return false
	}
	r.note(err)
	return true
}

// begin notes what CONNACK says about a connection asked for with o; flying
// messages were in flight before. It returns what is to be restored, taken in
// the moment in which the connection stands: a filter is either in it, or was
// subscribed to by somebody who saw the connection, never both.
func (r *run) begin(o app.ConnectOptions, ack app.ConnAck, flying int) (todo restore) {
	s := r.s
	r.update(func() {
		todo = s.subs.begin(ack.SessionPresent)
		s.ack, s.lastErr, s.linked = ack, nil, true
		s.opts.ClientID = r.opts.ClientID
		if s.clientKey.id == "" {
			s.clientKey.id = r.opts.ClientID
		}
		s.set(Connected)
		line := "session.log.connected"
		if ack.SessionPresent {
			line = "session.log.connected_again"
		}
		s.log(app.Say(line, "Took", ack.Took))
		fate := s.begun(o, ack)
		s.tell(fate, o.Version, flying)
		s.backlog = r.backlog
		if fate != FateContinued && (fate != FateUnknown || o.Clean) {
			r.backlog.stop()
			s.backlog = nil // nothing waited
		}
	})
	return todo
}

// connected is the life of the link: it restores what is to do and waits.
// A nil error means that somebody asked for the end; again is false when the
// broker's reason forbids another attempt.
func (r *run) connected(c app.Client, todo restore) (again bool, lost error) {
	s := r.s
	r.resumed = true
	ctx, stop := context.WithCancel(r.ctx)
	restored := make(chan struct{})
	go func() { // waited for below
		defer close(restored)
		s.restore(ctx, c, todo, r.opts)
	}()
	defer func() {
		stop()
		<-restored
	}()
	up := time.Now()
	look := time.NewTicker(backlogLook)
	defer look.Stop()
	var byServer *serverDisconnect
	for {
		select {
		case <-r.ctx.Done():
			return false, nil
		case <-look.C:
			if r.received(up) {
				look.Stop()
			}
		case ev, ok := <-c.Events():
			switch {
			case !ok:
				return false, &linkLost{Cause: errors.New("the client was closed")}
			case ev.Kind == app.EventServerDisconnect:
				byServer = &serverDisconnect{Reason: ev.Reason, Text: ev.ReasonString}
			case ev.Kind == app.EventDown && byServer != nil:
				return !finalReason(byServer.Reason), byServer
			case ev.Kind == app.EventDown:
				return true, &linkLost{Cause: ev.Err}
			}
		}
	}
}

// received reports whether what waited with the broker has come, on a link
// that is up since a moment, and says how much it was.
func (r *run) received(up time.Time) bool {
	if r.backlog.on.Load() && !r.backlog.over(up) {
		return false
	}
	if r.backlog.on.Load() {
		r.update(func() {
			if n := r.backlog.stop(); n > 0 {
				r.s.log(app.Say("session.log.waited", "N", n))
			}
		})
	}
	return true
}

// lost judges the end of a link that nobody asked for.
func (r *run) lost(err error, again bool, lasted time.Duration) bool {
	if r.ctx.Err() != nil {
		return false
	}
	unanswered := false
	r.s.update(func() {
		r.s.left()
		unanswered = time.Since(r.s.sentAt) < answerSoon || r.s.inFlight > 0 || r.s.subs.asking()
		r.s.subs.linkGone()
	})
	r.failures++
	var large *app.PacketTooLargeError
	if errors.As(err, &large) && lasted < stableAfter {
		again = false // a retained or queued packet: the broker will send it every time
	}
	if !r.opts.OwnID && r.rival.lost(err, lasted, unanswered) {
		err = &EvictedError{Times: r.rival.kicks, Cause: err}
	}
	if l := (*linkLost)(nil); errors.As(err, &l) {
		l.Repeated = r.failures >= 3
	}
	if !again {
		r.fail(err)
		return false
	}
	r.note(err)
	return true
}

// countdown waits for the time of the next attempt, or until the machine is
// back in a network or awake. It reports false when somebody asked for the
// end.
func (r *run) countdown() bool {
	d := r.rival.delay(r.failures)
	r.update(func() {
		r.s.set(Waiting)
		r.s.nextTry = time.Now().Add(d)
	})
	timer := time.NewTimer(d)
	defer timer.Stop()
	watch := r.s.p.Machine.watch()
	look := time.NewTicker(watchEvery)
	defer look.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return false
		case <-r.poke:
			return true
		case <-timer.C:
			return true
		case <-look.C:
			why := r.hopeful(watch)
			if why.IsZero() || r.rival.sure() { // a network has no part in that
				continue
			}
			r.failures = 0 // what failed before was the network's fault
			r.update(func() { r.s.log(why) })
			return true
		}
	}
}

// note writes a failure into the snapshot and the log.
func (r *run) note(err error) {
	e := Explain(err, r.opts)
	r.s.logger.Info("connection", "address", r.opts.Address(), "err", hush.Of(r.opts).Cause(err))
	r.update(func() {
		r.s.lastErr, r.s.untrusted = e, untrustedIn(err)
		r.s.log(e.What)
		if e.What.Key == "connect.link_lost" { // no stage before has told why
			r.s.append(Entry{Text: app.Say("session.log.lost", "Detail", adapter.Said(e.Cause.Error())), Step: true})
		}
	})
}

// fail ends the run for a reason that another attempt would not change.
func (r *run) fail(err error) {
	r.note(err)
	r.update(func() { r.s.set(Failed) })
}

// goodbye leaves the link as the ending asks. It does nothing when the run
// ended by itself.
func (r *run) goodbye(c app.Client) {
	var e *ending
	if !errors.As(context.Cause(r.ctx), &e) {
		return
	}
	if e.how == endDrop {
		e.err = c.Drop()
	} else {
		ctx, cancel := context.WithTimeout(e.ctx, goodbyeTime)
		e.err = c.Disconnect(ctx, app.ReasonSuccess)
		cancel()
	}
	s := r.s
	s.update(func() {
		s.left()
		s.subs.linkGone()
		text := app.Say("session.log.disconnected")
		if s.run == r { // otherwise the run that follows has set the state
			if s.state == Connected && e.how == endDrop {
				text = r.dropped()
			}
			s.set(Disconnected)
		}
		s.log(text)
	})
}

// dropped says that the link was cut on purpose, and what the broker makes of
// it.
func (r *run) dropped() app.Text {
	if r.opts.Will != nil {
		return app.Say("session.log.dropped_will", "Topic", r.opts.Will.Topic)
	}
	return app.Say("session.log.dropped")
}

// update changes the snapshot on behalf of the run, unless the run was asked
// to end: then the state is somebody else's.
func (r *run) update(f func()) {
	r.s.update(func() {
		if r.ctx.Err() == nil {
			f()
		}
	})
}

// update changes the snapshot under the lock and says so.
func (s *Session) update(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	s.p.Changed()
}

// drain empties what a connection before has left behind.
func drain(ch <-chan app.Event) {
	for {
		select {
		case _, ok := <-ch:
			if !ok {
				return
			}
		default:
			return
		}
	}
}
