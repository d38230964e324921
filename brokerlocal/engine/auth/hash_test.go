package auth

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
)

const (
	goodSalt = "AAECAwQFBgcICQoL" // 12 bytes
	goodSum  = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
)

// TestParseUsersRefuses: every damage is an error with its line, and none
// quotes what may be a password.
func TestParseUsersRefuses(t *testing.T) {
	good := "$7$101$" + goodSalt + "$" + goodSum
	tests := []struct{ name, text, want string }{
		{"no colon", "# c\n\nsecret\n", "passwd:3: a line is a user name, a colon and a hash"},
		{"no name", ":" + good, "passwd:1: the user name is missing"},
		{"blank name", " \t:" + good, "passwd:1: the user name is missing"},
		{"a comment that is none", " #ana:" + good, "passwd:1: " + errName.Error()},
		{"no UTF-8", "\xff:" + good, "passwd:1: the user name is no UTF-8 text"},
		{"control characters", "a\x01b:" + good, "passwd:1: " + errName.Error()},
		{"twice", "ana:" + good + "\nbob:" + good + "\nana :" + good, `passwd:3: user "ana" is there already`},
		{"no hash", "ana:\n", "passwd:1: the password is not hashed: run mosquitto_passwd -U on the file"},
		{"plain text", "ana:secret\n", "passwd:1: the password is not hashed: run mosquitto_passwd -U on the file"},
		{"plain text with dollar", "ana:secret$7$\n", "passwd:1: the password is not hashed: run mosquitto_passwd -U on the file"},
		{"argon2", "ana:$argon2id$v=19$m=1,t=1,p=1$secret$secret", "passwd:1: the hash is neither $6$ nor $7$: set the password again, with mosquitto_passwd -H sha512-pbkdf2"},
		{"cut", "ana:$7$101$" + goodSalt, "passwd:1: a $7$ hash has iterations, salt and hash"},
		{"more", "ana:" + good + "$secret", "passwd:1: a $7$ hash has iterations, salt and hash"},
		{"no iterations", "ana:$7$0$" + goodSalt + "$" + goodSum, "passwd:1: the iterations must be a number from 1 to 500000"},
		{"too many iterations", "ana:$7$500001$" + goodSalt + "$" + goodSum, "passwd:1: the iterations must be a number from 1 to 500000"},
		{"negative iterations", "ana:$7$-5$" + goodSalt + "$" + goodSum, "passwd:1: the iterations must be a number from 1 to 500000"},
		{"iterations beyond any number", "ana:$7$99999999999999999999$" + goodSalt + "$" + goodSum, "passwd:1: the iterations must be a number from 1 to 500000"},
		{"short salt", "ana:$7$101$AAEC$" + goodSum, "passwd:1: the salt must be Base64 of 12 or 64 bytes"},
		{"no Base64", "ana:$7$101$" + goodSalt + "$secret!", "passwd:1: the hash must be Base64 of 64 bytes"},
		{"a hash cut short", "ana:$7$101$" + goodSalt + "$AAECAwQF", "passwd:1: the hash must be Base64 of 64 bytes"},
		{"$6$ cut", "ana:$6$" + goodSalt, "passwd:1: a $6$ hash has salt and hash"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, err := ParseUsers("passwd", []byte(tt.text))
			if u != nil || err == nil || err.Error() != tt.want {
				t.Errorf("users %v, error %v", u, err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error quotes the line: %v", err)
			}
		})
	}
}

func TestParseUsersReadsWhatMosquittoReads(t *testing.T) {
	h, err := newHash("right", 101)
	if err != nil {
		t.Fatal(err)
	}
	text := "# comment: with a colon\n\n   \nana:" + h.String() + "\r\n spaced name : " + h.String() + " \nlast:" + h.String()
	u, err := ParseUsers("passwd", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(u.Names(), ","); got != "ana,spaced name,last" {
		t.Errorf("users %q", got)
	}
	for _, name := range u.Names() {
		if !u.verify(name, "right") || u.verify(name, "wrong") || u.verify(name, "") || u.CanSCRAM(name) {
			t.Errorf("user %q", name)
		}
	}
}

// TestReadsMosquittoPasswd reads what the real mosquitto_passwd writes.
func TestReadsMosquittoPasswd(t *testing.T) {
	tool, err := exec.LookPath("mosquitto_passwd")
	if err != nil {
		t.Skip("mosquitto_passwd is not installed: no file of its making to read")
	}
	path := filepath.Join(t.TempDir(), "passwd")
	for _, args := range [][]string{
		{"-H", "sha512", "-c", "-b", path, "six", "right"},
		{"-H", "sha512-pbkdf2", "-b", path, "seven", "right"},
		{"-H", "sha512-pbkdf2", "-b", path, "наталья", "пароль"},
	} {
		if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	u, err := LoadUsers(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		user     string
		password app.Secret
		want     bool
	}{
		{"six", "right", true}, {"six", "wrong", false}, {"seven", "right", true}, {"seven", "right ", false},
		{"наталья", "пароль", true}, {"наталья", "парол", false},
	} {
		if got := u.verify(tt.user, tt.password); got != tt.want {
			t.Errorf("%s: %v", tt.user, got)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != string(u.PasswordFile()) {
		t.Errorf("does not come out as it went in: %v\n%s%s", err, got, u.PasswordFile())
	}
}

// TestMosquittoReadsOurs logs in to a real mosquitto with a file of ours.
func TestMosquittoReadsOurs(t *testing.T) {
	u, err := NewUsers().With("ana", "right", 1000)
	if err != nil {
		t.Fatal(err)
	}
	if u, err = u.With("b c", "other", 20_000); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "passwd")
	if err := u.Save(path); err != nil {
		t.Fatal(err)
	}
	address := mosquitto(t, "allow_anonymous false", "password_file "+path)
	for _, tt := range []struct {
		user     string
		password app.Secret
		want     bool
	}{{"ana", "right", true}, {"ana", "other", false}, {"b c", "other", true}, {"nobody", "right", false}} {
		_, code := dial(t, address, Client{ID: "x", User: tt.user}, tt.password)
		if code.IsError() == tt.want {
			t.Errorf("%s: %v", tt.user, code)
		}
	}
}

// TestUnknownUsersCostTheSame: an unknown name is checked against a hash of
// the file, so it costs what a known one costs, and the same every time.
func TestUnknownUsersCostTheSame(t *testing.T) {
	u := NewUsers()
	for name, iterations := range map[string]int{"a": 101, "b": 5000, "c": 101} {
		var err error
		if u, err = u.With(name, "right", iterations); err != nil {
			t.Fatal(err)
		}
	}
	costs := map[int]int{}
	for _, name := range strings.Split("d e f g h i j k l m n o p q r s t u v w x y z", " ") {
		h, known := u.hashFor(name)
		again, _ := u.hashFor(name)
		if known || h.iterations != again.iterations || len(h.sum) == 0 {
			t.Errorf("%s: %+v, then %+v", name, h.iterations, again.iterations)
		}
		costs[h.iterations]++
		if u.verify(name, "right") {
			t.Errorf("%s may log in with the password of another", name)
		}
	}
	if len(costs) != 2 || costs[101]+costs[5000] != 23 {
		t.Errorf("costs %v", costs)
	}
	if h, known := NewUsers().hashFor("a"); known || h.iterations != DefaultIterations || NewUsers().verify("a", "") {
		t.Error("without users a login costs nothing, or comes in")
	}
}

func TestWithRefusesWhatTheFileCannotHold(t *testing.T) {
	for _, name := range []string{"", "a:b", "#a", " a", "a ", "a\nb", "a\x00", "\xff"} {
		if u, err := NewUsers().With(name, "x", 1); err == nil {
			t.Errorf("%q: %v", name, u.Names())
		}
	}
	for _, n := range []int{0, -1, MaxIterations + 1} {
		if _, err := NewUsers().With("a", "x", n); err == nil {
			t.Errorf("%d iterations", n)
		}
	}
}

func TestUsersNeverChange(t *testing.T) {
	one, err := NewUsers().With("ana", "first", 101)
	if err != nil {
		t.Fatal(err)
	}
	two, err := one.With("ana", "second", 101)
	if err != nil {
		t.Fatal(err)
	}
	none := two.Without("ana")
	if !one.verify("ana", "first") || one.verify("ana", "second") || !two.verify("ana", "second") || two.verify("ana", "first") {
		t.Error("a new password reached the old users")
	}
	if none.Has("ana") || len(none.Names()) != 0 || len(two.Names()) != 1 {
		t.Error("Without")
	}
}

func FuzzParseUsers(f *testing.F) {
	f.Add([]byte("# c\nana:$7$101$" + goodSalt + "$" + goodSum + "\r\nbob:$6$" + goodSalt + "$" + goodSum))
	f.Add([]byte("a:b:c\n::\n$"))
	f.Fuzz(func(t *testing.T, text []byte) {
		u, err := ParseUsers("passwd", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "passwd:") {
				t.Errorf("an error that names no place: %v", err)
			}
			return
		}
		again, err := ParseUsers("passwd", u.PasswordFile())
		if err != nil || string(again.PasswordFile()) != string(u.PasswordFile()) {
			t.Errorf("written and read again: %v\n%s", err, u.PasswordFile())
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	u, err := NewUsers().With("ana", "right", DefaultIterations)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"ana", "unknown"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				u.verify(name, "wrong")
			}
		})
	}
	b.Run("most iterations", func(b *testing.B) {
		h := hash{iterations: MaxIterations, salt: make([]byte, saltBytes)}
		for b.Loop() {
			h.matches("wrong")
		}
	})
}
