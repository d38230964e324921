// Package hush takes the secrets of a connection out of what its peers and the
// libraries say. A hostile or careless broker, proxy or web server may send
// back what it was sent, and what it says goes to the screen and the log.
package hush

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidings/app"
)

// shortest is the length of the shortest secret that is looked for, in bytes:
// a shorter one stands in every text.
const shortest = 3

// Secrets are the texts that must not show. The zero value knows none. Safe
// for concurrent use.
type Secrets struct{ texts []string }

// Of returns the secrets of a connection, as they stand, as they go over the
// wire, and as Go quotes them.
func Of(o app.ConnectOptions) Secrets {
	list := []string{o.Password.Reveal(), o.ProxyPassword.Reveal(), o.KeyPassphrase.Reveal(), o.ClientKey.Reveal()}
	for _, pair := range []string{o.User + ":" + o.Password.Reveal(), o.Link.Proxy.User + ":" + o.ProxyPassword.Reveal()} {
		if !strings.HasSuffix(pair, ":") {
			list = append(list, base64.StdEncoding.EncodeToString([]byte(pair)))
		}
	}
	for _, h := range o.Link.Headers {
		list = append(list, h.Value)
		// A token may come back without the scheme before it (RFC 9110 §11.4).
		if _, token, _ := strings.Cut(strings.TrimSpace(h.Value), " "); h.Secret || len(token) >= shortestWord {
			list = append(list, strings.TrimSpace(token))
		}
		list = append(list, basic(h.Value)...)
	}
	if _, query, ok := strings.Cut(o.Link.Path, "?"); ok {
		list = append(list, query)
		list = append(list, valuesOf(query)...)
	}
	for _, s := range list {
		list = append(list, strings.Trim(strconv.Quote(s), `"`))
	}
	list = slices.DeleteFunc(list, func(s string) bool { return len(s) < shortest })
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // one may hold another
	return Secrets{slices.Compact(list)}
}

// basic returns what is secret of user and password in the value of a header, as
// a peer decodes it: the pair and the password (RFC 7617 §2).
func basic(value string) []string {
	scheme, token, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return nil
	}
	token = strings.TrimRight(strings.TrimSpace(token), "=")
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if pair, err := alphabet.DecodeString(token); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			return []string{string(pair), password}
		}
	}
	return nil
}

// shortestWord is the length of the shortest part of a query or of an open
// header that is looked for by itself: shorter ones are names such as "mqtt".
const shortestWord = 8

// valuesOf returns the longer values of a query, as they stand and decoded.
func valuesOf(query string) (list []string) {
	for part := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(part, "=")
		if len(value) < shortestWord {
			continue
		}
		list = append(list, value)
		if plain, err := url.QueryUnescape(value); err == nil {
			list = append(list, plain)
		}
	}
	return list
}

// Line returns s with every secret in it overwritten.
func (x Secrets) Line(s string) string {
	for _, secret := range x.texts {
		s = strings.ReplaceAll(s, secret, app.Secret(secret).String())
	}
	return s
}

// Blank returns b with stars for every byte of a secret: a packet keeps its
// form.
func (x Secrets) Blank(b []byte) []byte {
	for _, secret := range x.texts {
		b = bytes.ReplaceAll(b, []byte(secret), bytes.Repeat([]byte("*"), len(secret)))
	}
	return b
}

// Text returns t with every secret in its arguments overwritten.
func (x Secrets) Text(t app.Text) app.Text {
	if len(t.Args) == 0 {
		return t
	}
	args := make(map[string]any, len(t.Args))
	for name, v := range t.Args {
		switch v := v.(type) {
		case string:
			args[name] = x.Line(v)
		case app.Text:
			args[name] = x.Text(v)
		default:
			args[name] = v
		}
	}
	t.Args = args
	return t
}

// Cause returns err, or an error that says the same without secrets and wraps
// it. It returns nil for nil.
func (x Secrets) Cause(err error) error {
	if err == nil {
		return nil
	}
	if clean := x.Line(err.Error()); clean != err.Error() {
		return &hushed{clean, err}
	}
	return err
}

// Error returns a copy of e without secrets, nil for nil.
func (x Secrets) Error(e *app.Error) *app.Error {
	if e == nil || len(x.texts) == 0 {
		return e
	}
	clean := *e
	clean.What, clean.Do, clean.Cause = x.Text(e.What), x.Text(e.Do), x.Cause(e.Cause)
	return &clean
}

// hushed is an error with other words.
type hushed struct {
	text string
	err  error
}

// Error implements error.
func (h *hushed) Error() string { return h.text }

// Unwrap returns the error itself.
func (h *hushed) Unwrap() error { return h.err }
