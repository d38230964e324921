package desk

import (
	"context"
	"slices"

	"tidings/app"
)

// Question asks the person for a secret of a connection.
type Question struct {
	ProfileID string
	Name      string // of the profile
	Kind      app.SecretKind
	User      string // whose password it is; of a proxy the user there
	Header    string // name of the HTTP header, for SecretHeaders
	Proxy     string // URL of the proxy, without user, for SecretProxyPassword
	// Why says why the secret is asked for: it is not kept, or the keyring
	// cannot be read.
	Why app.Text
	// Place is where the answer can be kept; PlaceNone: nowhere.
	Place app.SecretPlace
}

// Question returns the oldest thing the desk waits to be told, or nil.
func (d *Desk) Question() *Question {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.questions, func(q asked) bool { return !d.quiet[q.ProfileID] })
	if i < 0 {
		return nil
	}
	q := d.questions[i].Question
	return &q
}

// Connect opens the profile's workspace and connects it. When a secret is
// needed that is not kept, Question asks for it. The local broker's profile
// starts the broker first when it does not run.
func (d *Desk) Connect(id string) {
	d.Attend(id)
	d.begin(id)
}

// begin is Connect without a person: what it has to ask waits for one.
func (d *Desk) begin(id string) {
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

// connect opens the workspace of p and connects it, with the secrets that it
// needs.
func (d *Desk) connect(p app.Profile) {
	w := d.open(p)
	d.p.Touch()
	switch {
	case w == nil:
	case !secretive(p):
		w.Connect(nil)
	default:
		d.turns.Go(turnSecret+p.ID, func(ctx context.Context) { d.gather(ctx, p, newAttempt(w, p)) })
	}
}

// Disconnect ends the connection of a profile, or what it waits for before it
// connects; the workspace stays.
func (d *Desk) Disconnect(id string) {
	d.mu.Lock()
	d.callOff(id)
	w := d.workspaces[id]
	d.mu.Unlock()
	if w != nil {
		w.Disconnect()
	}
	d.p.Touch()
}

// callOff ends what a profile waits for before it connects. The caller holds
// mu.
func (d *Desk) callOff(id string) {
	d.dropQuestion(id)
	d.vault.drop(id)
	d.stopWaiting(id, false)
	d.toConnect = slices.DeleteFunc(d.toConnect, func(x string) bool { return x == id })
	delete(d.quiet, id)
}

// asked is a question with the attempt that waits for its answer.
type asked struct {
	Question
	attempt
}

// ask asks for a secret of p, unless its workspace was closed while the secret
// store was looked into.
func (d *Desk) ask(p app.Profile, q Question, a attempt) {
	place := d.Secrets().Place
	d.mu.Lock()
	if d.workspaces[p.ID] == a.w {
		d.dropQuestion(p.ID)
		q.ProfileID, q.Name, q.User, q.Place = p.ID, p.Name, p.User, place
		if q.Kind == app.SecretProxyPassword {
			q.User, q.Proxy = p.Link.Proxy.User, p.Link.Proxy.URL()
		}
		d.questions = append(d.questions, asked{q, a})
	}
	d.mu.Unlock()
	d.p.Touch()
}

// dropQuestion removes the question about a profile and returns it; ok is
// false when there was none. The caller holds mu.
func (d *Desk) dropQuestion(id string) (q asked, ok bool) {
	i := slices.IndexFunc(d.questions, func(q asked) bool { return q.ProfileID == id })
	if i < 0 {
		return q, false
	}
	q = d.questions[i]
	d.questions = slices.Delete(d.questions, i, i+1)
	return q, true
}

// Answer connects with the secret the person gave, or asks for the next one
// that is missing, and keeps the answer when remember is set.
func (d *Desk) Answer(id string, secret app.Secret, remember bool) {
	d.mu.Lock()
	q, ok := d.dropQuestion(id)
	open := d.workspaces[id] != nil && d.workspaces[id] == q.w
	d.mu.Unlock()
	p, known := d.Profile(id)
	if !ok || !known || !open {
		return
	}
	keep := q.answered(p, q.Question, secret)
	d.turns.Go(turnSecret+id, func(ctx context.Context) { d.gather(ctx, p, q.attempt) })
	if remember {
		d.changeSecrets(p, []SecretChange{{Kind: q.Kind, Value: keep, Remember: true}})
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
