package doctor

import (
	"tidings/app"
)

// finding is how a step went.
type finding struct {
	verdict   Verdict
	what, do  app.Text
	facts     []Fact
	technical string
}

// good is the finding of a step that went well.
func good(key string, pairs ...any) finding {
	return finding{verdict: OK, what: app.Say(key, pairs...)}
}

// skipped is the finding of a step that was not tried.
func skipped(key string, pairs ...any) finding {
	return finding{verdict: Skipped, what: app.Say(key, pairs...)}
}

// bad is the finding of a step that failed: key says what happened, and its
// companion key + ".do" what to do.
func bad(cause error, key string, pairs ...any) finding {
	return told(&app.Error{What: app.Say(key, pairs...), Do: app.Say(key+".do", pairs...), Cause: cause})
}

// told is the finding of a step that failed with an error in words.
func told(e *app.Error) finding {
	f := finding{verdict: Failed, what: e.What, do: e.Do}
	if e.Cause != nil {
		f.technical = e.Cause.Error()
	}
	return f
}

// warn makes a warning of a finding.
func (f finding) warn(what, do app.Text) finding {
	f.verdict, f.what, f.do = Warning, what, do
	return f
}

// with adds a fact; an empty value is left out.
func (f finding) with(name, value string) finding {
	f.facts = append(f.facts, fact(name, value))
	return f
}

func fact(name, value string) Fact {
	return Fact{Name: app.Say("doctor.fact." + name), Value: value}
}
