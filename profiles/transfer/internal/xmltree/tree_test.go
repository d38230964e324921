package xmltree

import (
	"strings"
	"testing"
)

func TestTree(t *testing.T) {
	root, err := Parse(t.Context(), []byte("\xef\xbb\xbf"+`<?xml version="1.0"?><a xmlns="urn:x"><b q="1"> one </b><b>two &lt;3</b><c><d/></c></a>`))
	if err != nil {
		t.Fatal(err)
	}
	all := root.All("b")
	if len(all) != 2 || all[0].Text() != "one" || all[0].Attr("q") != "1" || all[1].Text() != "two <3" {
		t.Errorf("%+v", all)
	}
	if root.At("c", "d") == nil || root.At("c", "x", "y").Text() != "" {
		t.Error("a path leads where it should, or to nothing")
	}
}

func TestHostileXML(t *testing.T) {
	tests := map[string]string{
		"external entity": `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`,
		"many laughs":     `<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>`,
		"document type":   `<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>`,
		"unknown entity":  `<a>&x;</a>`,
		"too deep":        strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100),
		"too many":        "<a>" + strings.Repeat("<b/>", 5*maxNodes) + "</a>",
		"crossed":         `<a><b></a></b>`,
		"unclosed":        `<a><password>hunter2`,
		"two roots":       `<a/><a/>`,
		"other charset":   `<?xml version="1.0" encoding="EBCDIC"?><a/>`,
		"empty":           ``,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			root, err := Parse(t.Context(), []byte(text))
			if err == nil || root != nil {
				t.Fatalf("taken: %+v", root)
			}
			if strings.Contains(err.Error(), "hunter") || strings.Contains(err.Error(), "passwd") {
				t.Errorf("the error quotes the file: %v", err)
			}
		})
	}
}

func TestFalseIsFalse(t *testing.T) {
	if Bool("false", true) || Bool(" FALSE ", true) || Bool("0", true) || !Bool("true", false) || !Bool("", true) {
		t.Error(`"false" is false`)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<a b="c">d<e/></a>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if root, err := Parse(t.Context(), data); (root == nil) == (err == nil) {
			t.Fatal("a root or an error")
		}
	})
}
