package app

import "strings"

// The query of a WebSocket's URL is one secret, SecretQuery, whole: brokers
// behind a web server take tokens there, under any name.

// TakeQuery returns o without the query of its path, and that query, without
// the question mark. In the path of a socket a question mark is a letter.
func TakeQuery(o LinkOptions) (bare LinkOptions, query Secret) {
	if o.Transport == TransportUnix {
		return o, ""
	}
	path, after, _ := strings.Cut(o.Path, "?")
	o.Path, o.SecretQuery = path, o.SecretQuery || after != ""
	return o, Secret(after)
}

// FillQuery returns o with the query in its path that belongs there; query may
// begin with the question mark. One that is in the path already stays.
func FillQuery(o LinkOptions, query Secret) LinkOptions {
	after := strings.TrimPrefix(query.Reveal(), "?")
	if lacksQuery(o) && after != "" {
		o.Path += "?" + after
	}
	return o
}

// lacksQuery reports whether the path of a WebSocket is without its query.
func lacksQuery(o LinkOptions) bool {
	return o.Transport == TransportWS && o.SecretQuery && !strings.Contains(o.Path, "?")
}
