package doctor

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/session/adapter"
)

// shortest is the length of the shortest secret that is looked for, in bytes:
// a shorter one stands in every text.
const shortest = 3

// secrets returns every text that must not show up in a report, as it stands
// or as it goes over the wire. A hostile peer may send back what it was sent.
func secrets(o app.ConnectOptions) []string {
	list := []string{o.Password.Reveal(), o.ProxyPassword.Reveal(), o.KeyPassphrase.Reveal(), o.ClientKey.Reveal()}
	for _, pair := range []string{o.User + ":" + o.Password.Reveal(), o.Link.Proxy.User + ":" + o.ProxyPassword.Reveal()} {
		if len(pair) > shortest {
			list = append(list, base64.StdEncoding.EncodeToString([]byte(pair)))
		}
	}
	for _, h := range o.Link.Headers {
		list = append(list, h.Value)
	}
	if _, query, ok := strings.Cut(o.Link.Path, "?"); ok {
		list = append(list, query)
	}
	for _, s := range list { // as an error of Go quotes it
		list = append(list, strings.Trim(strconv.Quote(s), `"`))
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // one may hold another
	return list
}

// clean returns a peer's or a library's text as one line without secrets.
func (d *Doctor) clean(s string) string {
	for _, secret := range d.secrets {
		if len(secret) >= shortest {
			s = strings.ReplaceAll(s, secret, app.Secret(secret).String())
		}
	}
	return adapter.Said(s)
}

// cleanText cleans the arguments of a text.
func (d *Doctor) cleanText(t app.Text) app.Text {
	if len(t.Args) == 0 {
		return t
	}
	args := make(map[string]any, len(t.Args))
	for name, v := range t.Args {
		switch v := v.(type) {
		case string:
			args[name] = d.clean(v)
		case app.Text:
			args[name] = d.cleanText(v)
		default:
			args[name] = v
		}
	}
	t.Args = args
	return t
}
