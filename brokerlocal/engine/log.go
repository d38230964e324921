package engine

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"unicode"

	"tidings/app"
)

// journalist writes the broker's log in mosquitto's wording, so that what is
// found on the web about such a line helps. Packets are at debug level,
// clients that come and go at info, what was refused or dropped at warn. A
// line that nobody reads costs one question to the handler.
type journalist struct {
	log *slog.Logger
}

func (j journalist) debugs() bool { return j.log.Enabled(context.Background(), slog.LevelDebug) }

func (j journalist) debug(format string, args ...any) { j.line(slog.LevelDebug, format, args) }
func (j journalist) info(format string, args ...any)  { j.line(slog.LevelInfo, format, args) }
func (j journalist) warn(format string, args ...any)  { j.line(slog.LevelWarn, format, args) }
func (j journalist) error(format string, args ...any) { j.line(slog.LevelError, format, args) }

func (j journalist) line(level slog.Level, format string, args []any) {
	if !j.log.Enabled(context.Background(), level) {
		return
	}
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = brief(printable(a))
		case stack:
			args[i] = printable(string(a))
		}
	}
	j.log.Log(context.Background(), level, fmt.Sprintf(format, args...)) //nolint:sloglint // the wording is mosquitto's, a sentence with its figures
}

// stack is the only text of a line that is not cut.
type stack string

// maxWord is how much of a text a line has, in bytes. A client identifier or a
// topic has up to 64 KiB (MQTT 5.0 §1.5.4), and its owner makes lines at will.
const maxWord = 200

// brief cuts the middle out of a text that is too long for a line: what comes
// last may be the point, as the cause is of an error.
func brief(s string) string {
	const gap, tail = "…", 48
	if len(s) <= maxWord {
		return s
	}
	head, rest := s[:maxWord-len(gap)-tail], s[len(s)-tail:]
	return strings.ToValidUTF8(head, "") + gap + strings.ToValidUTF8(rest, "")
}

// printable keeps what a peer named from writing lines of its own.
func printable(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}

func bit(on bool) int {
	if on {
		return 1
	}
	return 0
}

// publishText is how a line about a PUBLISH describes it.
func publishText(dup bool, qos app.QoS, retain bool, id uint16, topic string, size int) string {
	return fmt.Sprintf("(d%d, q%d, r%d, m%d, '%s', ... (%d bytes))", bit(dup), qos, bit(retain), id, topic, size)
}

// versionNumber is how mosquitto numbers the versions in "p2".
func versionNumber(v app.Version) int {
	switch v {
	case app.V31:
		return 1
	case app.V311:
		return 2
	}
	return 5
}
