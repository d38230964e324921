package app

import "fmt"

// Text is a sentence that has not been said yet: a key of the translations
// and the arguments that fill it. Code below ui never makes sentences; it
// returns Text, and app/i18n says it in the user's language.
type Text struct {
	Key  string
	Args map[string]any
}

// Say makes a Text. pairs are argument names and values in turn, as in
// Say("connect.refused", "Host", host, "Reason", reason). A value may itself
// be a Text: it is translated before it is filled in. An odd pair or a name
// that is no string is a programmer's error and panics.
func Say(key string, pairs ...any) Text {
	if len(pairs)%2 != 0 {
		panic("app.Say: odd number of arguments for " + key)
	}
	t := Text{Key: key}
	if len(pairs) > 0 {
		t.Args = make(map[string]any, len(pairs)/2)
	}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			panic(fmt.Sprintf("app.Say: argument name %v of %s is no string", pairs[i], key))
		}
		t.Args[name] = pairs[i+1]
	}
	return t
}

// ByteCount is a number of bytes as an argument of a Text. It is said with a
// unit, such as "64.0 MB".
type ByteCount int64

// IsZero reports whether t says nothing.
func (t Text) IsZero() bool { return t.Key == "" }

// Error is a failure as the user will read it: what happened (and why, inside
// its arguments), what to do about it, and the technical cause for those who
// ask. It is what packages below ui return for anything a person can meet.
type Error struct {
	What  Text  // what happened and why
	Do    Text  // what to do; zero when there is nothing sensible
	Cause error // the technical text, may be nil
}

// Error returns the technical text, for logs; the user reads What and Do.
func (e *Error) Error() string {
	if e.Cause != nil {
		return e.What.Key + ": " + e.Cause.Error()
	}
	return e.What.Key
}

// Unwrap returns the technical cause.
func (e *Error) Unwrap() error { return e.Cause }
