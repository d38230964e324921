package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"tidings/app"
	"tidings/profiles/secrets"
)

const noPassword = "A password does not belong on the command line, where every user of the machine can read it: " +
	"set TIDINGS_PASSWORD, or use --password-file or --ask-password"

const (
	// keyringTime bounds the question to the keyring: nobody may be there to
	// answer a prompt of its own.
	keyringTime = 5 * time.Second
	// maxPassword is the longest password that CONNECT has room for, in bytes
	// (MQTT 5.0 §3.1.3.6).
	maxPassword = 65535
)

// passwordFlags say where the password comes from.
type passwordFlags struct {
	file string
	ask  bool
}

func (p *passwordFlags) register(f *flag.FlagSet) {
	f.StringVar(&p.file, "password-file", "", "")
	f.BoolVar(&p.ask, "ask-password", false, "")
}

// get returns the password for a connection; "" for none. homeID is where the
// keyring keeps that of a saved profile, "" for none.
func (p *passwordFlags) get(ctx context.Context, c console, to app.Profile, homeID string) (app.Secret, error) {
	switch {
	case p.file != "" && p.ask:
		return "", wrong("--password-file and --ask-password exclude each other")
	case p.file != "":
		return readPassword(p.file)
	case p.ask:
		return askPassword(ctx, c)
	}
	if s := c.getenv("TIDINGS_PASSWORD"); s != "" && (to.User != "" || to.AskPassword) {
		return app.Secret(s), nil
	}
	if homeID != "" && to.User != "" {
		s, err := fromKeyring(ctx, homeID, to.ID)
		if err != nil {
			c.complain("", "the keyring does not answer, so the saved password is not used; set TIDINGS_PASSWORD")
		}
		if s != "" {
			return s, nil
		}
	}
	if to.AskPassword {
		return "", errors.New("the password of this connection is not saved: set TIDINGS_PASSWORD, or use --password-file or --ask-password")
	}
	return "", nil
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
	restore, err := hideInput(c.in)
	if err != nil {
		return "", errors.New("--ask-password needs a terminal; set TIDINGS_PASSWORD, or use --password-file")
	}
	_, _ = io.WriteString(c.err, "Password: ")
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

// fromKeyring returns the saved password; "" when there is none.
func fromKeyring(ctx context.Context, homeID, id string) (app.Secret, error) {
	k := secrets.NewKeyring(homeID, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithTimeout(ctx, keyringTime)
	defer cancel()
	s, err := k.Get(ctx, id)
	if errors.Is(err, secrets.ErrNotFound) {
		return "", nil
	}
	return s, err
}
