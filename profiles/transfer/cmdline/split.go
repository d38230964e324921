package cmdline

import (
	"regexp"
	"strings"

	"tidings/profiles/transfer/internal/draft"
)

// word is one argument. open says that the shell would have filled something
// in (a variable, the output of a command), which nobody can know here.
type word struct {
	text string
	open bool
}

const (
	maxWords    = 10_000
	maxCommands = draft.MaxItems + 1 // one more shows that there are too many
)

var (
	// windowsSure stands in no command for sh.
	windowsSure = regexp.MustCompile(`(?m)\^[ \t]*\r?$| \^"|(?i)mosquitto_(sub|pub)\.exe`)
	// windowsLikely may, but only inside single quotes.
	windowsLikely = regexp.MustCompile("(?m)`[ \t]*\r?$|(^|[ \"=])[a-zA-Z]:\\\\|%[A-Za-z_]\\w*%")
)

// isWindows guesses the shell. Single quotes are of sh.
func isWindows(text string) bool {
	return windowsSure.MatchString(text) || !strings.Contains(text, "'") && windowsLikely.MatchString(text)
}

// split returns the commands in text, each as its words. It reports false
// when a quote is open at the end; the words are then as good as they get.
func split(text string, windows bool) (commands [][]word, ok bool) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if windows {
		return splitWindows(text)
	}
	s := &splitter{in: text}
	ok = true
	for s.at < len(s.in) && s.words < maxWords && len(s.commands) < maxCommands {
		if !s.step() {
			ok = false
		}
	}
	s.endCommand()
	return s.commands, ok
}

// splitter cuts as sh does.
type splitter struct {
	in       string
	at       int
	word     strings.Builder
	started  bool // the word has begun, though it may be empty
	open     bool
	command  []word
	commands [][]word
	words    int
}

func (s *splitter) endWord() {
	if s.started {
		s.command = append(s.command, word{s.word.String(), s.open})
		s.words++
	}
	s.word.Reset()
	s.started, s.open = false, false
}

func (s *splitter) endCommand() {
	s.endWord()
	if len(s.command) > 0 {
		s.commands = append(s.commands, s.command)
	}
	s.command = nil
}

func (s *splitter) put(c byte) {
	s.word.WriteByte(c)
	s.started = true
}

// peek returns the byte after the one at s.at, 0 at the end.
func (s *splitter) peek() byte {
	if s.at+1 < len(s.in) {
		return s.in[s.at+1]
	}
	return 0
}

// step takes what stands at s.at: a letter, an escape, a whole quote. It
// reports false for a quote without end.
func (s *splitter) step() bool {
	c := s.in[s.at]
	switch {
	case c == ' ' || c == '\t' || c == '\r':
		s.endWord()
	case c == '\n' || c == ';' || c == '&' || c == '|':
		s.endCommand()
	case c == '>' || c == '<':
		s.redirection()
	case c == '#' && !s.started:
		s.skipLine()
	case c == '\\':
		s.escape()
	case c == '"' || c == '\'':
		return s.quote(c)
	default:
		s.variable(c)
		s.put(c)
	}
	s.at++
	return true
}

// escape takes the next byte as it is; before the end of a line it joins the
// two lines.
func (s *splitter) escape() {
	next := s.peek()
	if next == 0 {
		return
	}
	if s.at++; next != '\n' {
		s.put(next)
	}
}

// skipLine moves to the last byte before the end of the line.
func (s *splitter) skipLine() {
	if i := strings.IndexByte(s.in[s.at:], '\n'); i >= 0 {
		s.at += i - 1
	} else {
		s.at = len(s.in)
	}
}

// redirection drops "2>" or ">" and the file behind it.
func (s *splitter) redirection() {
	if text := s.word.String(); text == "1" || text == "2" {
		s.word.Reset()
		s.started = false
	}
	s.endWord()
	for s.at+1 < len(s.in) && strings.IndexByte("><& \t", s.in[s.at+1]) >= 0 {
		s.at++
	}
	for s.at+1 < len(s.in) && strings.IndexByte(" \t\n;|&", s.in[s.at+1]) < 0 {
		s.at++
	}
}

// quote takes a quoted part as a whole.
func (s *splitter) quote(q byte) bool {
	s.started = true
	for s.at++; s.at < len(s.in); s.at++ {
		c := s.in[s.at]
		switch {
		case c == q:
			s.at++
			return true
		case c == '\\' && q == '"' && s.escapedInQuote():
			if s.at++; s.in[s.at] != '\n' {
				s.put(s.in[s.at])
			}
		default:
			if q == '"' {
				s.variable(c)
			}
			s.put(c)
		}
	}
	return false
}

// escapedInQuote reports whether the backslash at s.at takes away the meaning
// of the next byte.
func (s *splitter) escapedInQuote() bool {
	next := s.peek()
	return next != 0 && strings.IndexByte("$`\"\\\n", next) >= 0
}

// variable notes whether c begins something that the shell would fill in. A
// topic that begins with $SYS or $share is meant as it stands, though sh
// would fill in nothing for it.
func (s *splitter) variable(c byte) {
	rest := s.in[s.at+1:]
	switch {
	case c == '$':
		begins := rest != "" && (rest[0] == '{' || rest[0] == '(' || rest[0] == '_' || rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z')
		s.open = s.open || begins && !strings.HasPrefix(rest, "SYS") && !strings.HasPrefix(rest, "share/") && !strings.HasPrefix(rest, "aws/")
	case c == '`':
		s.open = true
	}
}
