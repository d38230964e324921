package doctor

import (
	"time"

	"tidings/app"
)

// Report is what is known so far. It is a copy: treat its slices as read-only.
type Report struct {
	Address string // of the broker, as a URL without secrets
	Version app.Version
	Began   time.Time
	Took    time.Duration // 0 while the doctor is at work
	Running bool
	// Cancelled: a person ended it before its time.
	Cancelled bool
	Steps     []Step // in the order in which they began
}

// Verdict sums the steps up: Running, Failed when any step failed, Skipped
// when it was cancelled before one did, Warning or OK.
func (r Report) Verdict() Verdict {
	if r.Running {
		return Running
	}
	worst := OK
	for _, s := range r.Steps {
		switch {
		case s.Verdict == Failed:
			return Failed
		case s.Verdict == Warning:
			worst = Warning
		}
	}
	if r.Cancelled {
		return Skipped
	}
	return worst
}

// Conclusion returns the one sentence, and what to do: that of a further try
// which found the reason, else of the step that failed, else of the first that
// deserves attention.
func (r Report) Conclusion() (what, do app.Text) {
	switch r.Verdict() {
	case Running:
		return app.Say("doctor.running"), app.Text{}
	case Skipped:
		return app.Say("doctor.cancelled"), app.Text{}
	case OK:
		return app.Say("doctor.all_ok"), app.Text{}
	}
	first := func(match func(Step) bool) *Step {
		for i := range r.Steps {
			if match(r.Steps[i]) {
				return &r.Steps[i]
			}
		}
		return nil
	}
	s := first(func(s Step) bool { return s.Kind == Further && s.Verdict == OK })
	if s == nil {
		s = first(func(s Step) bool { return s.Verdict == Failed })
	}
	if s == nil {
		s = first(func(s Step) bool { return s.Verdict == Warning })
	}
	return s.What, s.Do
}
