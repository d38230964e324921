package auth

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"tidings/app/mqtt/topic"
)

// MaxFileBytes is the largest file that is read.
const MaxFileBytes = 16 << 20

// blanks are what mosquitto trims from the end of a line.
const blanks = " \t\r\v\f"

// LoadRules reads a mosquitto ACL file. Errors of content are *FileError.
func LoadRules(path string) (*Rules, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return ParseRules(path, data)
}

// ParseRules reads a mosquitto ACL file; file is its name in errors, which
// are *FileError. The grammar is mosquitto's, line by line:
//
//	# comment, and only in the first column
//	topic [read|write|readwrite|deny] <filter>
//	user <name>
//	pattern [read|write|readwrite|deny] <filter with %c and %u>
//
// Words are parted by spaces. A filter or user name is the rest of the line,
// so it may have spaces inside; but then the access must be named. A topic
// line is for the user of the last user line, and for anonymous clients
// before the first. Anything else is an error, as it is for mosquitto.
func ParseRules(file string, data []byte) (*Rules, error) {
	r := &Rules{users: map[string]*ruleSet{}}
	user := ""
	err := eachLine(file, data, func(line string) error {
		word, rest, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		rest = strings.Trim(rest, blanks)
		switch word {
		case "user":
			user = rest
			return checkName(rest)
		case "topic", "pattern":
			return r.add(user, word == "pattern", rest)
		}
		return fmt.Errorf("a rule begins with topic, pattern or user, not %.40q", word)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Rules) add(user string, pattern bool, rest string) error {
	a, filter := read|write, rest
	if word, after, ok := strings.Cut(rest, " "); ok {
		switch word {
		case "read":
			a = read
		case "write":
			a = write
		case "readwrite":
		case "deny":
			a = deny
		default:
			return fmt.Errorf("the access must be read, write, readwrite or deny, not %.40q", word)
		}
		filter = strings.TrimLeft(after, " ")
	}
	if filter == "" {
		return errors.New("the topic is missing")
	}
	if topic.ValidateFilter(filter) != nil {
		return fmt.Errorf("%.80q is no valid topic filter", filter)
	}
	r.count++
	if pattern {
		r.patterns.add(newRule(filter, a, true))
		return nil
	}
	own := r.users[user]
	if own == nil {
		own = &ruleSet{}
		r.users[user] = own
	}
	own.add(newRule(filter, a, false))
	return nil
}

// checkName returns an error if no client could have this user name.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("the user name is missing")
	case len(name) > 65535:
		return errors.New("the user name is longer than 65535 bytes")
	case !utf8.ValidString(name) || strings.IndexByte(name, 0) >= 0:
		return errors.New("the user name is no UTF-8 text")
	}
	return nil
}

// eachLine calls do for every line that is neither empty nor a comment,
// without blanks at its end, and names the line of its error.
func eachLine(file string, data []byte, do func(line string) error) error {
	if len(data) > MaxFileBytes {
		return &FileError{File: file, Reason: fmt.Sprintf("larger than %d MiB", MaxFileBytes>>20)}
	}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimRight(line, blanks+"\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := do(line); err != nil {
			return &FileError{File: file, Line: number, Reason: err.Error()}
		}
	}
	return nil
}
