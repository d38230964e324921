package i18n

import "testing"

func TestMatch(t *testing.T) {
	for _, tc := range []struct{ wanted, tag string }{
		{"en", "en"}, {"en_GB.UTF-8", "en"}, {"pt", "pt-BR"}, {"pt_PT.UTF-8", "pt-BR"}, {"pt-br", "pt-BR"},
		{"es_MX@euro", "es"}, {"es-419", "es"}, {"ru", "ru"}, {"ru_UA.KOI8-U", "ru"},
		{"de_DE", "en"}, {"uk_UA", "en"}, {"gl", "en"}, {"zh:ru", "ru"}, {"de:pt:ru", "pt-BR"},
		{"", "en"}, {"C", "en"}, {"C.UTF-8", "en"}, {"POSIX", "en"}, {":::", "en"}, {"\x00~/../", "en"},
	} {
		if got := match(tc.wanted); got.Tag != tc.tag {
			t.Errorf("%q: %s, want %s", tc.wanted, got.Tag, tc.tag)
		}
		if p := New(tc.wanted + "x"); p.Language().NativeName == "" {
			t.Errorf("%q: no language", tc.wanted)
		}
	}
}

func TestFromEnvironment(t *testing.T) {
	for _, tc := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"silent", nil, ""},
		{"lang", map[string]string{"LANG": "ru_RU.UTF-8"}, "ru_RU.UTF-8"},
		{"messages before lang", map[string]string{"LANG": "ru", "LC_MESSAGES": "es"}, "es"},
		{"all before messages", map[string]string{"LC_ALL": "pt", "LC_MESSAGES": "es"}, "pt"},
		{"language before all", map[string]string{"LC_ALL": "pt", "LANGUAGE": "ru:es"}, "ru:es"},
		{"plain C", map[string]string{"LC_ALL": "C.UTF-8", "LANGUAGE": "ru"}, "en"},
	} {
		if got := fromEnvironment(func(name string) string { return tc.env[name] }); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestSystem(t *testing.T) {
	t.Setenv("LC_ALL", "pt_PT.UTF-8")
	t.Setenv("LANGUAGE", "")
	if got := System(); got != "pt-BR" {
		t.Errorf("got %s", got)
	}
	if got := New("").Language(); got.Tag != "pt-BR" || got.NativeName != "Português (Brasil)" {
		t.Errorf("got %v", got)
	}
	for _, l := range Languages() {
		if got := New(l.Tag).Language(); got != l {
			t.Errorf("New(%s) speaks %v", l.Tag, got)
		}
	}
}
