package auth

import (
	"strings"

	"tidings/app/mqtt/topic"
)

// access is what a rule grants; zero is a deny rule.
type access byte

const (
	deny  access = 0
	read  access = 1
	write access = 2
)

// Rules are the rules of an ACL file, in mosquitto's order of judgement:
//
//  1. the topic rules of the client's user (of the anonymous client, when it
//     has none): a deny rule that matches refuses, else a rule that matches
//     and has the access grants;
//  2. the pattern rules, which are for everybody, in the same way;
//  3. nothing matched: refused.
//
// So the order of lines does not matter, and a user's own rule goes before a
// pattern. Without any rule everything is refused.
//
// Rules never change and are safe for concurrent use. A nil *Rules allows
// all, as a broker without an ACL file does.
type Rules struct {
	users    map[string]*ruleSet // by user; "" is the anonymous client
	patterns ruleSet
	count    int
}

// ruleSet are the rules of one step.
type ruleSet struct{ deny, allow []rule }

type rule struct {
	access access
	head   string  // what every topic of the rule begins with
	tail   []token // the rest
	// dollar: the rule may match topics that begin with "$". A wildcard at
	// the root may not [MQTT-4.7.2-1]; nor may a pattern that grants and
	// begins with a name, or a client that calls itself "$SYS" could read the
	// broker's own topics.
	dollar       bool
	asksC, asksU bool // the pattern has %c, %u
}

func newRule(filter string, a access, pattern bool) rule {
	tokens := compile(filter, pattern)
	r := rule{access: a, tail: tokens}
	for _, t := range tokens {
		r.asksC = r.asksC || t.kind == clientID
		r.asksU = r.asksU || t.kind == userName
	}
	switch tokens[0].kind {
	case literal:
		r.head, r.tail, r.dollar = tokens[0].text, tokens[1:], true
	case clientID, userName:
		r.dollar = a == deny
	case below: // "/#"
		r.dollar = true
	case oneLevel, everything:
	}
	return r
}

func (s *ruleSet) add(r rule) {
	if r.access == deny {
		s.deny = append(s.deny, r)
	} else {
		s.allow = append(s.allow, r)
	}
}

// Len returns the number of rules.
func (r *Rules) Len() int {
	if r == nil {
		return 0
	}
	return r.count
}

// Write says whether c may publish to topic. Nobody may write to $SYS.
func (r *Rules) Write(c *Client, topic string) bool {
	return !isSys(topic) && (r == nil || r.judge(c, topic, write))
}

// Read says whether a message may be delivered to c.
func (r *Rules) Read(c *Client, topic string) bool {
	return r == nil || r.judge(c, topic, read)
}

// judge asks first what grants, since most rules are ruled out by the start
// of the topic; what refuses is asked about the little that remains.
func (r *Rules) judge(c *Client, topic string, a access) bool {
	own := r.users[c.User]
	if own.allows(c, topic, a) {
		return !own.denies(c, topic)
	}
	return r.patterns.allows(c, topic, a) && !r.patterns.denies(c, topic) && !own.denies(c, topic) && !wild(c)
}

func (s *ruleSet) denies(c *Client, topic string) bool {
	if s == nil {
		return false
	}
	for i := range s.deny {
		if r := &s.deny[i]; strings.HasPrefix(topic, r.head) && r.matches(c, topic) && r.speaksOf(c) {
			return true
		}
	}
	return false
}

func (s *ruleSet) allows(c *Client, topic string, a access) bool {
	if s == nil {
		return false
	}
	for i := range s.allow {
		if r := &s.allow[i]; r.access&a != 0 && strings.HasPrefix(topic, r.head) && r.matches(c, topic) && r.grantsTo(c) {
			return true
		}
	}
	return false
}

// matches judges a topic that begins with the rule's head.
func (r *rule) matches(c *Client, topic string) bool {
	return (r.dollar || topic == "" || topic[0] != '$') && match(r.tail, topic[len(r.head):], c)
}

// speaksOf reports whether the rule has a meaning for c: a pattern with %u
// has none for the anonymous client.
func (r *rule) speaksOf(c *Client) bool { return !r.asksU || c.User != "" }

// grantsTo reports whether a rule that grants may do so for c. A name with a
// slash would reach from the one level that is its own into those of others,
// so a pattern grants nothing through it; a deny pattern takes it as it is.
func (r *rule) grantsTo(c *Client) bool {
	return r.speaksOf(c) &&
		!(r.asksC && strings.IndexByte(c.ID, '/') >= 0) &&
		!(r.asksU && strings.IndexByte(c.User, '/') >= 0)
}

// wild reports whether c is named like a wildcard: the patterns do not speak
// for such a client at all. Names are compared literally and could do no
// harm; but mosquitto refuses here, and verdicts shall be the same.
func wild(c *Client) bool {
	return strings.IndexByte(c.ID, '+') >= 0 || strings.IndexByte(c.ID, '#') >= 0 ||
		strings.IndexByte(c.User, '+') >= 0 || strings.IndexByte(c.User, '#') >= 0
}

// Subscribe says whether one rule lets c read every topic that filter
// matches and no deny rule for c meets it. It is stricter than delivery,
// which asks about one topic at a time: so what is granted is delivered,
// and what is refused is refused in the SUBACK, where it can be seen.
func (r *Rules) Subscribe(c *Client, filter string) bool {
	if r == nil {
		return true
	}
	_, filter, _ = topic.SplitShared(filter)
	own := r.users[c.User]
	if own.meets(c, filter) || r.patterns.meets(c, filter) {
		return false
	}
	return own.covers(c, filter) || !wild(c) && r.patterns.covers(c, filter)
}

func (s *ruleSet) meets(c *Client, filter string) bool {
	if s == nil {
		return false
	}
	for _, r := range s.deny {
		if r.speaksOf(c) && topic.Intersects(r.head+expand(r.tail, c), filter) {
			return true
		}
	}
	return false
}

func (s *ruleSet) covers(c *Client, filter string) bool {
	if s == nil {
		return false
	}
	for _, r := range s.allow {
		if r.access&read != 0 && r.grantsTo(c) && (r.dollar || filter == "" || filter[0] != '$') &&
			topic.Covers(r.head+expand(r.tail, c), filter) {
			return true
		}
	}
	return false
}
