package desk

import (
	"context"
	"errors"
	"slices"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/outline"
)

// Decision is what a person decided about one item of a preview.
type Decision struct {
	Choice  moving.Choice
	Answers []int // to the item's questions, as indices of their answers
}

// Take saves what the decisions say, one for each item of the preview in its
// order. What is added goes below folder, "" for where the source had it.
// number is that of the preview decided on: another one is not touched.
func (m *Moving) Take(number int, decisions []Decision, folder string) {
	m.change(func() {
		if m.imp.Stage != ImportPreview || m.imp.Number != number {
			return
		}
		results := resolve(m.imp.preview, decisions, folder)
		m.imp.Stage, m.imp.Done, m.imp.Total = ImportSaving, 0, len(results)
		var undone chan struct{}
		if m.came != nil {
			undone = m.came.undone
		}
		m.start(&m.importing, func(ctx context.Context) {
			if undone != nil { // what is being taken back may be what comes
				select {
				case <-undone:
				case <-ctx.Done():
				}
			}
			m.saveAll(ctx, results)
		})
	})
}

func (m *Moving) saveAll(ctx context.Context, results []coming) {
	var done came
	for i, r := range results {
		if ctx.Err() != nil {
			done.report.Stopped = true
			break
		}
		item, saved, err := m.saveOne(ctx, r)
		done.held += item.held
		if saved {
			done.items = append(done.items, item)
			done.report.Came = append(done.report.Came, item.after.Name)
		}
		for _, e := range err {
			done.report.Failed = append(done.report.Failed, ImportFailure{Name: r.Profile.Name, Saved: saved, Err: e})
		}
		m.change(func() { m.imp.Done = i + 1 })
	}
	m.change(func() {
		if len(done.items) > 0 {
			m.imports++
			done.number = m.imports
			m.came = &done
		}
		next := importing{ImportState: ImportState{Number: m.imp.Number}}
		if r := done.report; r.Stopped || len(r.Failed) > 0 {
			next.Stage, next.Report = ImportDone, r
		}
		if m.imp = next; next.Stage == ImportClosed {
			m.offerUndo()
		}
	})
	m.offerVault(done.held)
}

// offerVault asks for the vault, so that secrets that wait in memory can go
// there. Without it the person hears that they end with this run.
func (m *Moving) offerVault(held int) {
	declined := func() {
		m.d.thisRun(app.Say("moving.this_run", "N", held))
	}
	if held > 0 && !m.d.needVault(app.Say("moving.why_vault", "N", held), vaultWait{opened: func() {}, declined: declined}) {
		declined()
	}
}

// saveOne saves one profile and then its secrets.
func (m *Moving) saveOne(ctx context.Context, r coming) (item cameItem, saved bool, failed []*app.Error) {
	p := r.Profile
	bare, values := app.TakeHeaders(p.Link.Headers) // they must not reach the file
	if p.Link.Headers = bare; values != "" {
		r.Secrets = append(slices.Clone(r.Secrets), moving.Secret{Kind: app.SecretHeaders, Value: values})
	}
	item = cameItem{id: p.ID, kinds: kindsOf(r.Secrets)}
	if r.replaces {
		if err := m.makeWay(ctx, &p, &item); err != nil {
			return item, false, []*app.Error{err}
		}
	}
	if slices.Contains(kindsOf(r.Secrets), app.SecretPassword) {
		p.AskPassword = false
	}
	m.d.mu.Lock()
	if !item.replaced && m.d.taken(p.ID) {
		p.ID = app.NewID()
		item.id = p.ID
	}
	if !item.replaced {
		p.Name = beside(p, m.d.profiles)
	}
	if r.ordered && !item.replaced {
		p.Folder = outline.Clean(p.Folder)
		p.Position = outline.Behind(m.d.profiles, p.Folder)
	} else {
		m.d.settle(&p)
	}
	m.d.mu.Unlock()
	if err := m.put(p, r.Extra, item.kinds); err != nil {
		if item.replaced { // with all that was here
			inTurn(m.d.turns, turnSecret+p.ID, func(context.Context) { err = errors.Join(err, m.restoreSecrets(ctx, item)) })
		}
		return item, false, []*app.Error{asError(err)}
	}
	item.after = p
	item.held, failed = m.keepSecrets(ctx, p, r.Secrets)
	return item, true, failed
}

// makeWay notes in item what p replaces, and forgets those of its secrets that
// were not given for p's broker and user, even when p brings others: until these
// are kept, and when they cannot be, the old ones must not serve.
func (m *Moving) makeWay(ctx context.Context, p *app.Profile, item *cameItem) *app.Error {
	if m.d.Workspace(p.ID) != nil {
		return &app.Error{What: app.Say("moving.open"), Do: app.Say("moving.open.do")}
	}
	before, ok := m.d.Profile(p.ID)
	if !ok {
		return nil // deleted since the preview was made: nothing is replaced
	}
	var foreign []app.SecretKind
	for _, kind := range app.SecretKinds() {
		if moving.StaysInImport(kind, before, *p) {
			continue
		}
		foreign = append(foreign, kind)
		if !slices.Contains(item.kinds, kind) {
			item.kinds = append(item.kinds, kind)
		}
	}
	item.replaced, item.before, item.keys = true, before, m.m.Keys(p.ID)
	var err error
	if item.secrets, err = m.secretsOf(ctx, p.ID, item.kinds); err != nil {
		return asError(err) // what cannot be read cannot be brought back by an undo
	}
	inTurn(m.d.turns, turnSecret+p.ID, func(context.Context) { err = m.forgetKinds(ctx, p.ID, foreign) })
	if err != nil {
		return &app.Error{What: app.Say("moving.not_forgotten"), Do: app.Say("moving.not_forgotten.do"), Cause: err}
	}
	if p.User != "" && slices.Contains(foreign, app.SecretPassword) {
		p.AskPassword = true
	}
	return nil
}

func (m *Moving) forgetKinds(ctx context.Context, id string, kinds []app.SecretKind) (err error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	for _, kind := range kinds {
		err = errors.Join(err, m.d.p.Secrets.Delete(ctx, app.SecretRef{Profile: id, Kind: kind}))
	}
	return err
}

// put writes the profile, whose secrets of these kinds are not those of before,
// and shows it. What was closed of the one that it
// replaces does not come back: its filters and templates would overwrite these.
func (m *Moving) put(p app.Profile, extra map[string]any, kinds []app.SecretKind) (err error) {
	ran := inTurn(m.d.turns, turnFiles, func(context.Context) {
		if err = m.m.SaveWith(m.d.withClear(p, kinds...), extra); err == nil {
			m.d.dropClear(p.ID, kinds...)
			m.d.mu.Lock()
			m.d.insert(p)
			m.d.forgetClosed(p.ID)
			m.d.mu.Unlock()
		}
	})
	if !ran {
		return context.Canceled
	}
	m.d.p.Touch()
	return err
}

// keepSecrets hands the secrets of p to the secret store. In place of one that
// cannot be kept none is: an older one would be sent unasked, and a password is
// asked for from now on.
func (m *Moving) keepSecrets(ctx context.Context, p app.Profile, list []moving.Secret) (held int, failed []*app.Error) {
	inTurn(m.d.turns, turnSecret+p.ID, func(context.Context) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), secretTimeout)
		defer cancel()
		for _, s := range list {
			place, err := m.d.p.Secrets.Set(ctx, app.SecretRef{Profile: p.ID, Kind: s.Kind}, s.Value)
			switch {
			case err != nil:
				err = errors.Join(err, m.forgetKinds(context.WithoutCancel(ctx), p.ID, []app.SecretKind{s.Kind}))
				failed = append(failed, &app.Error{What: app.Say("moving.secret_lost", "Secret", s.Kind.Text()), Do: app.Say("moving.secret_lost.do"), Cause: err})
			case place == app.PlaceSession:
				held++
			}
			if (err != nil || place == app.PlaceSession) && s.Kind == app.SecretPassword {
				m.d.update(p.ID, func(p *app.Profile) bool { p.AskPassword = true; return true })
			}
		}
	})
	return held, failed
}

// asError returns err as one that can be said to a person.
func asError(err error) *app.Error {
	var known *app.Error
	if errors.As(err, &known) {
		return known
	}
	return &app.Error{What: app.Say("error.unexpected"), Do: app.Say("error.unexpected.do"), Cause: err}
}
