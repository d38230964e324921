package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// command is one subcommand.
type command struct {
	name    string
	summary string
	help    string // everything about it, without the summary
	run     func(ctx context.Context, c console, args []string) error
}

// commands are the subcommands in the order of the help.
func commands() []command {
	return []command{
		{"pub", "publish messages", pubHelp, runPub},
		{"sub", "subscribe, and print what arrives", subHelp, runSub},
		{"doctor", "find out why a connection does not come about", doctorHelp, runDoctor},
		{"broker", "run a broker", brokerHelp, runBroker},
		{"passwd", "set the passwords of a broker's users", userHelp, runPasswd},
	}
}

// dispatch runs the subcommand that args begin with. It returns its name for
// complaints.
func dispatch(ctx context.Context, c console, args []string) (name string, err error) {
	if len(args) == 0 {
		return "", wrong(`which command? "tidingsctl help" lists them`)
	}
	switch args[0] {
	case "--version", "-version", "version":
		_, err = fmt.Fprintln(c.out, versionLine())
		return "", err
	case "help", "--help", "-help":
		return "", help(c, args[1:])
	}
	for _, cmd := range commands() {
		if cmd.name != args[0] {
			continue
		}
		if err = cmd.run(ctx, c, args[1:]); errors.Is(err, errHelp) {
			return cmd.name, help(c, args[:1])
		}
		return cmd.name, err
	}
	return "", wrong(`unknown command %q; "tidingsctl help" lists them`, args[0])
}

// help prints what there is, or all about one subcommand.
func help(c console, args []string) error {
	if len(args) == 0 {
		_, err := fmt.Fprint(c.out, overview())
		return err
	}
	for _, cmd := range commands() {
		if cmd.name == args[0] {
			_, err := fmt.Fprintf(c.out, "tidingsctl %s: %s\n\n%s", cmd.name, cmd.summary, cmd.help)
			return err
		}
	}
	return wrong(`there is no help about %q; "tidingsctl help" lists the commands`, args[0])
}

func overview() string {
	var b strings.Builder
	b.WriteString("tidingsctl: Tidings without a window\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(&b, "  tidingsctl %-8s%s\n", cmd.name, cmd.summary)
	}
	b.WriteString(`  tidingsctl help COMMAND
  tidingsctl --version

Exit codes: 0 done, 1 failed (one line on standard error says why), 2 the
command line is wrong, 27 the time of sub -W is over.
`)
	return b.String()
}

func versionLine() string {
	return fmt.Sprintf("tidingsctl %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
