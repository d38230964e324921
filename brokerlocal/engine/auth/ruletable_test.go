package auth

// ruleCase is an ACL file and what it grants.
type ruleCase struct {
	name, rules string
	clients     []Client
	topics      []string
	write, read string     // all that is granted: "<client id>:<topic>", parted by ", "
	stricter    []stricter // where we refuse what mosquitto grants, on purpose
}

// stricter is a verdict that differs from mosquitto's.
type stricter struct{ id, user, topic string }

// ruleTable is judged by us and, in TestVerdictsAreMosquittos, by mosquitto.
// Of each case, every client asks for every topic.
func ruleTable() []ruleCase {
	ana, bob, nobody := Client{ID: "a1", User: "ana"}, Client{ID: "b1", User: "bob"}, Client{ID: "n1"}
	everyone := []Client{ana, bob, nobody}
	return []ruleCase{
		{name: "a rule is for its own topic", rules: "user ana\ntopic a/b\n", clients: everyone,
			topics: []string{"a/b", "a/b/secret", "a", "a/b/", "A/b"},
			write:  "a1:a/b", read: "a1:a/b"},
		{name: "accesses", rules: "user ana\ntopic read r\ntopic write w\ntopic readwrite rw\ntopic both\ntopic deny d\n", clients: everyone,
			topics: []string{"r", "w", "rw", "both", "d"},
			write:  "a1:w, a1:rw, a1:both", read: "a1:r, a1:rw, a1:both"},
		{name: "before any user: anonymous alone", rules: "topic a\nuser ana\ntopic b\n", clients: everyone,
			topics: []string{"a", "b"},
			write:  "a1:b, n1:a", read: "a1:b, n1:a"},
		{name: "wildcards", rules: "user ana\ntopic a/+/c\ntopic b/#\ntopic +/x\n", clients: []Client{ana},
			topics: []string{"a/b/c", "a//c", "a/b/d", "b", "b/", "b/c/d", "bb", "q/x", "$q/x"},
			write:  "a1:a/b/c, a1:a//c, a1:b, a1:b/, a1:b/c/d, a1:q/x", read: "a1:a/b/c, a1:a//c, a1:b, a1:b/, a1:b/c/d, a1:q/x"},
		{name: "a root wildcard is not for dollar", rules: "user ana\ntopic #\nuser bob\ntopic $q/#\n", clients: everyone,
			topics: []string{"a", "$q/a", "$q"},
			write:  "a1:a, b1:$q/a, b1:$q", read: "a1:a, b1:$q/a, b1:$q"},
		{name: "deny after allow", rules: "user ana\ntopic #\ntopic deny secret/#\n", clients: []Client{ana},
			topics: []string{"a", "secret", "secret/a"},
			write:  "a1:a", read: "a1:a"},
		{name: "deny before allow", rules: "user ana\ntopic deny secret/#\ntopic #\ntopic read secret/a\n", clients: []Client{ana},
			topics: []string{"a", "secret", "secret/a"},
			write:  "a1:a", read: "a1:a"},
		{name: "a second rule adds access", rules: "user ana\ntopic read a\ntopic write a\n", clients: []Client{ana},
			topics: []string{"a"},
			write:  "a1:a", read: "a1:a"},
		{name: "a user named twice", rules: "user ana\ntopic a\nuser bob\ntopic b\nuser ana\ntopic c\n", clients: everyone,
			topics: []string{"a", "b", "c"},
			write:  "a1:a, a1:c, b1:b", read: "a1:a, a1:c, b1:b"},
		{name: "spaces in topics and names", rules: "user ana\ntopic read two  words /x \nuser ana maria\ntopic write  b c\n",
			clients: []Client{ana, {ID: "m1", User: "ana maria"}},
			topics:  []string{"two  words /x", "two words /x", "b c", " b c"},
			write:   "m1:b c", read: "a1:two  words /x"},
		{name: "patterns are for everybody", rules: "pattern read %u/in/#\npattern write dev/%c/out\npattern open\n", clients: everyone,
			topics: []string{"ana/in/x", "bob/in", "/in/x", "dev/a1/out", "dev/n1/out", "dev/a1/out/x", "open"},
			write:  "a1:dev/a1/out, a1:open, b1:open, n1:dev/n1/out, n1:open",
			read:   "a1:ana/in/x, a1:open, b1:bob/in, b1:open, n1:open"},
		{name: "a pattern inside a level and twice", rules: "pattern x-%u-%c/%u/+\n", clients: everyone,
			topics: []string{"x-ana-a1/ana/z", "x-ana-a1/bob/z", "x-ana-b1/ana/z", "x--n1//z"},
			write:  "a1:x-ana-a1/ana/z", read: "a1:x-ana-a1/ana/z"},
		{name: "%u in a topic line is text", rules: "user ana\ntopic %u/%c\n", clients: []Client{ana},
			topics: []string{"ana/a1", "%u/%c"},
			write:  "a1:%u/%c", read: "a1:%u/%c"},
		{name: "a user's rule goes before a pattern", rules: "user ana\ntopic a/#\nuser bob\ntopic deny a/#\npattern deny a/%c\npattern a/+\n",
			clients: everyone,
			topics:  []string{"a/a1", "a/b1", "a/n1", "a/z"},
			write:   "a1:a/a1, a1:a/b1, a1:a/n1, a1:a/z, n1:a/a1, n1:a/b1, n1:a/z", read: "a1:a/a1, a1:a/b1, a1:a/n1, a1:a/z, n1:a/a1, n1:a/b1, n1:a/z"},
		{name: "a pattern's deny goes before a pattern's grant", rules: "pattern p/#\npattern deny p/%u/#\n", clients: everyone,
			topics: []string{"p/ana", "p/bob", "p//x", "p/z"},
			write:  "a1:p/bob, a1:p//x, a1:p/z, b1:p/ana, b1:p//x, b1:p/z, n1:p/ana, n1:p/bob, n1:p//x, n1:p/z",
			read:   "a1:p/bob, a1:p//x, a1:p/z, b1:p/ana, b1:p//x, b1:p/z, n1:p/ana, n1:p/bob, n1:p//x, n1:p/z"},
		{name: "a user's read does not hide a pattern's write", rules: "user ana\ntopic read a\npattern write a\n", clients: []Client{ana},
			topics: []string{"a"}, write: "a1:a", read: "a1:a"},
		{name: "names like wildcards", rules: "user ana\ntopic own\npattern dev/%c/#\npattern home/%u/#\npattern all\n",
			clients: []Client{{ID: "+", User: "ana"}, {ID: "#"}, {ID: "c", User: "+"}, {ID: "d", User: "x#"}, {ID: "a+b", User: "ana"}},
			topics:  []string{"dev/x/y", "home/ana/y", "home/bob", "home/x/y", "own", "all", "dev/c/y"},
			write:   "+:own, a+b:own", read: "+:own, a+b:own"},
		{name: "names with slashes", rules: "pattern dev/%c/#\npattern home/%u/#\npattern all\n",
			clients: []Client{{ID: "a/b", User: "ana"}, {ID: "c", User: "ana/x"}},
			topics:  []string{"dev/a/b", "dev/a/b/x", "dev/a", "home/ana/x", "home/ana/x/y", "home/ana", "all", "dev/c"},
			write:   "a/b:home/ana/x, a/b:home/ana/x/y, a/b:home/ana, a/b:all, c:all, c:dev/c", read: "a/b:home/ana/x, a/b:home/ana/x/y, a/b:home/ana, a/b:all, c:all, c:dev/c",
			stricter: []stricter{{"a/b", "ana", "dev/a/b"}, {"a/b", "ana", "dev/a/b/x"}, {"c", "ana/x", "home/ana/x"}, {"c", "ana/x", "home/ana/x/y"}}},
		{name: "a deny pattern takes names with slashes as they are", rules: "pattern p/#\npattern deny p/%c/#\n",
			clients: []Client{{ID: "a/b"}},
			topics:  []string{"p/a", "p/a/b", "p/a/b/c", "p/b"},
			write:   "a/b:p/a, a/b:p/b", read: "a/b:p/a, a/b:p/b"},
		{name: "a client named like a dollar tree", rules: "pattern %c/#\npattern %u/x\n",
			clients: []Client{{ID: "$q", User: "$r"}, {ID: "c1", User: "ana"}},
			topics:  []string{"$q/x", "$r/x", "c1/x", "ana/x"},
			write:   "c1:c1/x, c1:ana/x", read: "c1:c1/x, c1:ana/x",
			stricter: []stricter{{"$q", "$r", "$q/x"}, {"$q", "$r", "$r/x"}}},
		{name: "comments, empty lines, CRLF", rules: "# user bob\n\n   \nuser ana\r\ntopic a\r\n#topic b\n", clients: []Client{ana},
			topics: []string{"a", "b"}, write: "a1:a", read: "a1:a"},
		{name: "the last line without an end", rules: "user ana\ntopic a", clients: []Client{ana},
			topics: []string{"a", "b"}, write: "a1:a", read: "a1:a"},
	}
}
