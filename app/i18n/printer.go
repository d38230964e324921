package i18n

import (
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"tidings/app"
	"tidings/assets"
)

// Printer says keys in one language. It is safe for concurrent use and never
// changes: another language is another Printer.
type Printer struct {
	lang    Language
	log     *slog.Logger
	local   *goi18n.Localizer
	numbers *message.Printer
	missing sync.Map // keys that have been complained about
}

var errArgument = errors.New("an argument is missing")

// New returns the Printer for lang, a BCP 47 tag or a POSIX locale such as
// "pt_PT.UTF-8"; the empty string is the system's language. A language that
// Tidings does not speak becomes English. Keys that are missing are logged to
// slog.Default once each.
func New(lang string) *Printer { return NewWithLog(lang, slog.Default()) }

// NewWithLog is New with a log of its own.
func NewWithLog(lang string, log *slog.Logger) *Printer {
	if lang == "" {
		lang = System()
	}
	p := &Printer{lang: match(lang), log: log}
	english := Languages()[0]
	bundle := goi18n.NewBundle(language.MustParse(english.Tag))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	// English stands in for a key that the language lacks.
	for _, l := range []Language{english, p.lang} {
		if _, err := bundle.LoadMessageFileFS(assets.Translations(), l.Tag+".json"); err != nil {
			log.Error("translations are damaged", "language", l.Tag, "err", err)
		}
		if l == p.lang {
			break
		}
	}
	p.local = goi18n.NewLocalizer(bundle, p.lang.Tag, english.Tag)
	p.numbers = message.NewPrinter(language.MustParse(p.lang.Tag))
	return p
}

// Language returns the language that p speaks.
func (p *Printer) Language() Language { return p.lang }

// Say returns the sentence of t. Arguments that are themselves an app.Text, or
// have one (app.ReasonCode), are said first; an argument "N" of an integer
// type chooses the plural form and is written with the language's separators;
// a time.Duration is written as Duration does. A zero t is the empty string. A
// key without a sentence is returned as it stands, so that it is seen.
func (p *Printer) Say(t app.Text) string {
	if t.IsZero() {
		return ""
	}
	c := &goi18n.LocalizeConfig{MessageID: t.Key}
	data := make(map[string]any, len(t.Args))
	for name, v := range t.Args {
		data[name] = p.argument(name, v)
	}
	c.TemplateData = data
	if n, ok := integer(t.Args["N"]); ok {
		c.PluralCount = n
		if n == 0 && p.lang.Tag == "pt-BR" {
			c.PluralCount = 2 // CLDR has 0 in the singular; people read "0 mensagens"
		}
	}
	// An error beside a text says that another plural form or English had to
	// stand in.
	text, err := p.local.Localize(c)
	if err != nil && text == "" {
		p.complain(t.Key, err)
		return t.Key
	}
	if strings.Contains(text, "<no value>") { // what a template writes for an argument that nobody gave
		p.complain(t.Key, errArgument)
	}
	return text
}

// S is Say for a key and its arguments, name and value in turn.
func (p *Printer) S(key string, pairs ...any) string { return p.Say(app.Say(key, pairs...)) }

// argument returns v as a sentence of this language takes it.
func (p *Printer) argument(name string, v any) any {
	switch v := v.(type) {
	case nil:
		return ""
	case app.Text:
		return p.Say(v)
	case interface{ Text() app.Text }:
		return p.Say(v.Text())
	case *app.Error:
		if v == nil {
			return ""
		}
		return p.Say(v.What)
	case error:
		return v.Error()
	case time.Duration:
		return p.Duration(v)
	case app.ByteCount:
		return p.Bytes(int64(v))
	case float32:
		return p.decimal(float64(v))
	case float64:
		return p.decimal(v)
	}
	if n, ok := integer(v); ok && name == "N" {
		return p.Int(n)
	}
	return v
}

// integer returns the value of any integer type; what does not fit is cut to
// the largest number, whose plural form is as good as any.
func integer(v any) (int64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanInt():
		return r.Int(), true
	case r.CanUint():
		return int64(min(r.Uint(), 1<<63-1)), true
	}
	return 0, false
}

// complain logs a key that cannot be said in full, once.
func (p *Printer) complain(key string, err error) {
	if _, again := p.missing.LoadOrStore(key, nil); !again {
		p.log.Error("a text cannot be said", "key", key, "language", p.lang.Tag, "err", err)
	}
}
