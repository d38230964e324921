package secrets

import (
	"math"
	"strings"
	"unicode"

	"tidings/app"
)

// Strength is how well a passphrase withstands guessing at a stolen file.
type Strength byte

// The levels of strength.
const (
	StrengthNone   Strength = iota // nothing typed yet
	StrengthWeak                   // guessed within a day
	StrengthFair                   // keeps off the curious
	StrengthGood                   // months on rented machines
	StrengthStrong                 // beyond reach
)

// Text returns the level in words, with what would make it better.
func (s Strength) Text() app.Text {
	switch s {
	case StrengthWeak:
		return app.Say("secrets.strength.weak")
	case StrengthFair:
		return app.Say("secrets.strength.fair")
	case StrengthGood:
		return app.Say("secrets.strength.good")
	case StrengthStrong:
		return app.Say("secrets.strength.strong")
	}
	return app.Say("secrets.strength.none")
}

// The least bits of each level. One guess costs scrypt half a second and
// 128 MiB: a hundred machines try some 2^25 in a day, and 2^34 in a year.
const (
	fairBits   = 30
	goodBits   = 45
	strongBits = 60
)

// PassphraseStrength estimates a passphrase, for a hint while it is typed. It
// is an estimate of our own, a page long and without word lists: it knows
// repeats, runs ("abc", "321", "qwerty") and the most common passwords, counts
// a word of letters as one choice out of a dictionary, and all else by the
// size of its alphabet. It asks nobody and forgets the passphrase.
func PassphraseStrength(passphrase app.Secret) Strength {
	text := strings.TrimSpace(passphrase.Reveal())
	if text == "" {
		return StrengthNone
	}
	switch bits := guessBits(text); {
	case bits >= strongBits:
		return StrengthStrong
	case bits >= goodBits:
		return StrengthGood
	case bits >= fairBits:
		return StrengthFair
	}
	return StrengthWeak
}

// Strength is PassphraseStrength as a port can declare it: a level from 0
// (nothing typed) to 4 (strong), and the hint in words.
func (*Router) Strength(passphrase app.Secret) (level int, hint app.Text) {
	s := PassphraseStrength(passphrase)
	return int(s), s.Text()
}

// wordBits is one choice out of a dictionary of 4,000 words.
const wordBits = 12

// guessBits returns the logarithm of the guesses that find text.
func guessBits(text string) float64 {
	bits := 0.0
	seen := map[string]bool{}
	pool := alphabet(text)
	for _, part := range parts(text) {
		lower := strings.ToLower(part)
		switch {
		case seen[lower]:
			bits++ // said again
		case isCommon(lower):
			bits += 4
		default:
			n := partBits([]rune(part), pool)
			if isWord(part) {
				n = min(n, wordBits)
			}
			bits += n
		}
		seen[lower] = true
	}
	return bits
}

// parts cuts text where letters begin or end.
func parts(text string) []string {
	var list []string
	start := 0
	var before rune
	for i, r := range text {
		if i > 0 && unicode.IsLetter(r) != unicode.IsLetter(before) {
			list = append(list, text[start:i])
			start = i
		}
		before = r
	}
	return append(list, text[start:])
}

// isWord reports whether part could stand in a dictionary: letters, in one
// case but for the first.
func isWord(part string) bool {
	rest := []rune(part)[1:]
	lower, upper := true, true
	for _, r := range rest {
		lower = lower && !unicode.IsUpper(r)
		upper = upper && !unicode.IsLower(r)
	}
	return len(rest) >= 2 && (lower || upper) && !strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) })
}

// partBits counts characters by the size of their alphabet; one that only
// continues a repeat or a run counts one bit.
func partBits(part []rune, pool float64) float64 {
	bits := 0.0
	for i, r := range part {
		if i >= 1 && follows(part[i-1], r) {
			bits++
		} else {
			bits += math.Log2(pool)
		}
	}
	return bits
}

// follows reports whether b continues a: the same, its neighbour in the
// alphabet or among the digits, or the next key in a row.
func follows(a, b rune) bool {
	const rows = "qwertyuiop asdfghjkl zxcvbnm йцукенгшщзхъ фывапролджэ ячсмитьбю"
	a, b = unicode.ToLower(a), unicode.ToLower(b)
	if d := b - a; d >= -1 && d <= 1 {
		return true
	}
	return a != ' ' && b != ' ' && (strings.Contains(rows, string([]rune{a, b})) || strings.Contains(rows, string([]rune{b, a})))
}

// alphabet returns how many characters those of text were chosen from.
func alphabet(text string) float64 {
	size := 0.0
	for _, class := range []struct {
		in   func(rune) bool
		size float64
	}{
		{unicode.IsDigit, 10},
		{func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLower(r) }, 26},
		{func(r rune) bool { return r < unicode.MaxASCII && unicode.IsUpper(r) }, 26},
		{func(r rune) bool { return r < unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsDigit(r) }, 33},
		{func(r rune) bool { return r > unicode.MaxASCII }, 32},
	} {
		if strings.ContainsFunc(text, class.in) {
			size += class.size
		}
	}
	return max(size, 2)
}

// isCommon reports whether part leads every list of leaked passwords, or
// stands in this room.
func isCommon(part string) bool {
	const list = " password passwort senha contraseña contrasena пароль parol admin root user login welcome letmein secret master " +
		"dragon monkey iloveyou princess sunshine football qwerty qwertz azerty abc mqtt mosquitto tidings broker test guest hello pass " +
		"123456 1234567 12345678 123456789 1234 12345 123 111111 000000 2024 2025 2026 "
	part = strings.TrimSpace(part)
	return part != "" && strings.Contains(list, " "+part+" ")
}
