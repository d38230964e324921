package moving

import (
	"image/color"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/moving"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// chips are the states in a word.
var chips = [...]string{
	moving.StateNew: "import.chip.new", moving.StateUnchanged: "import.chip.same",
	moving.StateChanged: "import.chip.changed", moving.StateConflict: "import.chip.conflict",
}

var chipInks = [...]fyne.ThemeColorName{
	moving.StateNew: ftheme.ColorNameSuccess, moving.StateUnchanged: theme.ColorMuted,
	moving.StateChanged: ftheme.ColorNamePrimary, moving.StateConflict: ftheme.ColorNameWarning,
}

// amounts says how much there is of each, leaving out what there is none of.
func amounts(tr *i18n.Printer, subs, templates, secrets int) (list []string) {
	for _, a := range []struct {
		key string
		n   int
	}{{"import.subs", subs}, {"import.templates", templates}, {"import.secrets", secrets}} {
		if a.n > 0 {
			list = append(list, tr.S(a.key, "N", a.n))
		}
	}
	return list
}

// capital begins a text with a capital letter, as the first of a line.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// kindsIn returns the words for kinds of secret.
func kindsIn(tr *i18n.Printer, kinds []app.SecretKind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = tr.Say(kind.Text())
	}
	return strings.Join(words, ", ")
}

// tall gives one object a height that may change, in units at 100 %.
type tall struct{ height float32 }

// MinSize implements fyne.Layout.
func (l *tall) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, parts.Unit(l.height))
}

// Layout implements fyne.Layout.
func (*tall) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// ink is a colour of the theme for the mark of a row.
func ink(name fyne.ThemeColorName) color.NRGBA {
	c, _ := color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
	return c
}

// fieldKeys are the words for the fields of app.Profile, as differences and
// snippets name them: by the longest beginning.
var fieldKeys = [][2]string{
	{"Link.Transport", "moving.field.transport"}, {"Link.Path", "moving.field.path"}, {"Link.SecretQuery", "secrets.of.query"}, {"Link.Headers", "moving.field.headers"},
	{"Link.Proxy", "moving.field.proxy"}, {"Link.Family", "moving.field.family"}, {"Link.Timeout", "moving.field.timeout"},
	{"Security.CA", "moving.field.ca"}, {"Security.Certificate", "moving.field.certificate"}, {"Security.Key", "moving.field.key"},
	{"Security.Pinned", "moving.field.pinned"}, {"Security.SkipVerify", "moving.field.skip_verify"}, {"Security", "moving.field.tls"},
	{"Session.User", "moving.field.user_properties"}, {"Session.AuthenticationMethod", "moving.field.authentication"},
	{"SessionExpiry", "moving.field.session"}, {"Session", "moving.field.session"}, {"Clean", "moving.field.session"},
	{"Will.Properties", "moving.field.will_properties"}, {"Will", "moving.field.will"}, {"Subscriptions", "moving.field.subscriptions"}, {"Templates", "moving.field.templates"},
	{"Name", "moving.field.name"}, {"Folder", "moving.field.folder"}, {"Color", "moving.field.color"}, {"Notes", "moving.field.notes"},
	{"Host", "moving.field.host"}, {"Port", "moving.field.port"}, {"TLS", "moving.field.tls"}, {"Version", "moving.field.version"},
	{"ClientID", "moving.field.client_id"}, {"IDMode", "moving.field.client_id"}, {"User", "moving.field.user"},
	{"KeepAlive", "moving.field.keep_alive"}, {"LocalBroker", "moving.field.local_broker"},
	{"Secret.path", "moving.field.path"}, {"Secret.header", "moving.field.headers"},
}

// fieldsIn returns the words for the fields, each once.
func fieldsIn(tr *i18n.Printer, fields []string) string {
	var words []string
	for _, f := range fields {
		word := fieldIn(tr, f)
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

func fieldIn(tr *i18n.Printer, field string) string {
	if name, ok := strings.CutPrefix(field, "Secret."); ok {
		for _, kind := range app.SecretKinds() {
			if moving.SecretName(kind) == name {
				return tr.Say(kind.Text())
			}
		}
	}
	for _, k := range fieldKeys {
		if strings.HasPrefix(field, k[0]) {
			return tr.S(k[1])
		}
	}
	return field
}
