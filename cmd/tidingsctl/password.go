package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"tidings/app"
)

const noPassword = "A password does not belong on the command line, where every user of the machine can read it: " +
	"set TIDINGS_PASSWORD, or use --password-file or --ask-password"

// maxPassword is the longest password that CONNECT has room for, in bytes
// (MQTT 5.0 §3.1.3.6).
const maxPassword = 65535

// passwordFlags say where the password comes from.
type passwordFlags struct {
	file string
	ask  bool
}

func (p *passwordFlags) register(f *flag.FlagSet) {
	f.StringVar(&p.file, "password-file", "", "")
	f.BoolVar(&p.ask, "ask-password", false, "")
}

// get returns the password that a person gives for a connection; given is
// false when there is none.
func (p *passwordFlags) get(ctx context.Context, c console, to app.Profile) (s app.Secret, given bool, err error) {
	switch {
	case p.file != "" && p.ask:
		return "", false, wrong("--password-file and --ask-password exclude each other")
	case p.file != "":
		s, err = readPassword(p.file)
		return s, true, err
	case p.ask:
		s, err = askPassword(ctx, c)
		return s, true, err
	}
	s = app.Secret(c.getenv("TIDINGS_PASSWORD"))
	return s, s != "" && (to.User != "" || to.AskPassword), nil
}

// readPassword returns the first line of a file.
func readPassword(path string) (app.Secret, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("--password-file: %w", err)
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, maxPassword+3))
	if err != nil {
		return "", fmt.Errorf("--password-file: %w", err)
	}
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if len(line) == 0 || len(line) > maxPassword {
		return "", fmt.Errorf("--password-file: the first line of %s is no password", path)
	}
	return app.Secret(line), nil
}

// askPassword lets a person type the password, which is not shown.
func askPassword(ctx context.Context, c console) (app.Secret, error) {
	s, err := typeSecret(ctx, c, "Password: ")
	if err != nil && !errors.Is(err, errStopped) {
		return "", errors.New("--ask-password needs a terminal; set TIDINGS_PASSWORD, or use --password-file")
	}
	return s, err
}

// typeSecret asks on the terminal. The error is errStopped when ctx ends, or
// says that there is no terminal.
func typeSecret(ctx context.Context, c console, prompt string) (app.Secret, error) {
	restore, err := hideInput(c.in)
	if err != nil {
		return "", err
	}
	_, _ = io.WriteString(c.err, prompt)
	typed := make(chan app.Secret, 1)
	go func() { typed <- typedLine(c.in) }() // ends with the line, or with the process
	defer func() {
		restore()
		_, _ = io.WriteString(c.err, "\n")
	}()
	select {
	case s := <-typed:
		return s, nil
	case <-ctx.Done():
		return "", errStopped
	}
}

// typedLine reads one line, and no byte of what follows it.
func typedLine(r io.Reader) app.Secret {
	var line []byte
	for b := make([]byte, 1); len(line) <= maxPassword; {
		n, err := r.Read(b)
		if err != nil || n == 1 && b[0] == '\n' {
			break
		}
		line = append(line, b[:n]...)
	}
	return app.Secret(bytes.TrimSuffix(line, []byte{'\r'}))
}
