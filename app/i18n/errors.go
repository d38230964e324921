package i18n

import (
	"errors"

	"tidings/app"
)

// Error returns what a person reads about e: what happened, what to do (may
// be empty), and the technical text for those who ask (may be empty). An
// error that is no *app.Error is said as unexpected. nil gives three empty
// strings.
func (p *Printer) Error(e error) (what, do, technical string) {
	if e == nil {
		return "", "", ""
	}
	var known *app.Error
	if !errors.As(e, &known) || known == nil {
		return p.S("error.unexpected"), p.S("error.unexpected.do"), e.Error()
	}
	if known.Cause != nil {
		technical = known.Cause.Error()
	}
	return p.Say(known.What), p.Say(known.Do), technical
}
