package i18n_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tidings/app/i18n"
	"tidings/assets"
)

var update = flag.Bool("update", false, "write the translation files sorted and indented")

// forms are the plural forms a language needs for whole numbers (CLDR), in
// the order in which they stand in a file.
func forms(lang string) []string {
	switch lang {
	case "ru":
		return []string{"one", "few", "many", "other"}
	case "es", "pt-BR":
		return []string{"one", "many", "other"} // many: whole millions
	}
	return []string{"one", "other"}
}

// sentences reads a file: for each key its sentences by plural form, under ""
// when it has none.
func sentences(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	data, err := fs.ReadFile(assets.Translations(), lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	out := map[string]map[string]string{}
	for key, value := range raw {
		var one string
		if json.Unmarshal(value, &one) == nil {
			out[key] = map[string]string{"": one}
			continue
		}
		var many map[string]string
		if err := json.Unmarshal(value, &many); err != nil {
			t.Errorf("%s: %s: %v", lang, key, err)
		}
		out[key] = many
	}
	return out
}

func tags() (list []string) {
	for _, l := range i18n.Languages() {
		list = append(list, l.Tag)
	}
	return list
}

func TestEveryKeyInEveryLanguage(t *testing.T) {
	english := sentences(t, "en")
	if len(english) < 100 {
		t.Fatalf("only %d keys: the file was not read", len(english))
	}
	for _, lang := range tags() {
		other := sentences(t, lang)
		for key := range english {
			if _, ok := other[key]; !ok {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
		for key, texts := range other {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %s, English has not", lang, key)
				continue
			}
			_, plain := texts[""]
			if _, englishPlain := english[key][""]; plain != englishPlain {
				t.Errorf("%s: %s has plural forms in one language only", lang, key)
			}
			if got := slices.Sorted(maps.Keys(texts)); !plain && !slices.Equal(got, slices.Sorted(slices.Values(forms(lang)))) {
				t.Errorf("%s: %s has the forms %v, needs %v", lang, key, got, forms(lang))
			}
			for form, text := range texts {
				if strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text {
					t.Errorf("%s: %s %s is empty or begins or ends with a blank: %q", lang, key, form, text)
				}
			}
		}
	}
}

var (
	action = regexp.MustCompile(`\{\{[^{}]*\}\}`)
	field  = regexp.MustCompile(`\.([A-Za-z]\w*)`)
)

// arguments returns the names that a sentence fills in or asks for, sorted.
func arguments(text string) []string {
	var names []string
	for _, inside := range action.FindAllString(text, -1) {
		for _, m := range field.FindAllStringSubmatch(inside, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// all returns what any of the sentences fills in.
func all(texts map[string]string) []string {
	var names []string
	for _, text := range texts {
		names = append(names, arguments(text)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestSameArgumentsInEveryLanguage(t *testing.T) {
	english := sentences(t, "en")
	for _, lang := range tags() {
		for key, texts := range sentences(t, lang) {
			want := all(english[key])
			for form, text := range texts {
				got := arguments(text)
				// A form for one thing may say "one" instead of the number.
				if form == "one" && !slices.Contains(got, "N") && slices.Contains(want, "N") {
					got = append(got, "N")
					slices.Sort(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s %s fills in %v, English %v", lang, key, form, got, want)
				}
				if rest := action.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") {
					t.Errorf("%s: %s %s has braces that are no argument: %s", lang, key, form, text)
				}
			}
			if _, plain := texts[""]; !plain && !slices.Contains(want, "N") {
				t.Errorf("%s: %s has plural forms and does not fill in N", lang, key)
			}
		}
	}
}

// What nobody translated usually still stands there in English.
func TestTranslationsAreNotEnglish(t *testing.T) {
	english := sentences(t, "en")
	for _, lang := range tags()[1:] {
		for key, texts := range sentences(t, lang) {
			for form, text := range texts {
				if words := strings.Fields(text); len(words) > 4 && text == english[key][form] {
					t.Errorf("%s: %s is English: %s", lang, key, text)
				}
			}
		}
	}
	for key, texts := range sentences(t, "ru") {
		for _, text := range texts {
			if len(strings.Fields(text)) > 3 && !strings.ContainsFunc(text, func(r rune) bool { return r >= 'а' && r <= 'я' }) {
				t.Errorf("ru: %s has no Russian in it: %s", key, text)
			}
		}
	}
}

// Sorted files merge well: two people who add keys rarely meet on a line.
// A thing has one name. The fields of packets have those of the standard.
func TestClientIDIsSpeltInOneWay(t *testing.T) {
	for lang, spelling := range map[string]string{
		"en": "client ID", "pt-BR": "ID de cliente", "es": "ID de cliente", "ru": "ID клиента",
	} {
		other := regexp.MustCompile(`(?i)client id(entifier)?\b|(id|identificador) del? cliente|id do cliente|(id|идентификатор\pL*) клиента`)
		for key, forms := range sentences(t, lang) {
			for _, sentence := range forms {
				for _, found := range other.FindAllString(sentence, -1) {
					if found != spelling && found != "Client ID" && !strings.HasPrefix(key, "field.") {
						t.Errorf("%s: %s says %q, not %q", lang, key, found, spelling)
					}
				}
			}
		}
	}
}

func TestFilesAreSorted(t *testing.T) {
	for _, lang := range tags() {
		got, err := fs.ReadFile(assets.Translations(), lang+".json")
		if err != nil {
			t.Fatal(err)
		}
		want := sorted(t, lang, sentences(t, lang))
		if bytes.Equal(got, want) {
			continue
		}
		if *update {
			if err := os.WriteFile(filepath.Join("../../assets/translations", lang+".json"), want, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s.json is not sorted: run go test ./app/i18n -run TestFilesAreSorted -update", lang)
	}
}

func sorted(t *testing.T, lang string, texts map[string]map[string]string) []byte {
	t.Helper()
	quote := func(s string) string {
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(out.String(), "\n")
	}
	var out bytes.Buffer
	separator := "{\n"
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&out, "%s  %s: ", separator, quote(key))
		separator = ",\n"
		if text, plain := texts[key][""]; plain {
			out.WriteString(quote(text))
			continue
		}
		inner := "{\n"
		for _, form := range forms(lang) {
			fmt.Fprintf(&out, "%s    %s: %s", inner, quote(form), quote(texts[key][form]))
			inner = ",\n"
		}
		out.WriteString("\n  }")
	}
	out.WriteString("\n}\n")
	return out.Bytes()
}
