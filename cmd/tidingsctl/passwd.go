package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"

	"tidings/app"
	"tidings/brokerlocal/engine/auth"
)

const userHelp = `  tidingsctl passwd FILE NAME
  tidingsctl passwd --delete FILE NAME

Sets the password of a user in FILE, for broker --users FILE, and adds whom it
does not hold. The password is typed twice on the terminal, unseen, or is the
first line of standard input where that is no terminal. FILE is made when it is
missing, for its owner alone (0600).

FILE is a password file of mosquitto. The users whose password was set here can
prove it by SCRAM-SHA-256 too (pub --scram): what that needs stands in
FILE.scram beside it. Those of mosquitto_passwd cannot, until it is set here.
Comments in FILE do not last.

  --delete             take the user out of FILE

A broker that runs reads FILE again when it gets SIGHUP.
`

// passwdFlags returns the flags of passwd.
func passwdFlags(takeOut *bool) *flag.FlagSet {
	f := newFlags("passwd")
	f.BoolVar(takeOut, "delete", false, "")
	return f
}

// runPasswd is the subcommand passwd.
func runPasswd(ctx context.Context, c console, args []string) error {
	takeOut := false
	l, err := parse(passwdFlags(&takeOut), args)
	switch {
	case err != nil:
		return err
	case len(l.rest) > 2: // the third may be a password
		return wrong("passwd takes FILE and NAME; the password is typed, or comes from standard input")
	case len(l.rest) < 2 || l.rest[0] == "":
		return wrong("passwd takes FILE and NAME")
	}
	file, name := l.rest[0], l.rest[1]
	if takeOut {
		return takeOutUser(file, name)
	}
	if err := auth.ValidateUser(name); err != nil {
		return &exitError{exitUsage, err}
	}
	if _, err := usersOf(file); err != nil { // before anybody types for nothing
		return err
	}
	password, err := newPassword(ctx, c, name)
	if err != nil {
		return err
	}
	users, err := usersOf(file)
	if err == nil {
		users, err = users.With(name, password, auth.DefaultIterations)
	}
	if err != nil {
		return err
	}
	return users.Save(file)
}

// usersOf reads the users of a file, none of one that is missing.
func usersOf(file string) (*auth.Users, error) {
	users, err := auth.LoadUsers(file)
	if errors.Is(err, fs.ErrNotExist) {
		return auth.NewUsers(), nil
	}
	return users, err
}

func takeOutUser(file, name string) error {
	users, err := auth.LoadUsers(file)
	if err != nil {
		return err
	}
	if !users.Has(name) {
		return fmt.Errorf("there is no user %q in %s", name, file)
	}
	return users.Without(name).Save(file)
}

// newPassword lets a person type a password twice; a script hands it over on
// standard input.
func newPassword(ctx context.Context, c console, name string) (app.Secret, error) {
	first, err := typeSecret(ctx, c, "New password for "+oneLine(name)+": ")
	switch {
	case errors.Is(err, errStopped):
		return "", err
	case err != nil: // no terminal
		line, err := waitFor(ctx, func() ([]byte, error) { return []byte(typedLine(c.in).Reveal()), nil })
		if err != nil {
			return "", err
		}
		return checkPassword(app.Secret(line))
	}
	if _, err := checkPassword(first); err != nil {
		return "", err
	}
	again, err := typeSecret(ctx, c, "The same again: ")
	if err == nil && again != first {
		err = errors.New("that was not the same twice; nothing was changed")
	}
	return first, err
}

func checkPassword(s app.Secret) (app.Secret, error) {
	switch {
	case s == "":
		return "", errors.New("an empty password protects nothing; nothing was changed")
	case len(s) > maxPassword:
		return "", fmt.Errorf("a password has room for %d bytes; nothing was changed", maxPassword)
	}
	return s, nil
}
