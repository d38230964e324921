package i18n

import (
	"os"
	"strings"

	"github.com/jeandeaual/go-locale"
	"golang.org/x/text/language"
)

// Language is one of the languages that Tidings speaks.
type Language struct {
	Tag        string // BCP 47, also the name of its file: "pt-BR"
	NativeName string // as its speakers call it
}

// Languages returns what Tidings speaks, in the order of a menu. The first is
// the one that everything falls back to.
func Languages() []Language {
	return []Language{
		{"en", "English"},
		{"pt-BR", "Português (Brasil)"},
		{"es", "Español"},
		{"ru", "Русский"},
	}
}

// System returns the language that the system is set to, as one of the tags
// of Languages; "en" when it speaks none of them. It reads the environment as
// gettext does (LANGUAGE, LC_ALL, LC_MESSAGES, LANG) and asks the operating
// system where the environment is silent. On macOS that may start a program:
// call it once.
func System() string {
	wanted := fromEnvironment(os.Getenv)
	if wanted == "" {
		wanted = fromSystem()
	}
	return match(wanted).Tag
}

// fromEnvironment returns a colon-separated list of locales, best first, or
// "" when the environment says nothing.
//
// LANGUAGE counts only where the locale is a real one: with LC_ALL=C a person
// asked for plain English.
func fromEnvironment(getenv func(string) string) string {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale = getenv(name); locale != "" {
			break
		}
	}
	if plain := normalize(locale); plain == "C" || plain == "POSIX" {
		return "en"
	}
	if list := getenv("LANGUAGE"); list != "" {
		return list
	}
	return locale
}

func fromSystem() string {
	tags, err := locale.GetLocales()
	if err != nil {
		return "" // it does not say: English
	}
	return strings.Join(tags, ":")
}

// match returns the first language of the wanted list, BCP 47 tags or POSIX
// locales separated by colons, that Tidings speaks.
func match(wanted string) Language {
	spoken := Languages()
	tags := make([]language.Tag, len(spoken))
	for i, l := range spoken {
		tags[i] = language.MustParse(l.Tag)
	}
	matcher := language.NewMatcher(tags)
	for name := range strings.SplitSeq(wanted, ":") {
		tag, err := language.Parse(normalize(name))
		if err != nil {
			continue
		}
		// Low confidence is a guess at what such a person may also read:
		// with English at hand it is no better than English.
		if _, i, confidence := matcher.Match(tag); confidence >= language.Low && sameBase(tag, tags[i]) {
			return spoken[i]
		}
	}
	return spoken[0]
}

func sameBase(a, b language.Tag) bool {
	x, _ := a.Base()
	y, _ := b.Base()
	return x == y
}

// normalize turns a POSIX locale such as "pt_PT.UTF-8@euro" into "pt-PT".
func normalize(name string) string {
	name, _, _ = strings.Cut(strings.TrimSpace(name), ".")
	name, _, _ = strings.Cut(name, "@")
	return strings.ReplaceAll(name, "_", "-")
}
