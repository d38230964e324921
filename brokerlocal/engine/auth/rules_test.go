package auth

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidings/app/mqtt/topic"
)

func parseRules(t interface {
	Helper()
	Fatal(...any)
}, text string) *Rules {
	t.Helper()
	rules, err := ParseRules("acl", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// TestVerdicts holds every verdict of the table, those that grant and those
// that refuse.
func TestVerdicts(t *testing.T) {
	for _, tt := range ruleTable() {
		t.Run(tt.name, func(t *testing.T) {
			rules := parseRules(t, tt.rules)
			var write, read []string
			for _, c := range tt.clients {
				for _, topic := range tt.topics {
					if rules.Write(&c, topic) {
						write = append(write, c.ID+":"+topic)
					}
					if rules.Read(&c, topic) {
						read = append(read, c.ID+":"+topic)
					}
				}
			}
			if got := strings.Join(write, ", "); got != tt.write {
				t.Errorf("write: %s", got)
			}
			if got := strings.Join(read, ", "); got != tt.read {
				t.Errorf("read: %s", got)
			}
		})
	}
}

// TestVerdictsAreMosquittos asks a real mosquitto the questions of the table.
func TestVerdictsAreMosquittos(t *testing.T) {
	t.Parallel()
	for _, tt := range ruleTable() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rules := parseRules(t, tt.rules)
			file := writeFile(t, "acl", tt.rules+"\nuser root\ntopic #\ntopic $q/#\ntopic $r/#\n")
			address := mosquitto(t, "allow_anonymous true", "acl_file "+file)
			root, _ := dial(t, address, Client{ID: "root", User: "root"}, "")
			for _, c := range tt.clients {
				peer, _ := dial(t, address, c, "")
				peer.subscribe("#", "$q/#", "$r/#")
				for _, topic := range tt.topics {
					if !root.publish(topic) {
						t.Fatalf("root may not write %q", topic)
					}
					read := peer.received()[topic]
					write := peer.publish(topic)
					peer.received()
					if slices.Contains(tt.stricter, stricter{c.ID, c.User, topic}) {
						if !read || !write || rules.Read(&c, topic) || rules.Write(&c, topic) {
							t.Errorf("%q %q %q: no longer stricter", c.ID, c.User, topic)
						}
						continue
					}
					if got := rules.Read(&c, topic); got != read {
						t.Errorf("%q %q reads %q: %v, mosquitto says %v", c.ID, c.User, topic, got, read)
					}
					if got := rules.Write(&c, topic); got != write {
						t.Errorf("%q %q writes %q: %v, mosquitto says %v", c.ID, c.User, topic, got, write)
					}
				}
			}
		})
	}
}

func TestSysIsWrittenByNobody(t *testing.T) {
	rules := parseRules(t, "user ana\ntopic $SYS/#\ntopic #\npattern %u/#\npattern $SYS/%u\n")
	for _, a := range []Authorizer{AllowAll{}, newGuard(t, Config{Rules: rules}), newGuard(t, Config{Anonymous: true})} {
		for _, topic := range []string{"$SYS", "$SYS/", "$SYS/broker/uptime", "$SYS/ana"} {
			if a.Write(&Client{ID: "x", User: "ana"}, topic) || a.Write(&Client{ID: "x", User: "$SYS"}, topic) {
				t.Errorf("%T lets a client write %s", a, topic)
			}
		}
	}
	if !rules.Read(&Client{User: "ana"}, "$SYS/broker/uptime") || rules.Read(&Client{User: "$SYS"}, "$SYS/broker/uptime") {
		t.Error("reading $SYS is what a rule says, and no matter of one's own name")
	}
}

func TestSubscribe(t *testing.T) {
	const rules = "topic read open/#\nuser ana\ntopic read a/#\ntopic write w/#\ntopic deny a/secret/#\ntopic read s/+/t\ntopic read #\n" +
		"user bob\ntopic #\npattern read dev/%c/#\npattern deny dev/%c/private\npattern %u/#\n"
	ana, bob, carl := Client{ID: "a1", User: "ana"}, Client{ID: "b1", User: "bob"}, Client{ID: "c/1", User: "carl"}
	sys := Client{ID: "$SYS", User: "$SYS"}
	tests := []struct {
		name, filter string
		client       Client
		want         bool
	}{
		{"covered", "a/b/+", ana, true},
		{"a deny rule meets it", "a/#", ana, false},
		{"a deny rule meets it at the parent", "a/+", ana, false},
		{"inside what is denied", "a/secret/x", ana, false},
		{"everything, with a deny rule somewhere", "#", ana, false},
		{"a write rule alone", "w/x", Client{User: "nobody"}, false},
		{"beside all deny rules", "b/#", ana, true},
		{"dollar is not in #", "$SYS/#", ana, false},
		{"shared, the filter inside counts", "$share/g/a/b", ana, true},
		{"shared, denied inside", "$share/g/a/secret", ana, false},
		{"pattern", "dev/carl/#", Client{ID: "carl"}, false},
		{"pattern with a deny inside", "dev/x/#", Client{ID: "x"}, false},
		{"pattern beside its deny", "dev/x/public", Client{ID: "x"}, true},
		{"somebody else's", "dev/y/public", Client{ID: "x"}, false},
		{"a pattern denies what a user's rule grants", "#", bob, false},
		{"a user's rule beside it", "x/#", bob, true},
		{"wider than the pattern", "dev/+/public", Client{ID: "x"}, false},
		{"slash in the id", "dev/c/1/x", carl, false},
		{"own tree by user", "carl/#", carl, true},
		{"named like a wildcard", "+/x", Client{ID: "y", User: "+"}, false},
		{"named like a wildcard, as text", "dev/z/x", Client{ID: "+"}, false},
		{"named $SYS", "$SYS/#", sys, false},
		{"anonymous", "open/x", Client{ID: "x"}, true},
		{"not anonymous", "open/x", carl, false},
	}
	r := parseRules(t, rules)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := r.Subscribe(&tt.client, tt.filter); got != tt.want {
				t.Errorf("Subscribe(%+v, %q) = %v", tt.client, tt.filter, got)
			}
		})
	}
}

// TestGrantedFiltersAreDelivered: what a SUBACK granted, delivery grants too,
// whatever the rules, names and topics; nobody writes $SYS; and the verdict on
// one topic is the same as a subscription to it, but for a pattern's deny.
func TestGrantedFiltersAreDelivered(t *testing.T) {
	level := rapid.SampledFrom([]string{"a", "b", "%u", "%c", "x%u", "+", "$SYS", ""})
	plain := rapid.SampledFrom([]string{"a", "b", "ana", "c1", "xana", "$SYS", "", "a/b"})
	join := func(t *rapid.T, g *rapid.Generator[string], label string) string {
		return strings.Join(rapid.SliceOfN(g, 1, 3).Draw(t, label), "/")
	}
	names := rapid.SampledFrom([]string{"ana", "a", "a/b", "+", "#", "$SYS", "", "%c"})
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "rules") {
			word := rapid.SampledFrom([]string{"user ana\ntopic", "pattern"}).Draw(t, "word")
			access := rapid.SampledFrom([]string{"read", "write", "deny", "readwrite"}).Draw(t, "access")
			filter := join(t, level, "filter")
			if rapid.Bool().Draw(t, "hash") {
				filter += "/#"
			}
			if topic.ValidateFilter(filter) == nil {
				text.WriteString(word + " " + access + " " + filter + "\n")
			}
		}
		rules := parseRules(t, text.String())
		c := Client{ID: names.Draw(t, "id"), User: names.Draw(t, "user")}
		filter := join(t, rapid.SampledFrom([]string{"a", "b", "ana", "+", "c1", "$SYS", ""}), "asked")
		if rapid.Bool().Draw(t, "below") {
			filter += "/#"
		}
		name := join(t, plain, "topic")
		if topic.ValidateFilter(filter) != nil || topic.ValidateName(name) != nil {
			return
		}
		if rules.Subscribe(&c, filter) && topic.Match(filter, name) && !rules.Read(&c, name) {
			t.Fatalf("%+v may subscribe to %q and not read %q:\n%s", c, filter, name, text.String())
		}
	})
}

func TestParseRulesRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an unknown word", "topic a\nallow b\n", `acl:2: a rule begins with topic, pattern or user, not "allow"`},
		{"a capital letter", "Topic a\n", `acl:1: a rule begins with topic, pattern or user, not "Topic"`},
		{"a tab before the word", "\ttopic a\n", `acl:1: a rule begins with topic, pattern or user, not "\ttopic"`},
		{"no topic", "topic\n", "acl:1: the topic is missing"},
		{"no topic but blanks", "topic read   \n#\ntopic  \n", "acl:3: the topic is missing"},
		{"no user", "user  \n", "acl:1: the user name is missing"},
		{"an unknown access", "topic allow a\n", `acl:1: the access must be read, write, readwrite or deny, not "allow"`},
		{"spaces without an access", "topic a b\n", `acl:1: the access must be read, write, readwrite or deny, not "a"`},
		{"a bad filter", "\n\ntopic read a#\n", `acl:3: "a#" is no valid topic filter`},
		{"a bad pattern", "pattern read a/#/%u\n", `acl:1: "a/#/%u" is no valid topic filter`},
		{"a NUL", "topic read a\x00b\n", `acl:1: "a\x00b" is no valid topic filter`},
		{"no UTF-8 in a name", "user \xff\n", "acl:1: the user name is no UTF-8 text"},
		{"a byte order mark", "\ufefftopic a\n", `acl:1: a rule begins with topic, pattern or user, not "\ufefftopic"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := ParseRules("acl", []byte(tt.text))
			if r != nil || err == nil || err.Error() != tt.want {
				t.Errorf("rules %v, error %v", r, err)
			}
		})
	}
}

func TestNoRulesInAFileRefuseEverything(t *testing.T) {
	rules := parseRules(t, "# all gone\n")
	c := Client{ID: "a", User: "ana"}
	if rules.Len() != 0 || rules.Read(&c, "a") || rules.Write(&c, "a") || rules.Subscribe(&c, "a") {
		t.Error("a file that lost its rules opens the broker")
	}
	rules = nil
	if !rules.Read(&c, "a") || !rules.Write(&c, "a") || !rules.Subscribe(&c, "#") {
		t.Error("without a file everything is open")
	}
}

func FuzzParseRules(f *testing.F) {
	for _, tt := range ruleTable() {
		f.Add([]byte(tt.rules), "a1", "ana", "a/b")
	}
	f.Add([]byte("pattern %c%u%/#\npattern deny %"), "+", "#", "$SYS/x")
	f.Fuzz(func(t *testing.T, text []byte, id, user, name string) {
		rules, err := ParseRules("acl", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "acl:") {
				t.Errorf("an error that names no place: %v", err)
			}
			return
		}
		c := &Client{ID: id, User: user} // hostile, as everything of a peer
		rules.Read(c, name)
		if rules.Write(c, name) && isSys(name) {
			t.Errorf("%q may be written", name)
		}
		if topic.ValidateName(name) == nil && !strings.HasPrefix(name, "$share") &&
			rules.Subscribe(c, name) && !rules.Read(c, name) {
			t.Errorf("%+v may subscribe to %q and not read it", c, name)
		}
	})
}

func TestVerdictsAllocateNothing(t *testing.T) {
	rules := parseRules(t, handful)
	c := &Client{ID: "device-17", User: "ana"}
	if n := testing.AllocsPerRun(100, func() {
		rules.Write(c, "devices/device-17/state")
		rules.Read(c, "site/7/room/3/temperature")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// handful is what a small installation has.
const handful = `topic read public/#
user ana
topic read site/+/room/#
topic readwrite ana/#
topic deny site/9/#
pattern write devices/%c/state
pattern read devices/%c/command/#
`

func BenchmarkVerdict(b *testing.B) {
	rules := parseRules(b, handful)
	c := &Client{ID: "device-17", User: "ana"}
	guard := newGuard(b, Config{Rules: rules})
	for _, bb := range []struct {
		name  string
		judge func() bool
	}{
		{"write by the last pattern", func() bool { return guard.Write(c, "devices/device-17/state") }},
		{"read by a user's rule", func() bool { return guard.Read(c, "site/7/room/3/temperature") }},
		{"read refused by all", func() bool { return !guard.Read(c, "elsewhere/7/room/3/temperature") }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !bb.judge() {
					b.Fatal("wrong verdict")
				}
			}
		})
	}
}
