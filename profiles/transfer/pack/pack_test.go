package pack_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles"
	"tidings/profiles/secrets"
	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/pack"
)

const pemKey = "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n"
const pemCert = "-----BEGIN CERTIFICATE-----\naHVudA==\n-----END CERTIFICATE-----\n"

func profile() app.Profile {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.User, p.KeepAlive = "lab1", "Lab", "h.test", "ana", 30*time.Second
	p.Subscriptions = []app.Subscription{{Filter: "a/#", QoS: 1}}
	p.Will = &app.Will{Topic: "w", Payload: []byte("off"), Delay: 3}
	p.Folder, p.Color, p.Notes, p.IDMode = "Lab/Room 3", "#2080c0", "two\nlines", app.ClientIDSuffix
	p.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: "p", Port: 1080, User: "u"}
	p.Security.CA.File, p.Security.ALPN = "/ca.pem", []string{"mqtt"}
	p.Session.ReceiveMaximum, p.Session.User = 9, []app.UserProperty{{Name: "a", Value: "b"}}
	p.Templates = []app.Template{{Name: "on", Message: app.Publish{Topic: "t", Payload: []byte{1, 0xff}, QoS: 2}}}
	return p
}

func write(t *testing.T, passphrase app.Secret, list ...moving.Entry) ([]byte, []moving.Left) {
	t.Helper()
	f, err := pack.Write(list, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return f.Data, f.Left
}

func TestRoundTripWithoutSecrets(t *testing.T) {
	p := profile()
	data, left := write(t, "", moving.Entry{Profile: p, Secrets: []moving.Secret{{Kind: app.SecretPassword, Value: "hunter2"}}})
	if bytes.Contains(data, []byte("hunter2")) || bytes.Contains(data, []byte("sealed =")) {
		t.Errorf("a secret went along:\n%s", data)
	}
	if len(left) != 1 || left[0].Findings[0].Field != "Secret.password" {
		t.Errorf("%+v", left)
	}
	back := pack.Read(t.Context(), data, "")
	if len(back.Problems) > 0 || back.Sealed || len(back.Items) != 1 || len(back.Items[0].Secrets) > 0 {
		t.Fatalf("%+v", back)
	}
	if !reflect.DeepEqual(back.Items[0].Profile, p) {
		t.Errorf("got  %+v\nwant %+v", back.Items[0].Profile, p)
	}
}

// What a profile itself holds of secrets goes the way of the others.
func secretive() (app.Profile, []moving.Secret) {
	p := profile()
	p.TLS = true
	p.Link = app.LinkOptions{
		Transport: app.TransportWS, Path: "/mqtt", SecretQuery: true,
		Headers: []app.Header{{Name: "X-Plain", Value: "open"}, {Name: "Authorization", Value: "Bearer geheim2"}, {Name: "X-Lab", Secret: true}},
	}
	p.Security.Certificate.PEM = pemCert + pemKey
	return p, []moving.Secret{{Kind: app.SecretPassword, Value: "geheim3"}, {Kind: app.SecretProxyPassword, Value: "geheim4"}, {Kind: app.SecretHeaders, Value: `[{"name":"X-Lab","value":"geheim5"}]`}, {Kind: app.SecretQuery, Value: "X-Amz-Signature=geheim1"}}
}

// tableOf returns the file of p with the key beside the certificate, as only
// a person writes it.
func tableOf(t *testing.T, p app.Profile) map[string]any {
	t.Helper()
	whole := p.Security.Certificate.PEM
	p.Security.Certificate.PEM = pemCert
	p.Link, _ = app.TakeQuery(p.Link)
	table, err := profiles.Table(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	security, _ := table["security"].(map[string]any)
	security["certificate"] = whole
	return table
}

// A private key that somebody wrote into the file goes with the secrets, and
// nothing of it stays behind.
func TestAPrivateKeyInAFile(t *testing.T) {
	for name, security := range map[string]string{
		"behind the certificate":  "certificate = '''" + pemCert + pemKey + "'''",
		"behind the authority":    "ca = '''" + pemCert + pemKey + "'''",
		"alone":                   "certificate = '''" + pemKey + "'''",
		"in a newer key":          "key = '''" + pemKey + "'''",
		"deep in a newer key":     "other = [{key = '''" + pemKey + "'''}]",
		"cut off":                 "certificate = '''" + pemCert + pemKey + pemKey[:60] + "'''",
		"in letters of all sizes": "Certificate = '''" + pemCert + pemKey + "'''",
	} {
		t.Run(name, func(t *testing.T) {
			table := "[profiles.security]\n"
			if name == "in letters of all sizes" {
				table = "[profiles.Security]\n"
			}
			p := pack.Read(t.Context(), []byte("format = 'tidings-connections'\nversion = 1\n[[profiles]]\nhost = 'h'\n"+table+security), "")
			if len(p.Items) != 1 {
				t.Fatalf("%+v", p)
			}
			it := p.Items[0]
			if text := fmt.Sprintf("%v", []any{it.Profile, it.Extra}); strings.Contains(text, "PRIVATE") || strings.Contains(text, "aHVudGVyMg") {
				t.Errorf("the key stays in %s", text)
			}
			if !slices.Equal(it.Secrets, []moving.Secret{{Kind: app.SecretKey, Value: pemKey}}) {
				t.Errorf("%d secrets", len(it.Secrets))
			}
		})
	}
}

func TestNothingSecretInTheOpen(t *testing.T) {
	p, kept := secretive()
	table := tableOf(t, p)
	// The file of the profile itself may hold what the pack must not.
	entry := moving.Entry{Profile: p, Secrets: kept, Extra: table}
	plain, left := write(t, "", entry)
	sealed, sealedLeft := write(t, "frase", entry)
	for _, data := range [][]byte{plain, sealed} {
		for _, secret := range []string{"geheim", "aHVudGVyMg", "PRIVATE"} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s stands in the open:\n%s", secret, data)
			}
		}
	}
	if len(left) != 1 || len(left[0].Findings) != 6 || len(sealedLeft) != 0 {
		t.Errorf("%+v, %+v", left, sealedLeft)
	}
	if p.Link.Headers[1].Value == "" {
		t.Error("the caller's profile was changed")
	}
}

// Whatever its name, a value of a query may be a token: the query goes with the
// secrets, out of a profile and out of a file that somebody has written by hand.
func TestNoQueryStandsInTheOpen(t *testing.T) {
	for _, c := range []struct {
		name, path, bare, query string
		transport               app.Transport
	}{
		{"a name that says nothing", "/mqtt?v=4&key=geheim", "/mqtt", "v=4&key=geheim", app.TransportWS},
		{"no name", "/mqtt?geheim", "/mqtt", "geheim", app.TransportWS},
		{"nothing but a query", "?sig=geheim", "", "sig=geheim", app.TransportWS},
		{"left from a WebSocket", "/mqtt?code=geheim", "/mqtt", "code=geheim", app.TransportTCP},
		{"a socket", "/run/a?x=1", "/run/a?x=1", "", app.TransportUnix},
		{"no query", "/mqtt", "/mqtt", "", app.TransportWS},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := profile()
			p.Link.Transport, p.Link.Path = c.transport, c.path
			plain, left := write(t, "", moving.Entry{Profile: p})
			if bytes.Contains(plain, []byte("geheim")) || len(left) > 0 != (c.query != "") {
				t.Errorf("left out %+v of\n%s", left, plain)
			}
			sealed, _ := write(t, "frase", moving.Entry{Profile: p})
			byHand := strings.ReplaceAll(string(plain), "'"+c.bare+"'", "'"+c.path+"'")
			for name, it := range map[string]moving.Item{"sealed": pack.Read(t.Context(), sealed, "frase").Items[0], "by hand": pack.Read(t.Context(), []byte(byHand), "").Items[0]} {
				if c.bare == "" && name == "by hand" {
					continue // there is no key to write it over
				}
				var want []moving.Secret
				if c.query != "" {
					want = []moving.Secret{{Kind: app.SecretQuery, Value: app.Secret(c.query)}}
				}
				if link := it.Profile.Link; link.Path != c.bare || link.SecretQuery != (c.query != "") || !slices.Equal(it.Secrets, want) {
					t.Errorf("%s: %+v with %d secrets", name, link, len(it.Secrets))
				}
			}
		})
	}
}

// An older program sealed the path with its query.
func TestAPathThatAnOlderProgramSealed(t *testing.T) {
	sealed, err := secrets.Seal("frase", map[string]app.Secret{"a/path": "/mqtt?sig=geheim"})
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{"format": "tidings-connections", "version": 1}
	doc["profiles"] = []map[string]any{{"id": "a", "host": "h", "link": map[string]any{"transport": "ws", "path": "/mqtt"}}}
	var table map[string]any
	if err := toml.Unmarshal(sealed, &table); err != nil {
		t.Fatal(err)
	}
	doc["sealed"] = table
	data, err := toml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	it := pack.Read(t.Context(), data, "frase").Items[0]
	if it.Profile.Link.Path != "/mqtt" || !it.Profile.Link.SecretQuery || !slices.Equal(it.Secrets, []moving.Secret{{Kind: app.SecretQuery, Value: "sig=geheim"}}) {
		t.Errorf("%+v with %d secrets", it.Profile.Link, len(it.Secrets))
	}
}

func TestSealedSecretsComeBack(t *testing.T) {
	p, kept := secretive()
	table := tableOf(t, p)
	stored, _, err := profiles.FromTable(p.ID, table)
	if err != nil || !reflect.DeepEqual(stored, p) {
		t.Fatalf("%v: the file of a profile does not hold what this test is about:\n%+v\n%+v", err, stored, p)
	}
	data, _ := write(t, "frase", moving.Entry{Profile: stored, Secrets: kept})
	if without := pack.Read(t.Context(), data, ""); !without.Sealed || len(without.Items) != 1 || len(without.Problems) > 0 {
		t.Errorf("%+v", without)
	}
	wrong := pack.Read(t.Context(), data, "falsch")
	if !wrong.Sealed || len(wrong.Problems) != 1 || wrong.Problems[0].What.Key != "secrets.file_wrong" {
		t.Errorf("%+v", wrong)
	}
	back := pack.Read(t.Context(), data, "frase")
	if back.Sealed || len(back.Problems) > 0 || len(back.Items) != 1 {
		t.Fatalf("%+v", back)
	}
	it := back.Items[0]
	got := map[app.SecretKind]string{}
	for _, s := range it.Secrets {
		got[s.Kind] = s.Value.Reveal()
	}
	if got[app.SecretPassword] != "geheim3" || got[app.SecretProxyPassword] != "geheim4" || got[app.SecretHeaders] != `[{"name":"Authorization","value":"Bearer geheim2"},{"name":"X-Lab","value":"geheim5"}]` || got[app.SecretQuery] != "X-Amz-Signature=geheim1" {
		t.Errorf("%v", got)
	}
	if stored.Security.Certificate.PEM != "" && got[app.SecretKey] != pemKey {
		t.Errorf("the key beside the certificate is %q", got[app.SecretKey])
	}
	want := stored.Link // a header whose name tells of a secret is one from here on
	want.Headers = []app.Header{{Name: "X-Plain", Value: "open"}, {Name: "Authorization", Secret: true}, {Name: "X-Lab", Secret: true}}
	if !reflect.DeepEqual(it.Profile.Link, want) {
		t.Errorf("got  %+v\nwant %+v", it.Profile.Link, want)
	}
}

func TestKeysOfANewerVersionSurvive(t *testing.T) {
	data, _ := write(t, "", moving.Entry{Profile: profile(), Extra: map[string]any{"shape": "round", "will": map[string]any{"color": "red"}}})
	it := pack.Read(t.Context(), data, "").Items[0]
	again, _ := write(t, "", moving.Entry{Profile: it.Profile, Extra: it.Extra})
	if !bytes.Equal(data, again) || !bytes.Contains(again, []byte("round")) || !bytes.Contains(again, []byte("red")) {
		t.Errorf("first\n%s\nthen\n%s", data, again)
	}
}

// A file from somebody else makes nothing happen by itself.
// Both spellings of one key in the file of a profile would make it unreadable.
func TestAKnownKeyInAnotherCaseIsNoUnknownOne(t *testing.T) {
	p := pack.Read(t.Context(), []byte("format = 'tidings-connections'\n[[profiles]]\nid = 'a'\nName = 'n'\nHOST = 'h'\n[profiles.Link]\nPath = '/x'\n"), "")
	if len(p.Items) != 1 {
		t.Fatal(p.Problems)
	}
	store, err := profiles.Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.SaveWith(p.Items[0].Profile, p.Items[0].Extra); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get("a"); err != nil || got.Name != "n" || got.Host != "h" || got.Link.Path != "/x" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestForeignFileConnectsNothing(t *testing.T) {
	const text = "format = \"tidings-connections\"\nversion = 9\n[[profiles]]\nid = \"../x\"\nhost = \"h\"\nlocal_broker = true\nauto_connect = true\n" +
		"[[profiles]]\nid = \"a\"\nhost = \"1\"\n[[profiles]]\nid = \"a\"\nhost = \"2\"\n[[profiles]]\nid = \"b\"\nport = \"x\"\n"
	p := pack.Read(t.Context(), []byte(text), "")
	if len(p.Items) != 3 || len(p.Problems) != 1 || len(p.NotRead) != 1 {
		t.Fatalf("%+v", p)
	}
	first := p.Items[0].Profile
	if !profiles.ValidID(first.ID) || first.LocalBroker || first.AutoConnect {
		t.Errorf("%+v", first)
	}
	if p.Items[1].Profile.ID != "a" || p.Items[2].Profile.ID == "a" {
		t.Error("an ID that stands there twice belongs to the first")
	}
}

func TestLocalBrokerStaysHere(t *testing.T) {
	p := profile()
	p.LocalBroker = true
	data, left := write(t, "", moving.Entry{Profile: p})
	if len(left) != 1 || len(pack.Read(t.Context(), data, "").Items) != 0 {
		t.Errorf("%s", data)
	}
}

func TestHostileFiles(t *testing.T) {
	const format = "format = 'tidings-connections'\nversion = 1\n"
	tests := []struct{ name, text, key string }{
		{"empty", format, "moving.nothing"},
		{"broken", format + "password = hunter2", "moving.unreadable"},
		{"wrong kind", format + "profiles = 3", "moving.unreadable"},
		{"too many", format + strings.Repeat("[[profiles]]\nhost='h'\n", 1001), "moving.too_many"},
		{"too large", strings.Repeat(" ", 5<<20), "moving.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := pack.Read(t.Context(), []byte(tt.text), "")
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%v", p.Problems)
			}
			if strings.Contains(p.Problems[0].Error(), "hunter") {
				t.Errorf("the problem quotes the file: %v", p.Problems[0])
			}
		})
	}
	p := pack.Read(t.Context(), []byte(format+"[[profiles]]\nhost='h'\n[sealed]\nversion=1\nsum='x'\nkey='y'\nbody='z'\n"), "x")
	if len(p.Items) != 1 || len(p.Problems) != 1 || p.Problems[0].What.Key != "secrets.not_opened" {
		t.Errorf("%+v", p)
	}
}

func FuzzRead(f *testing.F) {
	file, err := pack.Write([]moving.Entry{{Profile: profile()}}, "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file.Data)
	f.Fuzz(func(t *testing.T, data []byte) { golden.Hostile(t, pack.Read(t.Context(), data, "")) })
}

// A few megabytes of names inside each other would otherwise become gigabytes
// on their way from the file to the profiles in it.
func TestAFileOutOfProportionIsRefused(t *testing.T) {
	p := pack.Read(t.Context(), []byte("format = 'tidings-connections'\nversion = 1\n[[profiles]]\nname = 'n'\n"+strings.Repeat("a.", 2000)+"a = 1\n"), "")
	if len(p.Items) != 0 || len(p.Problems) != 1 || p.Problems[0].What.Key != "moving.unreadable" {
		t.Errorf("got %d connections and %v", len(p.Items), p.Problems)
	}
}

// A token that somebody has written into a file by hand goes with the secrets,
// and not into the file that the profile becomes.
func TestATokenInAHeaderGoesWithTheSecrets(t *testing.T) {
	const text = "format = \"tidings-connections\"\nversion = 1\n[[profiles]]\nid = \"a\"\nhost = \"h\"\n[profiles.link]\ntransport = \"ws\"\n" +
		"[[profiles.link.headers]]\nname = \"X-Tenant\"\nvalue = \"7\"\n[[profiles.link.headers]]\nname = \"Authorization\"\nvalue = \"Bearer geheim\"\n"
	p := pack.Read(t.Context(), []byte(text), "")
	if len(p.Items) != 1 || len(p.Problems) > 0 {
		t.Fatalf("%+v", p)
	}
	it := p.Items[0]
	want := []app.Header{{Name: "X-Tenant", Value: "7"}, {Name: "Authorization", Secret: true}}
	if !slices.Equal(it.Profile.Link.Headers, want) {
		t.Errorf("headers %+v", it.Profile.Link.Headers)
	}
	full, missing := app.FillHeaders(want, secretOf(it, app.SecretHeaders))
	if missing >= 0 || full[1].Value != "Bearer geheim" {
		t.Error("the token is lost")
	}
	table, err := profiles.Table(it.Profile, it.Extra)
	if err != nil || strings.Contains(fmt.Sprint(table), "geheim") {
		t.Errorf("%v, the file holds %v", err, table)
	}
}

func secretOf(it moving.Item, kind app.SecretKind) app.Secret {
	for _, s := range it.Secrets {
		if s.Kind == kind {
			return s.Value
		}
	}
	return ""
}
