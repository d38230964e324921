package auth

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"tidings/app"
)

// withUsers returns users of these names whose password is "right", and one
// called "imported" who has a hash alone.
func withUsers(t testing.TB, names ...string) *Users {
	t.Helper()
	h, err := newHash("right", 101)
	if err != nil {
		t.Fatal(err)
	}
	u, err := ParseUsers("passwd", []byte("imported:"+h.String()))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if u, err = u.With(name, "right", 101); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

func scramClient(t testing.TB, user, password, authz string) *scram.Client {
	t.Helper()
	c, err := scram.SHA256.NewClient(user, password, authz)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// converse runs a whole exchange with the library's client and returns the
// last step and whether the client believes the server.
func converse(t testing.TB, g *Guard, c *scram.ClientConversation, l Login) (last Step, believed bool) {
	t.Helper()
	e := g.Begin(MethodSCRAM, l)
	if e == nil {
		t.Fatal("no exchange")
	}
	defer e.Close()
	said, err := c.Step("")
	if err != nil {
		t.Fatal(err)
	}
	for {
		last = e.Step(t.Context(), []byte(said))
		if last.Code.IsError() {
			return last, false
		}
		if said, err = c.Step(string(last.Data)); err != nil {
			t.Logf("the client: %v", err)
		}
		if last.Code != ReasonContinue {
			return last, c.Valid()
		}
	}
}

func TestSCRAM(t *testing.T) {
	g := newGuard(t, Config{Users: withUsers(t, "ana", "наталья", "a=b,c")})
	tests := []struct {
		name, user, password, authz string
		login                       Login
		want                        app.ReasonCode
		cause                       string
	}{
		{name: "right", user: "ana", password: "right"},
		{name: "beyond ASCII", user: "наталья", password: "right"},
		{name: "a name that needs escapes", user: "a=b,c", password: "right"},
		{name: "the name in the CONNECT does not count", user: "ana", password: "right", login: Login{Client: Client{User: "root"}}},
		{name: "authorised as oneself", user: "ana", password: "right", authz: "ana"},
		{name: "as another", user: "ana", password: "right", authz: "наталья", want: 0x86, cause: "to act as another user is not offered"},
		{name: "wrong password", user: "ana", password: "wrong", want: 0x86, cause: "wrong password, unknown user, or a broken SCRAM message"},
		{name: "unknown user", user: "bob", password: "right", want: 0x86, cause: "wrong password, unknown user, or a broken SCRAM message"},
		{name: "imported", user: "imported", password: "right", want: 0x86, cause: "this user has no SCRAM record: the password was imported; set it again"},
		{name: "again", user: "ana", password: "right", login: Login{Again: true, Authenticated: "ana"}},
		{name: "again as another", user: "ana", password: "right", login: Login{Again: true, Authenticated: "наталья"}, want: 0x87, cause: "a re-authentication as another user"},
		{name: "again with a wrong password", user: "ana", password: "wrong", login: Login{Again: true, Authenticated: "ana"}, want: 0x87, cause: "wrong password, unknown user, or a broken SCRAM message"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step, believed := converse(t, g, scramClient(t, tt.user, tt.password, tt.authz).NewConversation(), tt.login)
			if step.Code != tt.want || step.Cause != tt.cause || believed != (tt.want == 0) {
				t.Errorf("%v %q, the client believes it: %v", step.Code, step.Cause, believed)
			}
			if step.OK() && step.User != tt.user || !step.OK() && (step.User != "" || len(step.Data) != 0) {
				t.Errorf("user %q, data %q", step.User, step.Data)
			}
		})
	}
}

func TestSCRAMOfAnEmojiPassword(t *testing.T) {
	u, err := NewUsers().With("ana", "🔑", 101)
	if err != nil {
		t.Fatal(err)
	}
	c, err := scram.SHA256.NewClientUnprepped("ana", "🔑", "")
	if err != nil {
		t.Fatal(err)
	}
	if step, believed := converse(t, newGuard(t, Config{Users: u}), c.NewConversation(), Login{}); !step.OK() || !believed {
		t.Errorf("%v %s", step.Code, step.Cause)
	}
}

func TestUnknownMethodHasNoExchange(t *testing.T) {
	g := newGuard(t, Config{Users: withUsers(t, "ana")})
	for _, method := range []string{"", "SCRAM-SHA-1", "scram-sha-256", "SCRAM-SHA-256-PLUS", "PLAIN"} {
		if g.Begin(method, Login{}) != nil {
			t.Errorf("%q is known", method)
		}
	}
	if newGuard(t, Config{Anonymous: true}).Begin(MethodSCRAM, Login{}) != nil {
		t.Error("SCRAM without users")
	}
}

// TestSCRAMChannelBinding: "n" and "y" are as good as each other where no
// binding is offered; "p" wants what we do not have (RFC 5802 §6).
func TestSCRAMChannelBinding(t *testing.T) {
	g := newGuard(t, Config{Users: withUsers(t, "ana")})
	c := scramClient(t, "ana", "right", "")
	if step, believed := converse(t, g, c.NewConversationAdvertisingChannelBinding(), Login{}); !step.OK() || !believed {
		t.Errorf("y: %v %s", step.Code, step.Cause)
	}
	bound := c.NewConversationWithChannelBinding(scram.NewTLSUniqueBinding([]byte("finished")))
	if step, _ := converse(t, g, bound, Login{}); step.Code != app.ReasonBadUserPassword {
		t.Errorf("p: %v %s", step.Code, step.Cause)
	}
	// The flag is part of what is proved: it cannot be changed on the way.
	e := g.Begin(MethodSCRAM, Login{})
	conversation := c.NewConversationAdvertisingChannelBinding()
	first, _ := conversation.Step("")
	step := e.Step(t.Context(), []byte("n"+strings.TrimPrefix(first, "y")))
	final, err := conversation.Step(string(step.Data))
	if err != nil {
		t.Fatal(err)
	}
	if step = e.Step(t.Context(), []byte(final)); step.Code != app.ReasonBadUserPassword {
		t.Errorf("y changed into n: %v", step.Code)
	}
}

func TestSCRAMHostile(t *testing.T) {
	g := newGuard(t, Config{Users: withUsers(t, "ana")})
	good := func() (e Exchange, c *scram.ClientConversation, server string) {
		e, c = g.Begin(MethodSCRAM, Login{}), scramClient(t, "ana", "right", "").NewConversation()
		first, _ := c.Step("")
		return e, c, string(e.Step(t.Context(), []byte(first)).Data)
	}
	refused := func(t *testing.T, e Exchange, data string) {
		t.Helper()
		if s := e.Step(t.Context(), []byte(data)); !s.Code.IsError() || len(s.Data) != 0 {
			t.Errorf("%.60q: %v %q", data, s.Code, s.Data)
		}
		if s := e.Step(t.Context(), []byte("n,,n=ana,r=abc")); s.Code != app.ReasonProtocolError {
			t.Errorf("after the end: %v", s.Code)
		}
	}
	for _, garbage := range []string{"", "n", "n,,", "n,,n=ana", "n,,n=a=ZZb,r=x", "n,,m=x,n=ana,r=x", "x,,n=ana,r=x", "\xff\x00\x00",
		"p=tls-unique,,n=ana,r=x", strings.Repeat("n,,n=ana,r=", 1000), ",,,,,,,", "c=biws,r=x,p=x"} {
		refused(t, g.Begin(MethodSCRAM, Login{}), garbage)
	}
	for name, change := range map[string]func(final string) string{
		"wrong order":  func(string) string { return "n,,n=ana,r=again" },
		"empty":        func(string) string { return "" },
		"no proof":     func(s string) string { return s[:strings.LastIndex(s, ",p=")] },
		"empty proof":  func(s string) string { return s[:strings.LastIndex(s, ",p=")] + ",p=" },
		"short proof":  func(s string) string { return s[:strings.LastIndex(s, ",p=")] + ",p=AAAA" },
		"other nonce":  func(s string) string { return strings.Replace(s, ",r=", ",r=X", 1) },
		"other header": func(s string) string { return "c=eSws" + s[strings.Index(s, ",r="):] },
	} {
		t.Run(name, func(t *testing.T) {
			e, c, server := good()
			final, err := c.Step(server)
			if err != nil {
				t.Fatal(err)
			}
			refused(t, e, change(final))
		})
	}
	t.Run("replayed", func(t *testing.T) {
		e, c, server := good()
		final, _ := c.Step(server)
		if s := e.Step(t.Context(), []byte(final)); !s.OK() {
			t.Fatalf("%v %s", s.Code, s.Cause)
		}
		e, _, _ = good()
		refused(t, e, final)
		same := g.Begin(MethodSCRAM, Login{}) // even with the client's own nonce
		nonce := strings.Split(strings.TrimPrefix(server, "r="), ",")[0][:32]
		if s := same.Step(t.Context(), []byte("n,,n=ana,r="+nonce)); s.Code != ReasonContinue || string(s.Data) == server {
			t.Fatalf("%v %q", s.Code, s.Data)
		}
		refused(t, same, final)
	})
	t.Run("the time is over", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if s := g.Begin(MethodSCRAM, Login{}).Step(ctx, []byte("n,,n=ana,r=abc")); s.Code != app.ReasonServerBusy {
			t.Errorf("%v", s.Code)
		}
	})
}

// TestSCRAMDoesNotTellWhoExists: for a name nobody has, and for one without a
// record, the first answer looks like that for a user: the same number of
// iterations, a salt of the same length that is the same each time, also
// after a restart, and another for another name.
func TestSCRAMDoesNotTellWhoExists(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwd")
	if err := withUsers(t, "ana").Save(path); err != nil {
		t.Fatal(err)
	}
	answer := func(user string) (salt, rest string) {
		u, err := LoadUsers(path) // as after a restart
		if err != nil {
			t.Fatal(err)
		}
		e := newGuard(t, Config{Users: u}).Begin(MethodSCRAM, Login{})
		s := e.Step(t.Context(), []byte("n,,n="+user+",r=abc"))
		parts := strings.Split(string(s.Data), ",")
		if s.Code != ReasonContinue || len(parts) != 3 {
			t.Fatalf("%s: %v %q", user, s.Code, s.Data)
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(parts[1], "s="))
		if err != nil || len(raw) != scramSaltBytes {
			t.Errorf("%s: salt %q", user, parts[1])
		}
		return parts[1], parts[2]
	}
	known, rest := answer("ana")
	for _, name := range []string{"bob", "carl", "imported"} {
		salt, r := answer(name)
		if again, _ := answer(name); again != salt || salt == known || r != rest {
			t.Errorf("%s: %s %s, then %s; a user has %s", name, salt, r, again, rest)
		}
	}
	if a, _ := answer("bob"); func() bool { b, _ := answer("carl"); return a == b }() {
		t.Error("all decoys have one salt")
	}
}

// TestSCRAMRecordFollowsTheHash: when another program changes the password
// file, no old password goes on to work by SCRAM.
func TestSCRAMRecordFollowsTheHash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwd")
	u := withUsers(t, "ana", "bob")
	if err := u.Save(path); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + SCRAMSuffix} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	back, err := LoadUsers(path)
	if err != nil || !back.CanSCRAM("ana") || !back.CanSCRAM("bob") || back.CanSCRAM("imported") {
		t.Fatalf("%v", err)
	}
	if step, _ := converse(t, newGuard(t, Config{Users: back}), scramClient(t, "ana", "right", "").NewConversation(), Login{}); !step.OK() {
		t.Errorf("%v %s", step.Code, step.Cause)
	}
	h, err := newHash("other", 101)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("ana:"+h.String()+"\n"), 0o600); err != nil { // bob is gone, too
		t.Fatal(err)
	}
	if back, err = LoadUsers(path); err != nil || back.CanSCRAM("ana") || back.CanSCRAM("bob") || back.Has("bob") {
		t.Fatalf("an old record counts: %v", err)
	}
	if step, _ := converse(t, newGuard(t, Config{Users: back}), scramClient(t, "ana", "right", "").NewConversation(), Login{}); step.OK() {
		t.Error("the old password still works by SCRAM")
	}
	if err := os.Remove(path + SCRAMSuffix); err != nil {
		t.Fatal(err)
	}
	if back, err = LoadUsers(path); err != nil || !back.Has("ana") || back.CanSCRAM("ana") {
		t.Errorf("without the file of records: %v", err)
	}
}

func TestDamagedSCRAMFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwd")
	if err := withUsers(t, "ana").Save(path); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path + SCRAMSuffix)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, want string }{
		{"cut", string(good[:len(good)-20]), ":2: a field must be Base64 of 32 bytes"},
		{"no record", "ana:$7$1$2$3", ":1: a record is $scram-sha-256 with iterations, salt, stored key, server key and binding"},
		{"no colon", string(good) + "x", ":3: a line is a user name, a colon and a record"},
		{"twice", string(good) + strings.SplitAfter(string(good), "\n")[1], `:3: user "ana" is there already`},
		{"short secret", ":AAAA", ":1: a field must be Base64 of 32 bytes"},
		{"few iterations", strings.Replace(string(good), "$4096$", "$4095$", 1), ":2: the iterations must be a number from 4096 to 500000"},
		{"many iterations", strings.Replace(string(good), "$4096$", "$500001$", 1), ":2: the iterations must be a number from 4096 to 500000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(path+SCRAMSuffix, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if u, err := LoadUsers(path); u != nil || err == nil || err.Error() != path+SCRAMSuffix+tt.want {
				t.Errorf("%v, %v", u, err)
			}
		})
	}
}

// FuzzSCRAM sends two messages of any content: nothing but a valid proof
// comes in, and nobody makes the server fall over.
func FuzzSCRAM(f *testing.F) {
	g := newGuard(f, Config{Users: withUsers(f, "ana")})
	f.Add("n,,n=ana,r=abc", "c=biws,r=abc,p=AAAA")
	f.Add("y,a=x,n=bob,r=", "c=,r=,p=")
	f.Add("p=tls-unique,,n=ana,r=abc", "")
	f.Fuzz(func(t *testing.T, first, final string) {
		e := g.Begin(MethodSCRAM, Login{})
		defer e.Close()
		for _, data := range []string{first, final, final} {
			if s := e.Step(t.Context(), []byte(data)); s.OK() {
				t.Errorf("came in with %q, %q", first, final)
			}
		}
	})
}
