// Command tidings is the desktop program: an MQTT client with a broker
// inside. This file reads the flags and sets up the log; wire.go puts the
// parts together.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/profiles/home"
	"tidings/profiles/secrets"
)

// version is set by the linker: -X main.version=….
var version = "0.1.0-dev"

// options are the command line.
type options struct {
	home        string
	state       string
	showVersion bool
	noConnect   bool
	started     time.Time // when the program began
}

func main() {
	started := time.Now()
	o, err := parse(os.Args[1:], os.Stderr)
	o.started = started
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		os.Exit(2)
	case o.showVersion:
		fmt.Println(versionLine())
		return
	}
	if err := errors.Join(secrets.UseBus(), run(o)); err != nil {
		complain(os.Stderr, err)
		os.Exit(1)
	}
}

// parse reads the command line; usage and errors go to w.
func parse(args []string, w io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("tidings", flag.ContinueOnError)
	f.SetOutput(w)
	f.StringVar(&o.home, "home", "", "keep everything (settings, profiles, broker data, logs) in this `folder`: portable mode")
	f.StringVar(&o.state, "state", "", "write what the window shows to this `file` after every change (JSON, for automated tests)")
	f.BoolVar(&o.noConnect, "no-connect", false, "open and connect nothing at launch")
	f.BoolVar(&o.showVersion, "version", false, "print the version and exit")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		_, _ = fmt.Fprintf(w, "tidings: unexpected argument %q\n", f.Arg(0))
		f.Usage()
		return o, errors.New("unexpected argument")
	}
	return o, nil
}

// versionLine names the program, its version, and the versions of Go and
// Fyne it was built with.
func versionLine() string {
	toolkit := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "fyne.io/fyne/v2" {
				toolkit = d.Version
			}
		}
	}
	return fmt.Sprintf("tidings %s (%s, Fyne %s, %s/%s)", version, runtime.Version(), toolkit, runtime.GOOS, runtime.GOARCH)
}

// run opens the home folder and runs the window until it is closed.
func run(o options) (err error) {
	h, err := home.Open(o.home)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	logger, closeLog, err := openLog(h.Logs(), h.Crash())
	if err != nil {
		return err
	}
	defer closeLog()
	logger.Info("start", "version", versionLine())
	p, err := wire(o, h, logger)
	if err != nil {
		return err
	}
	return p.run()
}

// complain says in the user's language what stopped the program.
func complain(w io.Writer, err error) {
	what, do, technical := i18n.New(i18n.System()).Error(err)
	_, _ = fmt.Fprintln(w, "tidings:", what)
	var e *app.Error
	if errors.As(err, &e) && do != "" {
		_, _ = fmt.Fprintln(w, do)
	}
	if technical != "" {
		_, _ = fmt.Fprintln(w, "("+technical+")")
	}
}
