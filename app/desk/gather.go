package desk

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/moving"
	"tidings/app/workspace"
)

// attempt is one try to connect: the secrets fetched and answered so far. One
// gather at a time owns it, or one question.
type attempt struct {
	w       *workspace.Workspace
	meant   app.Profile // as it was when the attempt began
	got     app.Secrets
	typed   map[app.SecretKind]bool // those of got that a person has typed
	header  int                     // the headers before this one have been asked for
	noVault bool                    // the person declined to unlock the vault
}

func newAttempt(w *workspace.Workspace, p app.Profile) attempt {
	return attempt{w: w, meant: p, got: app.Secrets{}, typed: map[app.SecretKind]bool{}}
}

// gather fetches the secrets that the connection of p needs and connects with
// them. When one is missing, the person is asked for it, or for the vault, and
// the answer gathers again.
func (d *Desk) gather(ctx context.Context, p app.Profile, a attempt) {
	if now, ok := d.Profile(p.ID); ok {
		p = now // a password that could not be kept has changed it
	}
	if d.strayed(a) || !d.complete(ctx, p, a) || d.strayed(a) {
		return
	}
	if d.Workspace(p.ID) == a.w { // it was not closed meanwhile
		d.use(p, a)
		a.w.Connect(a.got)
	}
}

// strayed begins an attempt anew when its profile was changed meanwhile, to
// what its secrets were not given for: after what becomes of those then. It
// reports whether it did.
func (d *Desk) strayed(a attempt) bool {
	p, ok := d.Profile(a.meant.ID)
	strays := func(kind app.SecretKind) bool { return !moving.Stays(kind, a.meant, p) }
	if !ok || !slices.ContainsFunc(app.SecretKinds(), strays) {
		return false
	}
	a = newAttempt(a.w, p)
	d.turns.Go(turnSecret+p.ID, func(ctx context.Context) { d.gather(ctx, p, a) })
	return true
}

// complete adds to an attempt the secrets that p needs. It reports false when
// the person is asked for one, or nothing more is to be done.
func (d *Desk) complete(ctx context.Context, p app.Profile, a attempt) bool {
	for _, kind := range app.SecretKinds() {
		if !p.Wants(kind, a.got) {
			continue
		}
		known := d.known(p, kind, a)
		if known && kind != app.SecretHeaders {
			continue
		}
		q := Question{Kind: kind}
		if !known {
			var err error
			a.got[kind], q.Why, err = d.secret(ctx, p, kind)
			if err != nil && d.instead(p, kind, a, err) {
				return false
			}
			if err != nil && kind == app.SecretKeyPassphrase && !essential(p, kind, a.got, "") {
				q.Why = app.Text{} // no key that is there needs it, so nobody misses it
			}
		}
		if kind == app.SecretHeaders {
			a.header, q.Header = nextHeader(p, a.got[kind], a.header)
		}
		if q.Why.IsZero() && essential(p, kind, a.got, q.Header) {
			q.Why = app.Say("password.not_kept")
		}
		if !q.Why.IsZero() {
			d.ask(p, q, a)
			return false
		}
	}
	return true
}

// instead does what makes more sense than asking for a secret that could not
// be read: it asks for the vault, or says that a private key is out of reach,
// which nobody can type. One that was called off ends here. It reports false
// when none of these applies.
func (d *Desk) instead(p app.Profile, kind app.SecretKind, a attempt, cause error) bool {
	if errors.Is(cause, errCalledOff) {
		return true
	}
	ref := app.SecretRef{Profile: p.ID, Kind: kind}
	status := d.p.Secrets.Status()
	if !a.noVault && status.Vault == app.VaultLocked && d.SecretPlace(ref) == app.PlaceVault {
		delete(a.got, kind)
		again := func() {
			d.turns.Go(turnSecret+p.ID, func(ctx context.Context) { d.gather(ctx, p, a) })
		}
		why := app.Say("secrets.vault.why_connect", "Name", p.Name, "Secret", kind.Text())
		return d.needVault(why, vaultWait{connect: p.ID, opened: again, declined: func() {
			a.noVault = true
			again()
		}})
	}
	if kind != app.SecretKey || d.Workspace(p.ID) != a.w {
		return false
	}
	e := asError(cause)
	d.notify(&app.Error{What: app.Say("secrets.key_unreadable", "Name", p.Name, "Why", e.What), Do: e.Do, Cause: cause})
	return true
}

// secretive reports whether p may need any secret.
func secretive(p app.Profile) bool {
	for _, kind := range app.SecretKinds() {
		if p.Wants(kind, nil) {
			return true
		}
	}
	return false
}

// essential reports whether a connection of p is senseless without a kind of
// secret that is not among those got; header is the one that has no value.
func essential(p app.Profile, kind app.SecretKind, got app.Secrets, header string) bool {
	switch {
	case kind == app.SecretHeaders:
		return header != ""
	case got[kind] != "":
		return false
	case kind == app.SecretPassword:
		return p.AskPassword // a user without a password is legal (MQTT 5.0 §3.1.2.8)
	case kind == app.SecretKeyPassphrase:
		return certs.NeedsPassphrase(certs.SourceOf(p.Options(got)))
	}
	return kind == app.SecretProxyPassword || kind == app.SecretQuery
}

// nextHeader returns index and name of the next secret header from index on
// that has no value; the name is empty when there is none.
func nextHeader(p app.Profile, values app.Secret, from int) (int, string) {
	full, _ := app.FillHeaders(p.Link.Headers, values)
	for i := from; i < len(full); i++ {
		if full[i].Secret && full[i].Value == "" {
			return i, full[i].Name
		}
	}
	return len(full), ""
}

// secret returns a kept secret, "" when there is none, or why the person must
// be asked, with the error that is the cause.
func (d *Desk) secret(ctx context.Context, p app.Profile, kind app.SecretKind) (app.Secret, app.Text, error) {
	ref := app.SecretRef{Profile: p.ID, Kind: kind}
	if kind == app.SecretPassword && p.AskPassword && d.SecretPlace(ref) == app.PlaceNone {
		return "", app.Say("password.not_kept"), nil
	}
	ctx, giveUp := context.WithCancelCause(ctx)
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	defer d.waitFor(p.ID, giveUp)()
	secret, _, err := d.p.Secrets.Get(ctx, ref)
	switch {
	case err == nil:
		return secret, app.Text{}, nil
	case errors.Is(context.Cause(ctx), errCalledOff):
		return "", app.Text{}, errCalledOff
	case d.SecretPlace(ref) == app.PlaceVault:
		return "", app.Say("password.vault_unavailable"), err
	}
	d.unread(ctx, kind, err)
	return "", app.Say("password.keyring_unavailable"), err
}

// unread logs that a secret could not be read, as a warning once in a run:
// where there is no keyring every connection would add one.
func (d *Desk) unread(ctx context.Context, kind app.SecretKind, err error) {
	d.mu.Lock()
	level := slog.LevelWarn
	if d.warned {
		level = slog.LevelDebug
	}
	d.warned = true
	d.mu.Unlock()
	d.p.Log.Log(ctx, level, "read secret", "kind", kind, "err", err)
}

// answered adds an answer to the attempt and returns what to keep of it.
func (a *attempt) answered(p app.Profile, q Question, answer app.Secret) app.Secret {
	a.typed[q.Kind] = true
	if q.Kind != app.SecretHeaders {
		a.got[q.Kind] = answer
		return answer
	}
	headers, _ := app.TakeHeaders(p.Link.Headers)
	if a.header >= len(headers) {
		return "" // the profile has changed since
	}
	headers[a.header].Value = answer.Reveal()
	_, values := app.TakeHeaders(headers)
	a.got[q.Kind] = app.MergeHeaders(headers, a.got[q.Kind], values)
	a.header++
	return values
}
