package snippet

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/cmdline"
)

// hostile is what people, or whoever sent them a file, put into names.
const hostile = "x\"'`$(touch /tmp/pwned); % %PATH% \\ ^ & | > */ ??/ {{.}} é\u202e \U0001F4A1 \\"

func profile(v app.Version) app.Profile {
	return app.Profile{
		Name: hostile + "\n#include <evil>\r", Host: "h.test", Port: 8883, TLS: true, Version: v,
		ClientID: "c " + hostile, User: "u:@ " + hostile, Clean: true, KeepAlive: 30 * time.Second,
		Will:          &app.Will{Topic: "w/" + hostile, Payload: []byte("off " + hostile), QoS: 1, Retain: true},
		Security:      app.TLSOptions{CA: app.CertSource{File: "/a b/" + hostile}, Certificate: app.CertSource{File: "c"}, Key: app.CertSource{File: "k"}, ALPN: []string{hostile}, ServerName: hostile},
		Subscriptions: []app.Subscription{{Filter: "s/" + hostile, QoS: 2}, {Filter: "t"}},
		Templates:     []app.Template{{Message: app.Publish{Topic: "p/" + hostile, Payload: []byte("\x00\xff" + hostile), QoS: 1, Retain: true}}},
	}
}

func plain(v app.Version) app.Profile {
	p := app.DefaultProfile()
	p.Name, p.Host, p.Version, p.ClientID, p.User = "Lab", "h.test", v, "lab1", "ana"
	p.Subscriptions = []app.Subscription{{Filter: "lab/#", QoS: 1}}
	return p
}

func text(t *testing.T, k Kind, in Input) string {
	t.Helper()
	s, err := Make(k, in)
	if err != nil {
		t.Fatal(err)
	}
	return s.Text
}

func TestPasswordOnlyWhenHandedOver(t *testing.T) {
	for _, k := range Kinds() {
		without := text(t, k, Input{Profile: plain(app.V5), HasPassword: true})
		with := text(t, k, Input{Profile: plain(app.V5), HasPassword: true, Password: "hunter2"})
		if strings.Contains(without, "hunter2") || k != URL && !isCtl(k) && !strings.Contains(without, variable) {
			t.Errorf("%d without:\n%s", k, without)
		}
		if !strings.Contains(with, "hunter2") || k >= Go && !strings.Contains(with, "do not share") {
			t.Errorf("%d with:\n%s", k, with)
		}
		if nothing := text(t, k, Input{Profile: plain(app.V5)}); strings.Contains(nothing, variable) {
			t.Errorf("%d without any password:\n%s", k, nothing)
		}
	}
}

// The query of a WebSocket's URL stands in the text when it is handed over, and
// is missed otherwise, whether there is a password or not.
func TestQueryOnlyWhenHandedOver(t *testing.T) {
	p := plain(app.V5)
	p.Link.Transport, p.Link.Path, p.Link.SecretQuery = app.TransportWS, "/mqtt", true
	for _, k := range []Kind{URL, CtlSubscribe, CtlPublish, CtlDoctor, Go, Python, JavaScript} {
		for _, query := range []app.Secret{"", "token=s3cret"} {
			for _, password := range []app.Secret{"", "pw"} {
				s, err := Make(k, Input{Profile: p, Password: password, Query: query})
				whole, dots := strings.Contains(s.Text, "/mqtt?token=s3cret"), strings.Contains(s.Text, "/mqtt?•••")
				if given := query != ""; err != nil || whole != given || dots == given || slices.Contains(s.Missing, "Secret.query") == given {
					t.Errorf("%d, query %q: %v, missing %v\n%s", k, query.Reveal(), err, s.Missing, s.Text)
				}
			}
		}
	}
}

func TestURL(t *testing.T) {
	p := plain(app.V5)
	p.User = "a:b@c/d"
	if got := text(t, URL, Input{Profile: p, Password: "p@:/w"}); got != "mqtt://a%3Ab%40c%2Fd:p%40%3A%2Fw@h.test:1883" {
		t.Error(got)
	}
	back := cmdline.ReadURL(text(t, URL, Input{Profile: p, Password: "p@:/w"}))
	if it := back.Items[0]; it.Profile.User != p.User || it.Secrets[0].Value.Reveal() != "p@:/w" {
		t.Errorf("%+v", back)
	}
}

// shellArgs has sh itself cut a command line.
func shellArgs(t *rapid.T, line string) []string {
	cmd := exec.Command("sh", "-c", `mosquitto_pub() { printf '%s\0' "$@"; }; tidingsctl() { mosquitto_pub "$TIDINGS_PASSWORD" "$@"; }; `+line)
	cmd.Env = []string{"PATH=/nonexistent"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestNoValueLeavesItsQuotesInSh(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Log("no sh here")
		return
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Just(hostile), rapid.StringOf(rapid.SampledFrom([]rune("a'\"\\$`!&|;<>()#*?~[]{} \n\t=%^é-")))).Draw(t, "value")
		value = strings.Map(func(r rune) rune {
			if r == '\u202e' {
				return -1
			}
			return r
		}, value)
		p := plain(app.V311)
		for _, k := range []Kind{Publish, CtlPublish} {
			s, err := Make(k, Input{Profile: p, Password: app.Secret(value), Template: app.Publish{Topic: "t", Payload: []byte("-" + value)}})
			if err != nil {
				t.Fatal(err)
			}
			args := shellArgs(t, s.Text)
			if got := args[len(args)-1]; got != "-"+value || isCtl(k) && args[0] != value {
				t.Fatalf("%s\ngot %q, want %q", s.Text, args, "-"+value)
			}
		}
	})
}

// What is written for sh and for Windows is read back by our own reader.
func TestCommandsComeBack(t *testing.T) {
	clean := strings.ReplaceAll(hostile, "\u202e", "")
	for _, v := range []app.Version{app.V31, app.V311, app.V5} {
		p := profile(v)
		p.Name, p.ClientID, p.User = "h.test", "c "+clean, "u "+clean
		p.Will.Topic, p.Will.Payload = "w "+clean, []byte("off "+clean)
		p.Security = app.TLSOptions{CA: app.CertSource{File: "/a b/" + clean}, ALPN: []string{clean}}
		p.Subscriptions = []app.Subscription{{Filter: "s/" + clean, QoS: 2}, {Filter: "$SYS/#", QoS: 2}}
		p.Templates = nil
		p.Clean, p.SessionExpiry = false, map[app.Version]uint32{app.V5: 60}[v]
		for _, k := range []Kind{Subscribe, SubscribeW} {
			line := text(t, k, Input{Profile: p, Password: app.Secret("pw " + clean)})
			back := cmdline.Read(t.Context(), []byte(line))
			if len(back.Items) != 1 || len(back.Problems) > 0 || len(back.Items[0].Unmapped) > 0 {
				t.Fatalf("%s\n%+v", line, back)
			}
			it := back.Items[0]
			it.Profile.ID = ""
			if got := it.Profile.ClientID; got != ownID(k, p) {
				t.Errorf("%s\nthe client identifier is %q", line, got)
			}
			it.Profile.ClientID = p.ClientID
			if !reflect.DeepEqual(it.Profile, p) || it.Secrets[0] != (moving.Secret{Kind: app.SecretPassword, Value: app.Secret("pw " + clean)}) {
				t.Errorf("%s\ngot  %+v\nwant %+v", line, it.Profile, p)
			}
		}
	}
}

// Outside a caret, cmd.exe must find nothing that it knows.
func TestNothingLeftForCmd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := windows(rapid.StringOf(rapid.SampledFrom([]rune(`a"\%^&|<>()! `))).Draw(t, "value"))
		for i := 0; i < len(word); i++ {
			if word[i] == '^' {
				i++
			} else if strings.IndexByte(`()%!^"<>&|`, word[i]) >= 0 {
				t.Fatalf("%q at %d", word, i)
			}
		}
	})
}

func TestTerminalGetsNoControlCharacters(t *testing.T) {
	for _, payload := range []string{"\x1b[201~rm", "a\x00", "\xff", "\u202e", "a\r"} {
		for _, k := range []Kind{Publish, PublishW, CtlPublish} {
			_, err := Make(k, Input{Profile: plain(app.V5), Template: app.Publish{Topic: "t", Payload: []byte(payload)}})
			var known *app.Error
			if !errors.As(err, &known) || known.What.Key != "snippet.control" {
				t.Errorf("%q as %d: %v", payload, k, err)
			}
		}
	}
	if _, err := Make(PublishW, Input{Profile: plain(app.V5), Template: app.Publish{Topic: "t", Payload: []byte("a\nb")}}); err == nil {
		t.Error("a line break would end the command in Windows")
	}
}

// Every value stands in the program as one literal, whole.
func TestGoHoldsWholeLiterals(t *testing.T) {
	for _, v := range []app.Version{app.V311, app.V5} {
		p := profile(v)
		source := text(t, Go, Input{Profile: p, Password: "pw" + hostile})
		file, err := parser.ParseFile(token.NewFileSet(), "main.go", source, 0)
		if err != nil {
			t.Fatal(err)
		}
		literals := map[string]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, _ := strconv.Unquote(l.Value)
				literals[s] = true
			}
			return true
		})
		want := []string{p.ClientID + "-go", p.User, p.Will.Topic, string(p.Will.Payload), p.Security.CA.File, p.Security.ServerName, p.Subscriptions[0].Filter,
			p.Templates[0].Message.Topic, string(p.Templates[0].Message.Payload), "pw" + hostile}
		for _, s := range want {
			if !literals[s] {
				t.Errorf("MQTT %s: %q is no literal in\n%s", v, s, source)
			}
		}
	}
}

func TestGoCompiles(t *testing.T) {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]Input{
		"v3":        {Profile: profile(app.V311), Password: "pw"},
		"v3, short": {Profile: plain(app.V31), HasPassword: true},
		"v5":        {Profile: profile(app.V5), HasPassword: true},
		"v5, short": {Profile: plain(app.V5)},
	} {
		path := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(path, []byte(text(t, Go, in)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "vet", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %s\n%s", name, out, text(t, Go, in))
		}
	}
}

// pythonReads has Python itself read the program: every literal, as JSON.
const pythonReads = `import ast, json, sys
tree = ast.parse(open(sys.argv[1], encoding="utf-8").read())
print(json.dumps([n.value if isinstance(n.value, str) else n.value.decode("latin-1")
                  for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, (str, bytes))]))`

func TestPythonHoldsWholeLiterals(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("no python3 here: only that something was written is checked")
	}
	for _, v := range []app.Version{app.V311, app.V5} {
		p := profile(v)
		source := text(t, Python, Input{Profile: p, Password: "pw" + hostile})
		if python == "" {
			continue
		}
		path := filepath.Join(t.TempDir(), "a.py")
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(python, "-m", "py_compile", path).CombinedOutput(); err != nil {
			t.Fatalf("%s\n%s", out, source)
		}
		out, err := exec.Command(python, "-c", pythonReads, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s", out)
		}
		for _, s := range []string{p.ClientID + "-py", p.User, p.Will.Topic, p.Subscriptions[0].Filter, p.Templates[0].Message.Topic, "pw" + hostile} {
			quoted := strings.Trim(strconv.QuoteToASCII(s), `"`)
			quoted = strings.NewReplacer(`\U0001f4a1`, `\ud83d\udca1`).Replace(quoted)
			if !bytes.Contains(out, []byte(quoted)) {
				t.Errorf("%q is no literal in\n%s\n%s", s, source, out)
			}
		}
	}
}

// octal undoes what c does; it is the part of C++'s rules that c uses.
func octal(t *testing.T, literal string) string {
	t.Helper()
	var b strings.Builder
	body := literal[1 : len(literal)-1]
	for i := 0; i < len(body); i++ {
		switch ch := body[i]; {
		case ch == '"' || ch == '\n' || ch == '?' && i+1 < len(body) && body[i+1] == '?':
			t.Fatalf("the literal ends early: %s", literal)
		case ch != '\\':
			b.WriteByte(ch)
		case strings.IndexByte(`"\?`, body[i+1]) >= 0:
			i++
			b.WriteByte(body[i])
		default:
			n, err := strconv.ParseUint(body[i+1:i+4], 8, 8)
			if err != nil {
				t.Fatal(err)
			}
			i += 3
			b.WriteByte(byte(n))
		}
	}
	return b.String()
}

func TestArduinoHoldsWholeLiterals(t *testing.T) {
	for _, s := range []string{hostile, "", "\x00\x01\xff12", "??/\n", "\u2028", "línea"} {
		if got := octal(t, c(s)); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	p := profile(app.V311)
	sketch := text(t, Arduino, Input{Profile: p, HasPassword: true})
	for _, s := range []string{p.ClientID + "-esp32", p.User, p.Will.Topic, p.Subscriptions[0].Filter} {
		if !strings.Contains(sketch, c(s)) {
			t.Errorf("%s is missing in\n%s", c(s), sketch)
		}
	}
	if strings.Contains(sketch, "\n#include <evil>") || strings.Contains(sketch, "\\\n") {
		t.Errorf("the name left its comment:\n%s", sketch)
	}
}

func TestArduinoCompiles(t *testing.T) {
	compiler, err := exec.LookPath("g++")
	if err != nil {
		t.Log("no g++ here: the sketch is not compiled")
		return
	}
	for name, in := range map[string]Input{
		"hostile": {Profile: profile(app.V311), Password: "pw"},
		"short":   {Profile: plain(app.V311)},
	} {
		path := filepath.Join(t.TempDir(), "a.cpp")
		if err := os.WriteFile(path, []byte(text(t, Arduino, in)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(compiler, "-std=c++17", "-trigraphs", "-fsyntax-only", "-Itestdata/arduino", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %s\n%s", name, out, text(t, Arduino, in))
		}
	}
}

func TestWhatCannotBe(t *testing.T) {
	ws, unix := plain(app.V5), plain(app.V5)
	ws.Link.Transport, unix.Link.Transport, unix.Link.Path = app.TransportWS, app.TransportUnix, "/s"
	for _, tt := range []struct {
		kind Kind
		p    app.Profile
		key  string
	}{{Subscribe, ws, "snippet.no_websocket"}, {Go, unix, "snippet.no_unix"}, {Arduino, ws, "snippet.tcp_only"}} {
		_, err := Make(tt.kind, Input{Profile: tt.p})
		var known *app.Error
		if !errors.As(err, &known) || known.What.Key != tt.key {
			t.Errorf("%d: %v", tt.kind, err)
		}
	}
	p := plain(app.V5)
	p.TLS, p.Security.Pinned, p.Link.Proxy.Kind = true, "aa", app.ProxyHTTP
	if s, _ := Make(Go, Input{Profile: p}); !reflect.DeepEqual(s.Missing, []string{"Link.Proxy", "Security.Pinned"}) {
		t.Errorf("%v", s.Missing)
	}
}

// A command names the proxy and its user, and says that the password there is
// not in it; other forms have no proxy at all.
func TestACommandSaysThatItLacksTheProxysPassword(t *testing.T) {
	for _, user := range []string{"", "ana"} {
		p := plain(app.V5)
		p.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.test", Port: 1080, User: user}
		for _, k := range []Kind{Subscribe, Publish, SubscribeW, PublishW} {
			s, err := Make(k, Input{Profile: p, Password: "pw"})
			if err != nil || slices.Contains(s.Missing, "Secret.proxy_password") != (user != "") || !strings.Contains(s.Text, "proxy.test") {
				t.Errorf("%d, user %q: %v, missing %v\n%s", k, user, err, s.Missing, s.Text)
			}
		}
		if s, _ := Make(Python, Input{Profile: p}); !slices.Equal(s.Missing, []string{"Link.Proxy"}) {
			t.Errorf("missing %v", s.Missing)
		}
	}
}
