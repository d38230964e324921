package profileform_test

import (
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/ui/kit/parts"
	"tidings/ui/profileform"
)

// The segments of the will's payload.
const (
	asText = iota
	asJSON
	asHex
	asFile
)

// withWill opens a form on the page of a will with a payload.
func withWill(t *testing.T, payload []byte, more func(*profileform.FormParams)) *bench {
	t.Helper()
	p := saved()
	p.Will = &app.Will{Topic: "lab/status", Payload: payload}
	b := openWith(t, p, keyring(true), more)
	b.page(willPage)
	return b
}

func nothingMore(*profileform.FormParams) {}

func TestWillsPayloadCanBeWrittenInManyWays(t *testing.T) {
	for _, c := range []struct {
		name   string
		format int
		typed  string
		want   string // "" and wrong: a complaint
		wrong  bool
	}{
		{"text", asText, "gone ü", "gone ü", false},
		{"nothing", asText, "", "", false},
		{"JSON", asJSON, `{"online": false}`, `{"online": false}`, false},
		{"no JSON", asJSON, `{"online": }`, "", true},
		{"no JSON, empty", asJSON, " ", " ", false},
		{"hex", asHex, "01 AB:ff,0x10", "\x01\xab\xff\x10", false},
		{"half a byte", asHex, "01 a", "", true},
		{"no hex", asHex, "xy", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := withWill(t, []byte("x"), nothingMore)
			b.pick("will.format", c.format)
			b.field("will.payload").SetText(c.typed)
			if got := len(b.errors()) == 1; got != c.wrong {
				t.Errorf("complaints while typing: %v", b.errors())
			}
			b.tap("save")
			if c.wrong != (b.saves == 0) {
				t.Fatalf("saved %d times; complaints %v", b.saves, b.errors())
			}
			if !c.wrong && string(b.profile.Will.Payload) != c.want {
				t.Errorf("payload %q, want %q", b.profile.Will.Payload, c.want)
			}
		})
	}
}

func TestWillsPayloadIsShownAsWhatItIs(t *testing.T) {
	for _, c := range []struct {
		name, payload, text string
		format              int
	}{
		{"text", "gone\nfor now", "gone\nfor now", asText},
		{"JSON", `{"a":1}`, `{"a":1}`, asJSON},
		{"bytes", "\x00\xff", "00 ff", asHex},
		{"line ends of Windows", "a\r\nb", "61 0d 0a 62", asHex},
		{"large text", strings.Repeat("x", 20_000), "", asFile},
		{"large bytes", strings.Repeat("\x00", 20_000), "", asFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := withWill(t, []byte(c.payload), nothingMore)
			if got := b.segment("will.format"); got != c.format || b.field("will.payload").Text != c.text {
				t.Errorf("format %d, text %q", got, b.field("will.payload").Text)
			}
			if got := b.save().Will.Payload; string(got) != c.payload {
				t.Errorf("%d bytes saved", len(got))
			}
		})
	}
}

func TestAnotherFormatShowsTheSamePayload(t *testing.T) {
	b := withWill(t, []byte("ü{"), nothingMore)
	b.pick("will.format", asHex)
	if got := b.field("will.payload").Text; got != "c3 bc 7b" {
		t.Errorf("as hex: %q", got)
	}
	b.pick("will.format", asText)
	if got := b.field("will.payload").Text; got != "ü{" {
		t.Errorf("as text again: %q", got)
	}
	b.pick("will.format", asFile)
	if got := b.save().Will.Payload; string(got) != "ü{" {
		t.Errorf("payload %q", got)
	}
}

// TestAPayloadWithoutAFormIsHeld switches bytes that are no text, and more than
// an entry takes, through every format: what is shown is never another payload.
func TestAPayloadWithoutAFormIsHeld(t *testing.T) {
	for name, payload := range map[string]string{"no text": "\xff\x00", "large": strings.Repeat("a", 40_000)} {
		t.Run(name, func(t *testing.T) {
			b := withWill(t, []byte(payload), nothingMore)
			for _, format := range []int{asText, asJSON, asHex, asText} {
				b.pick("will.format", format)
				text := b.field("will.payload")
				if way := parts.Way(format); text.Visible() != way.Fits([]byte(payload)) || text.Visible() && text.Text != way.Write([]byte(payload)) {
					t.Errorf("format %d: visible %v, %.20q", format, text.Visible(), text.Text)
				}
				if len(b.errors()) > 0 {
					t.Errorf("format %d: %v", format, b.errors())
				}
			}
			if got := b.save().Will.Payload; string(got) != payload {
				t.Errorf("payload %.20q", got)
			}
		})
	}
}

// TestCorrelationDataIsWhatIsShown switches bytes that are no text to text:
// their digits are sent as they stand then, and hexadecimal brings them back.
func TestCorrelationDataIsWhatIsShown(t *testing.T) {
	b := withWill(t, []byte("x"), nothingMore)
	b.tap("will.more")
	b.pick("will.correlation.format", 1)
	b.field("will.correlation").SetText("00ff")
	b.pick("will.correlation.format", 0)
	if got := b.field("will.correlation").Text; got != "00ff" {
		t.Errorf("as text: %q", got)
	}
	b.pick("will.correlation.format", 1)
	if got := b.field("will.correlation").Text; got != "00 ff" {
		t.Errorf("as hexadecimal again: %q", got)
	}
	b.pick("will.correlation.format", 0)
	if got := b.save().Will.Properties.CorrelationData; string(got) != b.field("will.correlation").Text {
		t.Errorf("sent %q, shown %q", got, b.field("will.correlation").Text)
	}
}

// file is a file that is being read.
type file struct {
	path  string
	limit int64
	data  []byte
	err   *app.Error
	done  bool
}

func (f *file) read(path string, limit int64) func() ([]byte, *app.Error, bool) {
	f.path, f.limit = path, limit
	return func() ([]byte, *app.Error, bool) { return f.data, f.err, f.done }
}

func TestWillsPayloadComesFromAFile(t *testing.T) {
	f := &file{}
	b := withWill(t, nil, func(p *profileform.FormParams) { p.ReadFile = f.read })
	b.pick("will.format", asFile)
	test.Type(b.field("will.file"), `"/tmp/will.bin"`)
	b.tap("will.file.read")
	if f.path != "/tmp/will.bin" || f.limit != 65535 {
		t.Errorf("reads %q, at most %d bytes", f.path, f.limit)
	}
	b.tap("save")
	if b.saves != 0 {
		t.Error("saved before the file was read")
	}
	f.err, f.done = &app.Error{What: app.Say("file.missing", "Name", "will.bin"), Do: app.Say("file.missing.do")}, true
	b.Sync()
	if e := b.errors(); len(e) != 1 || !strings.Contains(e[0], "will.bin") {
		t.Errorf("complaints about a file that is not there: %v", e)
	}
	b.tap("save")
	if b.saves != 0 {
		t.Error("saved without what the file was to hold")
	}
	f.err, f.data, f.done = nil, []byte{0, 1, 2}, false
	if !b.Dropped(fyne.Position{}, "/tmp/other.bin") || f.path != "/tmp/other.bin" {
		t.Errorf("a dropped file is not read: %q", f.path)
	}
	f.done = true
	b.Sync()
	if !b.hints("form.file.bytes", "Size", app.ByteCount(3)) {
		t.Error("the form does not say what was read")
	}
	if got := b.save().Will.Payload; string(got) != "\x00\x01\x02" {
		t.Errorf("payload %x", got)
	}
}

func TestWillHasTheProperties(t *testing.T) {
	b := withWill(t, []byte("x"), nothingMore)
	b.field("will.delay").SetText("30")
	b.tap("will.more")
	b.field("will.content_type").SetText("text/plain")
	test.Tap(b.check("will.is_text"))
	b.field("will.expiry").SetText("0")
	b.field("will.response").SetText("answers/#")
	if len(b.errors()) != 1 {
		t.Errorf("complaints about a wildcard: %v", b.errors())
	}
	b.field("will.response").SetText("answers")
	b.pick("will.correlation.format", 1)
	b.field("will.correlation").SetText("00ff")
	b.tap("will.properties.add")
	name, value := b.pairs("will.properties").Fields(0)
	name.SetText("a")
	value.SetText("b")
	b.pick("will.qos", 2)
	test.Tap(b.check("will.retain"))
	expiry := uint32(0)
	want := &app.Will{Topic: "lab/status", Payload: []byte("x"), QoS: app.QoS2, Retain: true, Delay: 30, Properties: &app.Properties{
		PayloadIsUTF8: true, MessageExpiry: &expiry, ContentType: "text/plain", ResponseTopic: "answers",
		CorrelationData: []byte{0, 255}, User: []app.UserProperty{{Name: "a", Value: "b"}},
	}}
	if got := b.save().Will; !reflect.DeepEqual(got, want) {
		t.Errorf("will %+v %+v", got, got.Properties)
	}
}

func TestWillSaysWhenItFires(t *testing.T) {
	b := withWill(t, nil, nothingMore)
	for version, keys := range map[int][]string{2: {"form.will.fires5", "form.will.not5"}, 1: {"form.will.fires", "form.will.not"}} {
		b.pick("version", version)
		for _, key := range keys {
			if !b.hints(key) {
				t.Errorf("version %d: no %s", version, key)
			}
		}
	}
	if o, ok := b.d.Names.Get("form.will").(fyne.Focusable); !ok || o == nil {
		t.Error("the will cannot be switched off")
	}
	test.Tap(b.check("will"))
	if got := b.save().Will; got != nil {
		t.Errorf("will %+v", got)
	}
}

// A will that was only switched on says beside its page what it lacks.
func TestAWillWithoutTopicSaysSo(t *testing.T) {
	p := saved()
	p.Will = &app.Will{}
	if b := openWith(t, p, keyring(true), nothingMore); b.note(willPage).Note != "no topic yet" {
		t.Errorf("the page says %+v", b.note(willPage))
	}
}

// TestTheFormNamesTheCommandAsTheMenuDoes in every language.
func TestTheFormNamesTheCommandAsTheMenuDoes(t *testing.T) {
	for _, l := range i18n.Languages() {
		tr := i18n.New(l.Tag)
		for _, key := range []string{"form.will.fires", "form.will.fires5"} {
			if name := tr.S("header.menu.drop"); !strings.Contains(tr.S(key), name) {
				t.Errorf("%s: %s does not name “%s”: %s", l.Tag, key, name, tr.S(key))
			}
		}
	}
}
