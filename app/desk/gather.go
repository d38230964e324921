package desk

import (
	"context"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/workspace"
)

// attempt is one try to connect: the secrets fetched and answered so far. One
// gather at a time owns it, or one question.
type attempt struct {
	got    app.Secrets
	header int // the headers before this one have been asked for
}

// gather fetches the secrets that the connection of p needs and connects with
// them. When one is missing, the person is asked for it, and the answer
// gathers again.
func (d *Desk) gather(ctx context.Context, w *workspace.Workspace, p app.Profile, a attempt) {
	if now, ok := d.Profile(p.ID); ok {
		p = now // a password that could not be kept has changed it
	}
	for _, kind := range app.SecretKinds() {
		_, known := a.got[kind]
		if !wanted(p, kind, a.got) || known && kind != app.SecretHeaders {
			continue
		}
		q := Question{Kind: kind}
		if !known {
			a.got[kind], q.Why = d.secret(ctx, p, kind)
		}
		if kind == app.SecretHeaders {
			a.header, q.Header = nextHeader(p, a.got[kind], a.header)
		}
		if q.Why.IsZero() && essential(p, kind, a.got, q.Header) {
			q.Why = app.Say("password.not_kept")
		}
		if !q.Why.IsZero() {
			d.ask(w, p, q, a)
			return
		}
	}
	if d.Workspace(p.ID) == w { // it was not closed meanwhile
		w.Connect(a.got)
	}
}

// secretive reports whether p may need any secret.
func secretive(p app.Profile) bool {
	for _, kind := range app.SecretKinds() {
		if wanted(p, kind, nil) {
			return true
		}
	}
	return false
}

// wanted reports whether a connection of p has a use for a kind of secret,
// when those before it are got.
func wanted(p app.Profile, kind app.SecretKind, got app.Secrets) bool {
	switch kind {
	case app.SecretPassword:
		return p.User != ""
	case app.SecretKey:
		return p.TLS
	case app.SecretKeyPassphrase:
		return p.TLS && (got[app.SecretKey] != "" || !p.Security.Certificate.IsZero() || !p.Security.Key.IsZero())
	case app.SecretProxyPassword:
		proxy := p.Link.Proxy
		return (proxy.Kind == app.ProxyHTTP || proxy.Kind == app.ProxySOCKS5) && proxy.User != ""
	case app.SecretHeaders:
		_, missing := app.FillHeaders(p.Link.Headers, "")
		return p.Link.Transport == app.TransportWS && missing >= 0
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
	return kind == app.SecretProxyPassword
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
// be asked.
func (d *Desk) secret(ctx context.Context, p app.Profile, kind app.SecretKind) (app.Secret, app.Text) {
	ref := app.SecretRef{Profile: p.ID, Kind: kind}
	if kind == app.SecretPassword && p.AskPassword && d.SecretPlace(ref) == app.PlaceNone {
		return "", app.Say("password.not_kept")
	}
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	secret, _, err := d.p.Secrets.Get(ctx, ref)
	if err != nil {
		d.p.Log.Warn("read secret", "kind", kind, "err", err)
		return "", app.Say("password.keyring_unavailable")
	}
	return secret, app.Text{}
}

// answered adds an answer to the attempt and returns what to keep of it.
func (a *attempt) answered(p app.Profile, q Question, answer app.Secret) app.Secret {
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
