package cmdline

import (
	"regexp"
	"strings"
)

// The Windows prompt reads a line twice: cmd.exe takes carets, operators and
// variables, then the program cuts what is left into arguments by the rules
// of the C library. Each knows only its own quotes.

var variable = regexp.MustCompile(`%[A-Za-z_]\w*%`)

// percent stands for a "%" behind a caret between the two readings.
const percent = "\x01"

// splitWindows is split for the Windows prompt.
func splitWindows(text string) (commands [][]word, ok bool) {
	ok = true
	words := 0
	for _, line := range prompt(text) {
		command, whole := arguments(line)
		ok = ok && whole
		if words += len(command); len(command) > 0 && words <= maxWords && len(commands) < maxCommands {
			commands = append(commands, command)
		}
	}
	return commands, ok
}

// prompt is what cmd.exe does: the lines that it hands to programs. A
// backtick before the end of a line joins lines as PowerShell does it.
func prompt(text string) (lines []string) {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c, next := text[i], byte(0)
		if i+1 < len(text) {
			next = text[i+1]
		}
		switch {
		case !quoted && c == '^' && next != 0 || c == '`' && next == '\n':
			b.WriteString(behindCaret(next))
			i++
		case c == '\n' || !quoted && (c == '&' || c == '|'):
			lines = append(lines, b.String())
			b.Reset()
			quoted = false
		case !quoted && (c == '>' || c == '<'):
			i = behindFile(text, i)
		default:
			quoted = quoted != (c == '"')
			b.WriteByte(c)
		}
	}
	return append(lines, b.String())
}

// behindCaret returns what c means behind a caret: itself, or, at the end of a
// line, a blank between two joined lines.
func behindCaret(c byte) string {
	switch c {
	case '\n':
		return " "
	case '%':
		return percent
	}
	return string([]byte{c})
}

// behindFile returns the index of the last byte of the file's name behind the
// redirection at i.
func behindFile(text string, i int) int {
	for i+1 < len(text) && strings.IndexByte("><& \t", text[i+1]) >= 0 {
		i++
	}
	for i+1 < len(text) && strings.IndexByte(" \t\n|&", text[i+1]) < 0 {
		i++
	}
	return i
}

// arguments is what the program does: blanks outside quotes separate, 2n
// backslashes before a quote are n backslashes, one more makes the quote a
// letter, and elsewhere they are themselves. It reports false for a quote
// without end.
func arguments(line string) (command []word, ok bool) {
	var b strings.Builder
	started, quoted := false, false
	end := func() {
		if started {
			text := b.String()
			command = append(command, word{strings.ReplaceAll(text, percent, "%"), variable.MatchString(text)})
		}
		b.Reset()
		started = false
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case !quoted && (c == ' ' || c == '\t' || c == '\r'):
			end()
			continue
		case c == '"':
			quoted = !quoted
		case c == '\\':
			n := len(line[i:]) - len(strings.TrimLeft(line[i:], `\`))
			if i += n - 1; i+1 >= len(line) || line[i+1] != '"' {
				b.WriteString(strings.Repeat(`\`, n))
				break
			}
			b.WriteString(strings.Repeat(`\`, n/2))
			if n%2 == 1 {
				b.WriteByte('"')
				i++
			}
		default:
			b.WriteByte(c)
		}
		started = true
	}
	end()
	return command, !quoted
}
