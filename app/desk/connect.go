package desk

import (
	"context"
	"slices"
	"time"

	"tidings/app"
	"tidings/app/workspace"
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
	case !p.LocalBroker:
		d.connect(p)
	default:
		if s := d.Broker(); s.Running && !s.Busy {
			d.connectLocal(id, s)
		} else {
			d.startBroker(id)
		}
	}
}

// connect opens the workspace of p and connects it, with a password when
// there is a user.
func (d *Desk) connect(p app.Profile) {
	w := d.open(p)
	d.p.Touch()
	switch {
	case w == nil:
	case p.User == "":
		w.Connect("")
	default:
		d.turns.Go(turnSecret+p.ID, func(ctx context.Context) {
			if now, ok := d.Profile(p.ID); ok {
				p = now // a password that could not be kept has changed it
			}
			secret, why := d.password(ctx, p)
			switch {
			case !why.IsZero():
				d.ask(w, p, why)
			case d.Workspace(p.ID) == w: // it was not closed meanwhile
				w.Connect(secret)
			}
		})
	}
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
	case !found: // a user without a password is legal (MQTT 5.0 §3.1.2.8)
		return "", app.Text{}
	}
	return secret, app.Text{}
}

// ask asks for the password of w, unless w was closed while the secret store
// was looked into.
func (d *Desk) ask(w *workspace.Workspace, p app.Profile, why app.Text) {
	d.mu.Lock()
	if d.workspaces[p.ID] == w {
		d.dropQuestion(p.ID)
		d.questions = append(d.questions, Question{
			ProfileID: p.ID, Name: p.Name, User: p.User, Why: why,
			CanRemember: d.keyring.Available,
		})
	}
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
	d.update(id, func(p *app.Profile) bool {
		changed := p.Version != v
		p.Version = v
		return changed
	})
	d.Connect(id)
}

// CloseWorkspace disconnects and forgets the workspace with its messages.
func (d *Desk) CloseWorkspace(id string) {
	d.mu.Lock()
	d.letGo(id)
	d.mu.Unlock()
	d.p.Touch()
}

// letGo takes the workspace of a profile out and closes it in a worker. The
// caller holds mu, so that Close of the desk waits for that worker or closes
// the workspace itself.
func (d *Desk) letGo(id string) {
	d.dropQuestion(id)
	w := d.workspaces[id]
	if w == nil || d.closed {
		return
	}
	delete(d.workspaces, id)
	d.workers.Go(func(context.Context) {
		if err := w.Close(); err != nil {
			d.p.Log.Warn("close workspace", "err", err)
		}
		d.p.Touch()
	})
}
