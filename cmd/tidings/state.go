package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"strconv"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/cmd/tidings/e2e"
)

// stateFile writes what the window shows to a file, for automated tests. The
// UI goroutine hands states over; a goroutine of its own writes the newest.
type stateFile struct {
	path string
	log  *slog.Logger
	next chan e2e.State // holds the newest state only; closed by close
	done chan struct{}
}

func newStateFile(path string, logger *slog.Logger) *stateFile {
	f := &stateFile{path: path, log: logger, next: make(chan e2e.State, 1), done: make(chan struct{})}
	go f.write()
	return f
}

// put replaces the state that waits to be written. One goroutine calls it.
func (f *stateFile) put(s e2e.State) {
	select {
	case <-f.next:
	default:
	}
	f.next <- s
}

// close writes what waits and ends the goroutine. put must not be called
// afterwards.
func (f *stateFile) close() {
	close(f.next)
	<-f.done
}

func (f *stateFile) write() {
	defer close(f.done)
	revision := 0
	for s := range f.next {
		revision++
		s.Revision = revision
		if err := f.replace(s); err != nil {
			f.log.Warn("write state", "err", err)
		}
	}
}

// replace writes beside the file and renames, so that a reader sees a whole
// state.
func (f *stateFile) replace(s e2e.State) error {
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(f.path+".new", f.path)
}

// readState collects what the desk knows; the window adds the rest.
func readState(d *desk.Desk) e2e.State {
	var s e2e.State
	b := d.Broker()
	s.Broker = e2e.BrokerState{Running: b.Running, Address: net.JoinHostPort(b.Host, strconv.Itoa(b.Port)), Clients: b.Clients}
	for _, c := range d.Connections() {
		s.Profiles = append(s.Profiles, c.Profile.Name)
		if w := d.Workspace(c.Profile.ID); w != nil {
			s.Connections = append(s.Connections, connectionState(w))
		}
	}
	s.Memory, _ = d.Memory()
	if q := d.Question(); q != nil {
		s.Question = q.Kind.Text().Key
	}
	if n := d.Notices(); len(n) > 0 {
		s.Notice = n[len(n)-1].Err.Error()
	}
	return s
}

func connectionState(w *workspace.Workspace) e2e.ConnectionState {
	p, snap := w.Profile(), w.Snapshot()
	c := e2e.ConnectionState{
		Name: p.Name, Status: status(snap.Session.State), Version: p.Version.String(),
		Address:  app.ConnectOptions{Host: p.Host, Port: p.Port}.Address(),
		Messages: snap.Received,
	}
	for _, f := range w.Filters() {
		granted := -1
		if !f.Pending && !f.Refused {
			granted = int(f.Granted)
		}
		c.Filters = append(c.Filters, e2e.FilterState{Filter: f.Filter, Granted: granted})
	}
	if st := w.Messages().Stats(); st.Next > st.First {
		for _, r := range w.Messages().Rows(st.Next-1, 1, nil) {
			c.Last = &e2e.MessageState{Topic: r.Topic, Payload: string(r.Preview), QoS: int(r.QoS)}
		}
	}
	for _, sent := range w.Sent() {
		if sent.Pending {
			continue
		}
		c.Published = &e2e.PublishState{Topic: sent.Message.Topic, Reason: int(sent.Result.Reason)}
		if sent.Err != nil {
			c.Published.Error = technical(sent.Err)
		}
	}
	return c
}

func technical(err error) string {
	var e *app.Error
	if errors.As(err, &e) {
		return e.Error()
	}
	return err.Error()
}

// status names a session's state as the tests know it.
func status(s session.State) string {
	switch s {
	case session.Connecting, session.Connected, session.Waiting:
		return s.String()
	case session.Idle, session.Disconnected, session.Failed:
		return "offline"
	}
	return "offline"
}
