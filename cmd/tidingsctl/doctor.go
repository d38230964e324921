package main

import (
	"context"
	"flag"
	"io"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/doctor"
)

const doctorHelp = `  tidingsctl doctor [URL] [--topic TOPIC] [options]

Goes the way of a connection step by step (name, TCP, proxy, TLS, WebSocket,
CONNECT) and says of each how it went, what that means and what to do. After a
failure it tries what may explain it, such as TLS where plain was asked for.

  --topic TOPIC        try the rights too: subscribe to TOPIC, and publish a
                       short message there, which all subscribers receive
  -i ID                ask under this client ID, which ends a connection that
                       runs with it; without it an ID is made up
  -V 31|311|5          version of MQTT; 5 unless given
  --timeout SECONDS    what a step may take; 10 unless given

No password, key or token stands in what is printed. Exit 0 says that the
connection works, 1 that it does not.

` + wayHelp

// doctorOptions are the command line of doctor.
type doctorOptions struct {
	target  target
	topic   string
	timeout int
}

// doctorFlags returns the flags of doctor.
func doctorFlags(o *doctorOptions) *flag.FlagSet {
	o.timeout = int(app.DefaultConnectTimeout / time.Second)
	f := newFlags("doctor")
	o.target.registerWay(f)
	f.StringVar(&o.topic, "topic", "", "")
	f.Var(number[int]{&o.timeout, 1, 600}, "timeout", "")
	return f
}

// runDoctor is the subcommand doctor.
func runDoctor(ctx context.Context, c console, args []string) error {
	o := doctorOptions{}
	l, err := parse(doctorFlags(&o), args)
	if err != nil {
		return err
	}
	id, err := o.target.resolve(ctx, c, l)
	if err != nil {
		return err
	}
	p := &stepPrinter{console: c}
	p.doctor = doctor.New(doctor.Params{
		Options: id.Options(id.secrets), Address: id.URL(), Without: id.without,
		Topic: o.topic, OwnID: o.target.id != "", Step: time.Duration(o.timeout) * time.Second, Changed: p.print,
	})
	r := p.doctor.Run(ctx)
	_, err = io.WriteString(c.out, "\n"+r.Result(c.words))
	if err == nil && (r.Verdict() == doctor.Failed || r.Cancelled) {
		err = &exitError{code: exitFailed}
	}
	return err
}

// stepPrinter prints the steps in their order, each as soon as it has ended.
type stepPrinter struct {
	console
	doctor *doctor.Doctor

	mu      sync.Mutex
	title   bool
	printed int
}

// print is called whenever the report has changed.
func (p *stepPrinter) print() {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.doctor.Report()
	text := ""
	if !p.title {
		p.title, text = true, r.Title(p.words)+"\n"
	}
	for ; p.printed < len(r.Steps) && r.Steps[p.printed].Verdict != doctor.Running; p.printed++ {
		text += r.Steps[p.printed].Text(p.words)
	}
	_, _ = io.WriteString(p.out, text) // the result tells whether the output is closed
}
