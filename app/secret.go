package app

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that must never reach a log, a file or the screen by
// accident: every formatter prints dots. Call Reveal to get the text.
type Secret string

// String hides the value; it satisfies fmt.Stringer.
func (Secret) String() string { return "•••" }

// GoString hides the value from %#v.
func (Secret) GoString() string { return "•••" }

// Format masks the value for every verb: "%d" of a string shows it otherwise.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "•••") }

// LogValue hides the value from log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue("•••") }

// MarshalText hides the value from every text encoder (JSON, TOML, XML).
func (Secret) MarshalText() ([]byte, error) { return []byte("•••"), nil }

// Reveal returns the secret text itself.
func (s Secret) Reveal() string { return string(s) }
