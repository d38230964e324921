package draft

import (
	"strings"

	"tidings/app"
)

// What a file may ask of us. A person's own files stay far below.
const (
	MaxFile    = 32 << 20 // bytes of a file
	MaxSmall   = 2 << 20  // bytes of a configuration file written by hand, and of YAML
	MaxItems   = 1000     // connections in one file
	MaxList    = 1000     // subscriptions, templates, headers, properties of one connection
	maxNotes   = 200      // findings about one connection
	maxName    = 200      // bytes of a name
	maxText    = 65_535   // bytes of a string of MQTT (MQTT 5.0 §1.5.4)
	maxPEM     = 256 << 10
	maxPayload = 1 << 20 // bytes of a template's payload
)

// TooLarge is the problem with a file above limit bytes.
func TooLarge(limit int) *app.Error {
	return &app.Error{What: app.Say("moving.too_large", "Max", app.ByteCount(limit)), Do: app.Say("moving.too_large.do")}
}

// TooMany is the problem with a file that holds more than MaxItems
// connections: the rest is left out.
func TooMany() *app.Error {
	return &app.Error{What: app.Say("moving.too_many", "Max", MaxItems), Do: app.Say("moving.too_many.do")}
}

// Unreadable is the problem with a file that breaks its own format. cause
// must not quote the file.
func Unreadable(cause error) *app.Error {
	return &app.Error{What: app.Say("moving.unreadable"), Do: app.Say("moving.unreadable.do"), Cause: cause}
}

// Nothing is the problem with a file without any connection.
func Nothing() *app.Error {
	return &app.Error{What: app.Say("moving.nothing"), Do: app.Say("moving.nothing.do")}
}

// clean returns s as MQTT can carry it: UTF-8 without NUL, at most limit
// bytes. It reports whether that is s.
func clean(s string, limit int) (string, bool) {
	out := strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "")
	if len(out) > limit {
		out = strings.ToValidUTF8(out[:limit], "") // the last letter may be cut
	}
	return out, out == s
}
