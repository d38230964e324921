package jsonobj

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLooseValues(t *testing.T) {
	o, err := Parse([]byte(`{"a":"x","n":"42","f":60.0,"half":0.5,"t":"true","no":"false","one":1,"null":null,"list":[1,2],"in":{"k":"v"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := o.Number("n"); !ok || n != 42 {
		t.Errorf("a number as text: %d, %v", n, ok)
	}
	if n, ok := o.Number("f"); !ok || n != 60 {
		t.Errorf("60.0: %d, %v", n, ok)
	}
	if _, ok := o.Number("half"); ok {
		t.Error("0.5 was taken for a whole number")
	}
	if o.Bool("no", true) || !o.Bool("t", false) || !o.Bool("one", false) || !o.Bool("missing", true) || o.Bool("a", false) {
		t.Error(`"false" is false, "true" is true, 1 is true, and what is neither is the default`)
	}
	if o.Has("null") || o.String("list") != "" || o.String("in") != "" {
		t.Error("null is absent, and a list is no text")
	}
	if inner, ok := o.Object("in"); !ok || inner.String("k") != "v" {
		t.Error("the inner object was lost")
	}
}

func TestErrorsQuoteNothing(t *testing.T) {
	for _, text := range []string{`{"password":"hunter2"`, `{"password":hunter2}`, `[1`, `"hunter2"`, ``, `{"a":1,}`} {
		_, err := Parse([]byte(text))
		if err == nil || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestListsEnd(t *testing.T) {
	calls := 0
	more, err := Each(t.Context(), []byte("["+strings.Repeat("1,", 99)+"1]"), 10, func(json.RawMessage) { calls++ })
	if err != nil || !more || calls != 10 {
		t.Errorf("%d calls, more %v, %v", calls, more, err)
	}
}

func TestKeysEnd(t *testing.T) {
	var b strings.Builder
	for i := range maxKeys + 1 {
		b.WriteString(`,"k` + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + `":1`)
	}
	if _, err := Parse([]byte("{" + b.String()[1:] + "}")); err == nil {
		t.Error("an object without end was taken")
	}
}

// What takes valid JSON apart agrees with the library about every part of it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		` {"a" : "x\"}]" , "b":[ 1 ,{"c":null}, "[" ], "d\u00e9":-1.5e3,"e":{},"f":[ ]} `, `{"a":1,"a":2}`, `{"a":tru}`, `{"\\":"\\\\","":""}`, "{\"\xff\":\"\xff\"}", `{} x`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want map[string]json.RawMessage
		o, err := Parse([]byte(text))
		if json.Unmarshal([]byte(text), &want) != nil || want == nil {
			return // Parse takes a little more
		}
		if err != nil || len(o.members) != len(want) {
			t.Fatalf("%v: %d members, want %d", err, len(o.members), len(want))
		}
		for key, value := range want {
			if m := o.members[key]; m == nil || string(m.value) != string(value) {
				t.Errorf("%q: %+v, want %s", key, m, value)
			}
			var s string
			if value[0] == '"' && json.Unmarshal(value, &s) == nil && o.String(key) != s {
				t.Errorf("%q is %q, want %q", key, o.String(key), s)
			}
			var list []json.RawMessage
			if value[0] != '[' || json.Unmarshal(value, &list) != nil {
				continue
			}
			o.Each(t.Context(), key, len(list)+1, func(raw json.RawMessage) {
				if len(list) == 0 || string(raw) != string(list[0]) {
					t.Fatalf("%q holds %s, want %s", key, raw, list)
				}
				list = list[1:]
			})
			if len(list) > 0 {
				t.Errorf("%q: %s is missing", key, list)
			}
		}
	})
}
