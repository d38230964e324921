package doctor

import (
	"fmt"
	"strings"
	"time"

	"tidings/app"
)

// Sayer says texts in a language; *i18n.Printer is one.
type Sayer interface {
	Say(app.Text) string
	Duration(time.Duration) string
}

// Text returns the verdict in a word.
func (v Verdict) Text() app.Text { return app.Say("doctor.verdict." + v.String()) }

// Text returns the whole report as text of several lines, to be copied.
func (r Report) Text(s Sayer) string {
	var b strings.Builder
	b.WriteString(r.Title(s) + "\n")
	for _, step := range r.Steps {
		b.WriteString(step.Text(s))
	}
	return b.String() + "\n" + r.Result(s)
}

// Title returns the line above the report.
func (r Report) Title(s Sayer) string {
	return line(s.Say(app.Say("doctor.text.title", "Address", r.Address, "Version", r.Version.String(), "Time", r.Began.Format(time.DateTime))))
}

// Result returns the line below the report: the conclusion.
func (r Report) Result(s Sayer) string {
	what, do := r.Conclusion()
	return line(s.Say(app.Say("doctor.text.result")) + ": " + s.Say(what) + " " + s.Say(do))
}

// Text returns the step as text of one or more lines.
func (st Step) Text(s Sayer) string {
	var b strings.Builder
	head := fmt.Sprintf("[%s] %s", s.Say(st.Verdict.Text()), s.Say(st.Kind.Text()))
	if st.About != "" {
		head += " " + st.About
	}
	if st.Took >= 100*time.Microsecond { // less says nothing
		head += " (" + s.Duration(st.Took) + ")"
	}
	b.WriteString(line(head))
	for _, text := range []string{s.Say(st.What), arrow(s.Say(st.Do)), st.Technical} {
		if text != "" {
			b.WriteString("    " + line(text))
		}
	}
	for _, f := range st.Facts {
		b.WriteString("    " + line(s.Say(f.Name)+": "+f.Value))
	}
	return b.String()
}

func arrow(s string) string {
	if s == "" {
		return ""
	}
	return "→ " + s
}

// line is one line, whatever a text holds.
func line(s string) string {
	return strings.TrimRight(strings.NewReplacer("\n", " ", "\r", " ", "\u00a0", " ").Replace(s), " ") + "\n"
}
