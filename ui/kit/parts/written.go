package parts

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/payload"
)

// Way is how bytes are written in an entry.
type Way int

// The ways, in the order in which they are offered.
const (
	AsText Way = iota
	AsJSON     // text that is judged
	AsHex
)

// WayOf returns how b is best written; false: it is too large for an entry.
func WayOf(b []byte) (Way, bool) {
	kind := payload.Detect(b)
	switch {
	case len(b) > FieldLimit:
		return AsText, false
	case kind == payload.KindBinary || !AsText.Fits(b):
		return AsHex, AsHex.Fits(b)
	case kind == payload.KindJSON:
		return AsJSON, true
	}
	return AsText, true
}

// Fits reports whether b can be written so that Read gives it back.
func (w Way) Fits(b []byte) bool {
	if w == AsHex {
		return len(b) <= FieldLimit/3
	}
	return len(b) <= FieldLimit && utf8.Valid(b) && !strings.ContainsRune(string(b), '\r')
}

// Write writes bytes: as they are, or as "01 ab ff".
func (w Way) Write(b []byte) string {
	if w != AsHex {
		return string(b)
	}
	var out strings.Builder
	for i, c := range b {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(hex.EncodeToString([]byte{c}))
	}
	return out.String()
}

// Read returns the bytes that text stands for, or why it stands for none.
// JSON is not judged: Judge does.
func (w Way) Read(text string) ([]byte, *app.Error) {
	if w == AsHex {
		return unhex(text)
	}
	return []byte(text), nil
}

// Judge returns why text is none of its kind, nil when it is. Nothing at all
// is fine.
func (w Way) Judge(text string) *app.Error {
	switch {
	case w == AsHex:
		_, err := unhex(text)
		return err
	case w == AsJSON && strings.TrimSpace(text) != "":
		_, err := payload.Format(context.Background(), payload.JSON, []byte(text))
		return asError(err)
	}
	return nil
}

// unhex reads hexadecimal digits; blanks, colons and commas between them and
// "0x" before them count for nothing.
func unhex(text string) ([]byte, *app.Error) {
	text = strings.NewReplacer("0x", "", "0X", "", ":", "", ",", "").Replace(text)
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, &app.Error{What: app.Say("form.hex"), Do: app.Say("form.hex.do"), Cause: err}
	}
	return b, nil
}

// asError returns err as what a person reads.
func asError(err error) *app.Error {
	if err == nil {
		return nil
	}
	var known *app.Error
	if errors.As(err, &known) {
		return known
	}
	return &app.Error{What: app.Say("error.unexpected"), Do: app.Say("error.unexpected.do"), Cause: err}
}
