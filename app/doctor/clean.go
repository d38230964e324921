package doctor

import (
	"tidings/app"
	"tidings/app/session/adapter"
)

// clean returns a peer's or a library's text as one line without secrets.
func (d *Doctor) clean(s string) string { return adapter.Said(d.secrets.Line(s)) }

// cleanText cleans the arguments of a text, each as one line.
func (d *Doctor) cleanText(t app.Text) app.Text {
	t = d.secrets.Text(t)
	for name, v := range t.Args {
		switch v := v.(type) {
		case string:
			t.Args[name] = adapter.Said(v)
		case app.Text:
			t.Args[name] = d.cleanText(v)
		}
	}
	return t
}
