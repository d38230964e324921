// Command tidingsctl is Tidings without a window: for scripts, servers and
// terminals. It builds without a C compiler.
//
// A file per subcommand (pub.go, sub.go, passwd.go …), a table of them in
// commands.go. What they share: flags.go reads command lines, target.go and
// password.go say where to connect and as whom, line.go is the connection,
// packettrace.go prints packets for -d. Package format is the language of
// sub -F.
//
// Exit codes: 0 done; 1 it failed, which one line on standard error explains;
// 2 the command line is wrong; 27 the time of sub -W is over.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/profiles/secrets"
)

// version is set by the linker: -X main.version=….
var version = "0.1.0-dev"

// The exit codes. 27 is mosquitto_sub's.
const (
	exitFailed  = 1
	exitUsage   = 2
	exitTimeout = 27
)

// console is what a command reads and writes.
type console struct {
	in       *os.File
	out, err io.Writer
	getenv   func(string) string
	words    *i18n.Printer
}

func main() {
	// Writing to a closed pipe becomes an error, so that a command can still
	// take its leave of the broker.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	c := console{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, words: english()}
	if err := secrets.UseBus(); err != nil {
		c.complain("", err.Error())
	}
	code := run(ctx, c, os.Args[1:])
	stop()
	os.Exit(code)
}

// run does what the command line says and returns the exit code.
func run(ctx context.Context, c console, args []string) int {
	name, err := dispatch(ctx, c, args)
	if err == nil {
		return 0
	}
	if text := c.explain(err); text != "" {
		c.complain(name, text)
	}
	var e *exitError
	if errors.As(err, &e) {
		return e.code
	}
	return exitFailed
}

// exitError ends the program with a code. Without a cause nothing is said: it
// has been said already.
type exitError struct {
	code  int
	cause error
}

func (e *exitError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.cause.Error()
}

func (e *exitError) Unwrap() error { return e.cause }

// first returns the first error there is: what follows from it says less.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// wrong says what is wrong with the command line.
func wrong(format string, args ...any) error {
	return &exitError{code: exitUsage, cause: fmt.Errorf(format, args...)}
}

// explain returns err as one line: the sentence that the window would show,
// in English, or the technical text.
func (c console) explain(err error) string {
	var known *app.Error
	if errors.As(err, &known) {
		what, do, _ := c.words.Error(known)
		if do != "" {
			what += " " + do
		}
		return oneLine(what)
	}
	var e *exitError
	if errors.As(err, &e) && e.cause == nil {
		return ""
	}
	return oneLine(err.Error())
}

// complain writes one line to standard error.
func (c console) complain(name, text string) {
	if name != "" {
		name = " " + name
	}
	_, _ = fmt.Fprintf(c.err, "tidingsctl%s: %s\n", name, text)
}
