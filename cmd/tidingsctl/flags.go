package main

import (
	"errors"
	"flag"
	"io"
	"strconv"
	"strings"

	"tidings/app"
)

// errHelp says that the help of the subcommand was asked for.
var errHelp = errors.New("help")

// commandLine is a parsed command line: its flags, and what stood between
// them.
type commandLine struct {
	flags *flag.FlagSet
	given map[string]bool // flags that were there
	rest  []string
}

// newFlags returns an empty set that leaves the talking to us.
func newFlags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse reads args. Flags and other arguments may stand in any order; after
// "--" there are no flags.
func parse(f *flag.FlagSet, args []string) (commandLine, error) {
	l := commandLine{flags: f, given: make(map[string]bool)}
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return l, errHelp
			}
			return l, wrong("%s", flagFault(f.Name(), err))
		}
		rest := f.Args()
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			l.rest = append(l.rest, rest...)
			break
		}
		if len(rest) == 0 {
			break
		}
		l.rest, args = append(l.rest, rest[0]), rest[1:]
	}
	f.Visit(func(f *flag.Flag) { l.given[f.Name] = true })
	return l, nil
}

// flagFault says what package flag found in our words.
func flagFault(command string, err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: "); ok {
		if name == "-P" || name == "-pw" {
			return noPassword
		}
		return "unknown option " + dashed(name) + `; "tidingsctl help ` + command + `" lists them`
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		return dashed(name) + " needs a value"
	}
	if what, of, ok := strings.Cut(text, `" for `); ok {
		name, why, _ := strings.Cut(strings.TrimPrefix(of, "flag "), ": ")
		return what + `" for ` + dashed(name) + ": " + why
	}
	return text
}

// dashed writes the name of a flag as the help does.
func dashed(name string) string {
	name = strings.TrimPrefix(name, "-")
	if len(name) == 1 || name == "dd" {
		return "-" + name
	}
	return "--" + name
}

// several are the values of a flag that may stand several times.
type several []string

// String implements flag.Value.
func (w *several) String() string { return strings.Join(*w, " ") }

// Set implements flag.Value.
func (w *several) Set(s string) error {
	*w = append(*w, s)
	return nil
}

// level is a QoS as a flag.
type level struct{ q *app.QoS }

// String implements flag.Value.
func (l level) String() string { return "" }

// Set implements flag.Value.
func (l level) Set(s string) error {
	switch s {
	case "0", "1", "2":
		*l.q = app.QoS(s[0] - '0')
		return nil
	}
	return errors.New("the QoS is 0, 1 or 2")
}

// number is a whole number within bounds as a flag.
type number[T int | uint32 | uint16] struct {
	n        *T
	min, max T
}

// String implements flag.Value.
func (v number[T]) String() string { return "" }

// Set implements flag.Value.
func (v number[T]) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < int64(v.min) || n > int64(v.max) {
		return errors.New("a number from " + strconv.FormatInt(int64(v.min), 10) + " to " + strconv.FormatInt(int64(v.max), 10))
	}
	*v.n = T(n)
	return nil
}
