package transfer_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer"
	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/pack"
)

// samples are the files of the formats' own tests.
var samples = map[string]moving.Format{
	"mqttx/testdata/export.json":                  moving.FormatMQTTX,
	"mqttx/testdata/export.yaml":                  moving.FormatMQTTX,
	"explorer/testdata/settings.json":             moving.FormatExplorer,
	"mqttfx/testdata/mqttfx-config.xml":           moving.FormatMQTTfx,
	"mqttspy/testdata/mqtt-spy-configuration.xml": moving.FormatMQTTSpy,
	"mosquitto/testdata/mosquitto.conf":           moving.FormatMosquitto,
	"mosquitto/testdata/mosquitto_sub":            moving.FormatMosquittoClient,
	"mosquitto/testdata/mosquitto_pub":            moving.FormatMosquittoClient,
	"cmdline/testdata/lines.txt":                  moving.FormatCommand,
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The name of a file helps, and its content is enough.
func TestDetect(t *testing.T) {
	for path, want := range samples {
		data := read(t, path)
		for _, name := range []string{filepath.Base(path), ""} {
			if got := transfer.Detect(name, data); got != want {
				t.Errorf("%s as %q: %d, want %d", path, name, got, want)
			}
		}
		p := transfer.Read(t.Context(), filepath.Base(path), data, "")
		if p.Format != want || len(p.Items) == 0 || len(p.Problems) > 0 {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestDetectTexts(t *testing.T) {
	tests := []struct {
		name, text string
		want       moving.Format
	}{
		{"URL", " mqtts://ana@h:8883\n", moving.FormatURL},
		{"Unix socket", "unix:/run/m.sock", moving.FormatURL},
		{"web page", "https://example.com", moving.FormatUnknown},
		{"prose", "please connect to the broker", moving.FormatUnknown},
		{"comment about a command", "# try mosquitto_sub\nlistener 1883\n", moving.FormatMosquitto},
		{"one object", `{"host":"h","clientId":"c"}`, moving.FormatMQTTX},
		{"a page of connections", `[{"clientId":"c"}]`, moving.FormatMQTTX},
		{"any JSON", `{"x":1}`, moving.FormatUnknown},
		{"package of a program", `{"name":"web","version":"1.0.0","dependencies":{"a":"^1"}}`, moving.FormatUnknown},
		{"page", "<html><body>configuration</body></html>", moving.FormatUnknown},
		{"own file", "# x\nformat = \"tidings-connections\"\nversion = 1\n", moving.FormatTidings},
		{"nothing", " \n", moving.FormatUnknown},
		{"database", "SQLite format 3\x00", moving.FormatUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := transfer.Detect("", []byte(tt.text)); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

// A connection without an address comes only when somebody wants it.
func TestWhatLeadsNowhereIsNotTicked(t *testing.T) {
	const own = "format = 'tidings-connections'\nversion = 1\n[[profiles]]\nname = 'n'\n"
	for text, first := range map[string]moving.Choice{
		`{"name":"n","clientId":"c"}`:            moving.Skip,
		`{"name":"n","clientId":"c","host":"h"}`: moving.Add,
		own:                                      moving.Skip,
		own + "host = 'h'\n":                     moving.Add,
		own + "link.transport = 'unix'\nhost = 'h'\n":        moving.Skip,
		own + "link = {transport = 'unix', path = '/run/a'}": moving.Add,
		"connection b\ntopic # in\n":                         moving.Skip,
	} {
		p := transfer.Read(t.Context(), "", []byte(text), "")
		if len(p.Items) != 1 {
			t.Errorf("%s: %+v", text, p)
			continue
		}
		it := p.Items[0]
		said := slices.ContainsFunc(it.Unmapped, func(f moving.Finding) bool { return f.Why.Key == "moving.why.no_address" })
		if it.Choices()[0] != first || said != (first == moving.Skip) {
			t.Errorf("%s: %v, %+v", text, it.Choices(), it.Unmapped)
		}
	}
}

// A connection always has a name to show it by, and nothing is said of a default
// where there is none.
func TestWhatHasNeitherNameNorHost(t *testing.T) {
	for text, want := range map[string]string{
		`{"name":"","host":"","clientId":"c","port":1883}`: "c",
		`{"name":" ","host":"","clientId":""}`:             "?",
		`{"name":"","host":"a b","clientId":"c"}`:          "c",
		`{"name":"","host":"h","clientId":"c"}`:            "h",
	} {
		p := transfer.Read(t.Context(), "", []byte(text), "")
		if len(p.Items) != 1 {
			t.Errorf("%s: %+v", text, p)
			continue
		}
		it := p.Items[0]
		if it.Profile.Name != want {
			t.Errorf("%s: called %q, want %q", text, it.Profile.Name, want)
		}
		for _, f := range it.Unmapped {
			if f.Field == "host" && f.Why.Key != "moving.why.left_out" {
				t.Errorf("%s: says %+v of the host", text, f)
			}
		}
	}
}

func TestUTF16FromWindows(t *testing.T) {
	var data []byte
	for _, u := range utf16.Encode([]rune("\ufeffmosquitto_sub -h h -t лаб/#\r\n")) {
		data = append(data, byte(u), byte(u>>8))
	}
	p := transfer.Read(t.Context(), "", data, "")
	if len(p.Items) != 1 || p.Items[0].Profile.Subscriptions[0].Filter != "лаб/#" {
		t.Errorf("%+v", p)
	}
}

func TestUnknownSaysWhatToDo(t *testing.T) {
	for text, key := range map[string]string{
		"SQLite format 3\x00":                          "moving.database",
		"<root><oneConnection></oneConnection></root>": "moving.mqttx_xml",
		"client_id,connection_name,topic\na,b,c\n":     "moving.mqttx_csv",
		" \n":                                   "moving.nothing",
		"hello":                                 "moving.unknown",
		`{"name":"web"}`:                        "moving.unknown",
		strings.Repeat(" ", transfer.MaxFile+1): "moving.too_large",
	} {
		if p := transfer.Read(t.Context(), "", []byte(text), ""); len(p.Problems) != 1 || p.Problems[0].What.Key != key {
			t.Errorf("%.20q: %v", text, p.Problems)
		}
	}
}

func TestCompareAndChoose(t *testing.T) {
	here := app.DefaultProfile()
	here.ID, here.Name, here.Host, here.AutoConnect, here.Position = "lab1", "Lab", "h.test", true, 7
	tests := []struct {
		name    string
		change  func(*app.Profile)
		secret  string
		state   moving.State
		differs []string
		first   moving.Choice
	}{
		{"the same", func(p *app.Profile) {}, "pw", moving.StateUnchanged, nil, moving.Skip},
		{"without its secret", func(p *app.Profile) {}, "", moving.StateUnchanged, nil, moving.Skip},
		{"another secret", func(p *app.Profile) {}, "other", moving.StateChanged, []string{"Secret.password"}, moving.Skip},
		{"another host", func(p *app.Profile) { p.Host = "x" }, "pw", moving.StateChanged, []string{"Host"}, moving.Skip},
		{"another subscription", func(p *app.Profile) { p.Subscriptions = []app.Subscription{{Filter: "a"}} }, "pw", moving.StateChanged, []string{"Subscriptions"}, moving.Skip},
		{"only this machine's own", func(p *app.Profile) { p.Position, p.AutoConnect = 1, false }, "pw", moving.StateUnchanged, nil, moving.Skip},
		{"another connection", func(p *app.Profile) { p.Name, p.Host = "Other", "x" }, "pw", moving.StateConflict, []string{"Name", "Host"}, moving.Add},
		{"new", func(p *app.Profile) { p.ID = "new" }, "pw", moving.StateNew, nil, moving.Add},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := here
			tt.change(&p)
			preview := moving.Preview{Format: moving.FormatTidings, Items: []moving.Item{{Profile: p}}}
			if tt.secret != "" {
				preview.Items[0].Secrets = []moving.Secret{{Kind: app.SecretPassword, Value: app.Secret(tt.secret)}}
			}
			local := moving.Local{Profile: here, Secrets: []moving.Secret{{Kind: app.SecretPassword, Value: "pw"}}}
			transfer.Compare(&preview, []moving.Local{local})
			it := preview.Items[0]
			if it.State != tt.state || !reflect.DeepEqual(it.Differs, tt.differs) || it.Choices()[0] != tt.first {
				t.Errorf("state %d, differs %v, choices %v", it.State, it.Differs, it.Choices())
			}
			if it.State != moving.StateNew && (it.Profile.Position != 7 || !it.Profile.AutoConnect) {
				t.Error("what is this machine's own business was overwritten")
			}
			if r, ok := it.Resolve(moving.Add); ok && tt.state != moving.StateNew && r.Profile.ID == "lab1" {
				t.Error("a copy took the ID of what is here")
			}
			if r, ok := it.Resolve(moving.Replace); ok != (tt.state == moving.StateChanged || tt.state == moving.StateConflict) || ok && r.Profile.ID != "lab1" {
				t.Errorf("replace: %v %+v", ok, r)
			}
		})
	}
}

// A file of our own, made here and read here, changes nothing.
func TestOwnFileIsUnchanged(t *testing.T) {
	var entries []moving.Entry
	var here []moving.Local
	for path := range samples {
		for _, it := range transfer.Read(t.Context(), filepath.Base(path), read(t, path), "").Items {
			r, _ := it.Resolve(moving.Add)
			entries = append(entries, moving.Entry{Profile: r.Profile})
			r.Profile.ID, r.Profile.Security.SkipVerify = app.NewID(), true // as somebody chose here
			entries = append(entries, moving.Entry{Profile: r.Profile})
		}
	}
	f, err := pack.Write(entries, "")
	if err != nil {
		t.Fatal(err)
	}
	skips := map[string]bool{}
	for _, e := range entries {
		skips[e.Profile.ID] = e.Profile.Security.SkipVerify
	}
	for _, it := range transfer.Read(t.Context(), "", f.Data, "").Items { // as the store would give them back
		it.Profile.Security.SkipVerify = skips[it.Profile.ID]
		here = append(here, moving.Local{Profile: it.Profile})
	}
	p := transfer.Read(t.Context(), "", f.Data, "")
	transfer.Compare(&p, here)
	if len(p.Items) != len(entries) {
		t.Fatalf("%d of %d came: %v", len(p.Items), len(entries), p.Problems)
	}
	for _, it := range p.Items {
		if it.State != moving.StateUnchanged {
			t.Errorf("%s: %v", it.Profile.Name, it.Differs)
		}
		if it.Profile.Security.SkipVerify || skips[it.Profile.ID] != (len(it.Questions) > 0) {
			t.Errorf("%s: without a check unless somebody says so, and that is asked: %+v", it.Profile.Name, it.Questions)
		}
	}
}

func FuzzRead(f *testing.F) {
	for path := range samples {
		f.Add(filepath.Base(path), read(f, path))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		golden.Hostile(t, transfer.Read(t.Context(), name, data, ""))
	})
}
