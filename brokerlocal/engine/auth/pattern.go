package auth

import "strings"

// kind says what a token of a rule stands for.
type kind byte

const (
	literal    kind = iota
	oneLevel        // +
	below           // "#" after a slash, the level above it included (MQTT 5.0 §4.7.1.2)
	everything      // "#" alone
	clientID        // %c in a pattern
	userName        // %u in a pattern
)

// token is a piece of a rule's filter. Names are put in while matching and
// compared byte by byte: whatever stands in them is never a wildcard.
type token struct {
	kind kind
	text string // of a literal
}

// compile cuts a valid filter into tokens; of a pattern, %c and %u too,
// wherever they stand.
func compile(filter string, pattern bool) []token {
	if filter == "#" {
		return []token{{kind: everything}}
	}
	body, hash := strings.CutSuffix(filter, "/#")
	var tokens []token
	flush := func(text string) {
		if text != "" {
			tokens = append(tokens, token{literal, text})
		}
	}
	start := 0
	for i := 0; i < len(body); i++ {
		k, width := literal, 1
		switch {
		case body[i] == '+':
			k = oneLevel
		case pattern && strings.HasPrefix(body[i:], "%c"):
			k, width = clientID, 2
		case pattern && strings.HasPrefix(body[i:], "%u"):
			k, width = userName, 2
		}
		if k != literal {
			flush(body[start:i])
			tokens = append(tokens, token{kind: k})
			start = i + width
			i = start - 1
		}
	}
	flush(body[start:])
	if hash {
		tokens = append(tokens, token{kind: below})
	}
	return tokens
}

// match reports whether topic is what tokens describe, for client c.
func match(tokens []token, topic string, c *Client) bool {
	for i := range tokens {
		text := tokens[i].text
		switch tokens[i].kind {
		case everything:
			return true
		case below:
			return topic == "" || topic[0] == '/'
		case oneLevel:
			if end := strings.IndexByte(topic, '/'); end >= 0 {
				topic = topic[end:]
			} else {
				topic = ""
			}
			continue
		case clientID:
			text = c.ID
		case userName:
			text = c.User
		case literal:
		}
		if len(topic) < len(text) || topic[:len(text)] != text {
			return false
		}
		topic = topic[len(text):]
	}
	return topic == ""
}

// expand returns the filter that tokens stand for, for client c.
func expand(tokens []token, c *Client) string {
	var b strings.Builder
	for _, t := range tokens {
		switch t.kind {
		case everything:
			b.WriteByte('#')
		case below:
			b.WriteString("/#")
		case oneLevel:
			b.WriteByte('+')
		case clientID:
			b.WriteString(c.ID)
		case userName:
			b.WriteString(c.User)
		case literal:
			b.WriteString(t.text)
		}
	}
	return b.String()
}
