package pack

import (
	"encoding/pem"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/moving"
)

// The names of what a profile itself holds of secrets, beside those of
// moving.SecretName.
const headerName = "header/"

// pathName is the name that older programs gave to a path with its query.
const pathName = "path"

// takeOut returns p without what is secret in it, and that by name.
func takeOut(p app.Profile, kept []moving.Secret) (app.Profile, map[string]app.Secret) {
	out := map[string]app.Secret{}
	for _, s := range kept {
		out[moving.SecretName(s.Kind)] = s.Value
	}
	keys := p.Security.Key.PEM
	p.Security.Key.PEM = ""
	for _, c := range []*app.CertSource{&p.Security.Certificate, &p.Security.CA} {
		var key string
		c.PEM, key = splitPEM(c.PEM)
		keys += key
	}
	if name := moving.SecretName(app.SecretKey); keys != "" && out[name] == "" {
		out[name] = app.Secret(keys)
	}
	bare, values := app.TakeHeaders(p.Link.Headers)
	p.Link.Headers = bare
	if name := moving.SecretName(app.SecretHeaders); values != "" {
		out[name] = app.MergeHeaders(bare, out[name], values)
	}
	for i, h := range p.Link.Headers {
		if app.NamesSecret(h.Name) && h.Value != "" {
			out[headerName+strconv.Itoa(i)] = app.Secret(h.Value)
			p.Link.Headers[i].Value = ""
		}
	}
	link, query := app.TakeQuery(p.Link)
	if p.Link = link; query != "" {
		out[moving.SecretName(app.SecretQuery)] = query
	}
	return p, out
}

// splitPEM takes the private keys out of a text.
func splitPEM(text string) (certs, keys string) {
	if !strings.Contains(text, "PRIVATE KEY") {
		return text, ""
	}
	var c, k strings.Builder
	for rest := []byte(text); ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return c.String(), k.String()
		}
		if strings.Contains(b.Type, "PRIVATE KEY") {
			k.Write(pem.EncodeToMemory(b))
		} else {
			c.Write(pem.EncodeToMemory(b))
		}
	}
}

// takeKeys takes the private keys out of all texts in a part of a file, those
// of a newer version too. We write none: somebody did by hand.
func takeKeys(part any) (keys string) {
	switch part := part.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(part)) {
			text, ok := part[name].(string)
			if !ok {
				keys += takeKeys(part[name])
				continue
			}
			public, private := certs.Split(text)
			if keys += private; private != "" {
				part[name] = public
			}
		}
	case []any:
		for _, item := range part {
			keys += takeKeys(item)
		}
	}
	return keys
}

// putBack is the inverse of takeOut.
func putBack(it *moving.Item, name string, value app.Secret) {
	for _, kind := range app.SecretKinds() {
		if moving.SecretName(kind) == name {
			it.Secrets = append(it.Secrets, moving.Secret{Kind: kind, Value: value})
		}
	}
	link := &it.Profile.Link
	if number, ok := strings.CutPrefix(name, headerName); ok {
		if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(link.Headers) {
			link.Headers[i].Value = value.Reveal()
		}
	}
	if name == pathName {
		link.Path = value.Reveal()
		takeQuery(it)
	}
}

// takeQuery moves the query of the path, which older programs and people left
// there, to the secrets.
func takeQuery(it *moving.Item) {
	link, query := app.TakeQuery(it.Profile.Link)
	if it.Profile.Link = link; query != "" {
		it.Secrets = append(it.Secrets, moving.Secret{Kind: app.SecretQuery, Value: query})
	}
}

// takeHeaders makes the headers secret whose names say so, and moves the values
// of all secret ones to the secrets.
func takeHeaders(it *moving.Item) {
	link := &it.Profile.Link
	link.Headers = slices.Clone(link.Headers)
	for i, h := range link.Headers {
		link.Headers[i].Secret = h.Secret || app.NamesSecret(h.Name)
	}
	bare, given := app.TakeHeaders(link.Headers)
	if link.Headers = bare; given == "" {
		return
	}
	i := slices.IndexFunc(it.Secrets, func(s moving.Secret) bool { return s.Kind == app.SecretHeaders })
	if i < 0 {
		it.Secrets = append(it.Secrets, moving.Secret{Kind: app.SecretHeaders, Value: given})
		return
	}
	it.Secrets[i].Value = app.MergeHeaders(bare, it.Secrets[i].Value, given)
}
