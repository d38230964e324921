package profileform

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/profilecheck"
)

// The fields of findings that profilecheck has no name for: what a person
// types there can fail to be a value at all.
const (
	fieldExpiry        = "SessionExpiry"
	fieldReceiveMax    = "Session.ReceiveMaximum"
	fieldMaximumPacket = "Session.MaximumPacket"
	fieldAliasMaximum  = "Session.TopicAliasMaximum"
	fieldWillDelay     = "Will.Delay"
	fieldWillExpiry    = "Will.Properties.MessageExpiry"
)

// reading is a profile that is being read from the fields, with those texts
// that are no values. What is no value leaves the profile as it was.
type reading struct {
	app.Profile
	wrong []profilecheck.Finding
	files []profilecheck.Finding // what is wrong with files that are named: nobody has typed that
}

// fail notes that what was typed for a field is no value.
func (r *reading) fail(field string, err *app.Error) {
	r.wrong = append(r.wrong, profilecheck.Finding{Field: field, Err: err})
}

// number reads a whole number from least to most.
func (r *reading) number(field, text string, least, most uint64) (uint64, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	if err != nil || n < least || n > most {
		r.fail(field, &app.Error{What: app.Say("form.number", "Min", least, "Max", most), Cause: err})
		return 0, false
	}
	return n, true
}

// optional is number for a field that may be empty, which means zero.
func (r *reading) optional(field, text string, most uint64) (uint64, bool) {
	if strings.TrimSpace(text) == "" {
		return 0, true
	}
	return r.number(field, text, 1, most)
}

// seconds reads a time-out, which may have parts of a second; empty is zero.
func (r *reading) seconds(field, text string) (time.Duration, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", ".")
	if text == "" {
		return 0, true
	}
	s, err := strconv.ParseFloat(text, 64)
	if err != nil || s <= 0 || s > 86_400 {
		r.fail(field, &app.Error{What: app.Say("form.timeout.number"), Cause: err})
		return 0, false
	}
	return time.Duration(s*1000) * time.Millisecond, true
}

// findings returns what is wrong with the reading, at most one finding for
// each field, without what the form has no field for.
func (r *reading) findings() []profilecheck.Finding {
	said := slices.Concat(r.wrong, r.files)
	list := said
	for _, f := range profilecheck.Validate(r.Profile) {
		if f.Field == profilecheck.FieldPath {
			f.Field = pathField(r.Link.Transport)
		}
		if !has(said, f.Field) {
			list = append(list, f)
		}
	}
	return list
}

func has(list []profilecheck.Finding, field string) bool {
	for _, f := range list {
		if f.Field == field {
			return true
		}
	}
	return false
}

// unlessZero returns n, and nothing for zero, which means that the usual value goes.
func unlessZero(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}
