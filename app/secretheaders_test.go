package app_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tidings/app"
)

func header(name, value string) app.Header { return app.Header{Name: name, Value: value, Secret: true} }

func TestSecretHeadersLeaveTheProfileAndComeBack(t *testing.T) {
	headers := []app.Header{{Name: "X-Plain", Value: "open"}, header("Authorization", "Bearer é\n\"1\""), header("X-Key", "2")}
	bare, values := app.TakeHeaders(headers)
	if bare[0].Value != "open" || bare[1].Value != "" || bare[2].Value != "" || headers[1].Value == "" {
		t.Errorf("taken %v of %v", bare, headers)
	}
	if full, missing := app.FillHeaders(bare, values); missing != -1 || !reflect.DeepEqual(full, headers) {
		t.Errorf("back came %v, missing %d", full, missing)
	}
	if o := (app.Profile{Link: app.LinkOptions{Headers: bare}}).Options(app.Secrets{app.SecretHeaders: values}); !reflect.DeepEqual(o.Link.Headers, headers) || bare[1].Value != "" {
		t.Errorf("the options have %v", o.Link.Headers)
	}
}

func TestWhichValueBelongsToWhichHeader(t *testing.T) {
	_, kept := app.TakeHeaders([]app.Header{header("A", "1"), header("B", "2"), header("A", "3")})
	for _, tc := range []struct {
		name    string
		headers []app.Header
		want    string
		missing int
	}{
		{"the same", []app.Header{header("A", ""), header("B", ""), header("A", "")}, "1 2 3", -1},
		{"moved, and in other letters", []app.Header{header("b", ""), header("a", ""), header("a", "")}, "2 1 3", -1},
		{"one is gone", []app.Header{header("B", "")}, "2", -1},
		{"one is new", []app.Header{header("A", ""), header("C", "")}, "1 ", 1},
		{"one is not secret", []app.Header{{Name: "A"}, header("A", "")}, " 1", -1},
		{"one was typed", []app.Header{header("A", "typed"), header("A", "")}, "typed 3", -1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			full, missing := app.FillHeaders(tc.headers, kept)
			var got []string
			for _, h := range full {
				got = append(got, h.Value)
			}
			if strings.Join(got, " ") != tc.want || missing != tc.missing {
				t.Errorf("%q, missing %d; want %q, %d", got, missing, tc.want, tc.missing)
			}
		})
	}
}

func TestAChangedHeaderLeavesTheOthersAsTheyWere(t *testing.T) {
	headers := []app.Header{header("A", ""), header("B", "")}
	_, kept := app.TakeHeaders([]app.Header{header("A", "1"), header("B", "2"), header("Gone", "3")})
	_, given := app.TakeHeaders([]app.Header{header("A", ""), header("B", "new")})
	merged := app.MergeHeaders(headers, kept, given)
	if full, _ := app.FillHeaders(headers, merged); full[0].Value != "1" || full[1].Value != "new" {
		t.Errorf("merged %v", []string{full[0].Value, full[1].Value})
	}
	if strings.Contains(merged.Reveal(), "Gone") {
		t.Error("the value of a header that is gone is kept")
	}
	if rest := app.MergeHeaders(nil, kept, ""); rest != "" {
		t.Errorf("%q is kept for no header", rest.Reveal())
	}
}

func TestHostileHeaderValuesAreNoValues(t *testing.T) {
	for _, text := range []app.Secret{"", "x", "{}", `[{"name":1}]`, `[[]]`, "null", app.Secret(strings.Repeat("[", 1<<16))} {
		if _, missing := app.FillHeaders([]app.Header{header("A", "")}, text); missing != 0 {
			t.Errorf("%.20q gave a value", text.Reveal())
		}
	}
}

func TestASecretHeaderPrintsNoValue(t *testing.T) {
	o := app.LinkOptions{Headers: []app.Header{{Name: "X-Plain", Value: "open"}, header("X-Key", "geheim")}}
	if text := fmt.Sprintf("%v %+v %#v %s %q", o, &o, o, o.Headers, o.Headers[1]); strings.Contains(text, "geheim") || !strings.Contains(text, "open") {
		t.Error(text)
	}
}
