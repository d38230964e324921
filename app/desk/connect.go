package desk

import (
	"context"
	"slices"
	"time"

	"tidings/app"
)

// secretTimeout bounds one call of the secret store: an unlock prompt may
// wait for a person.
const secretTimeout = 60 * time.Second

// Question asks the person for the password of a connection.
type Question struct {
	ProfileID string
	Name      string // of the profile
	User      string
	// Why says why the password is asked for: it is not kept, or the
	// keyring cannot be read.
	Why app.Text
	// CanRemember: the secret store works, so the answer can be kept.
	CanRemember bool
}

// Question returns the oldest thing the desk waits to be told, or nil.
func (d *Desk) Question() *Question {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.questions) == 0 {
		return nil
	}
	q := d.questions[0]
	return &q
}

// Connect opens the profile's workspace and connects it. When a password is
// needed that is not kept, Question asks for it. The local broker's profile
// starts the broker first when it does not run.
func (d *Desk) Connect(id string) {
	p, ok := d.Profile(id)
	switch {
	case !ok:
		return
	case p.LocalBroker && !d.p.Broker.State().Running:
		d.StartBrokerAndConnect()
		return
	}
	w := d.open(p)
	d.p.Touch()
	if p.User == "" {
		w.Connect("")
		return
	}
	d.workers.Go(func(ctx context.Context) {
		secret, why := d.password(ctx, p)
		if why.IsZero() {
			w.Connect(secret)
			return
		}
		d.ask(p, why)
	})
}

// password returns the kept password of p, or why the person must be asked.
func (d *Desk) password(ctx context.Context, p app.Profile) (app.Secret, app.Text) {
	if p.AskPassword {
		return "", app.Say("password.not_kept")
	}
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	secret, found, err := d.p.Secrets.Get(ctx, p.ID)
	switch {
	case err != nil:
		d.p.Log.Warn("read secret", "err", err)
		return "", app.Say("password.keyring_unavailable")
	case !found: // a user without a password is legal [MQTT-3.1.2-22]
		return "", app.Text{}
	}
	return secret, app.Text{}
}

func (d *Desk) ask(p app.Profile, why app.Text) {
	d.mu.Lock()
	d.dropQuestion(p.ID)
	d.questions = append(d.questions, Question{
		ProfileID: p.ID, Name: p.Name, User: p.User, Why: why,
		CanRemember: d.keyring.Available,
	})
	d.mu.Unlock()
	d.p.Touch()
}

// dropQuestion removes the question about a profile and reports whether
// there was one. The caller holds mu.
func (d *Desk) dropQuestion(id string) bool {
	before := len(d.questions)
	d.questions = slices.DeleteFunc(d.questions, func(q Question) bool { return q.ProfileID == id })
	return len(d.questions) < before
}

// Answer connects with the password the person gave, and keeps it when
// remember is set.
func (d *Desk) Answer(id string, secret app.Secret, remember bool) {
	d.mu.Lock()
	asked := d.dropQuestion(id)
	w := d.workspaces[id]
	d.mu.Unlock()
	if !asked || w == nil {
		return
	}
	w.Connect(secret)
	if p, ok := d.Profile(id); ok && remember {
		d.keepPassword(p, secret)
	}
	d.p.Touch()
}

// CancelQuestion leaves the connection closed.
func (d *Desk) CancelQuestion(id string) {
	d.mu.Lock()
	d.dropQuestion(id)
	d.mu.Unlock()
	d.p.Touch()
}

// ConnectAs changes the profile's protocol version, saves it and connects:
// the one click after a broker refused the version.
func (d *Desk) ConnectAs(id string, v app.Version) {
	p, ok := d.Profile(id)
	if !ok {
		return
	}
	p.Version = v
	d.put(p)
	d.Connect(id)
}

// CloseWorkspace disconnects and forgets the workspace with its messages.
func (d *Desk) CloseWorkspace(id string) {
	d.mu.Lock()
	w := d.workspaces[id]
	delete(d.workspaces, id)
	d.dropQuestion(id)
	d.mu.Unlock()
	if w != nil {
		d.workers.Go(func(context.Context) {
			if err := w.Close(); err != nil {
				d.p.Log.Warn("close workspace", "err", err)
			}
			d.p.Touch()
		})
	}
	d.p.Touch()
}
