package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
	"tidings/cmd/tidingsctl/format"
)

const subHelp = `  tidingsctl sub [URL] -t FILTER [-t FILTER]… [options]

What to subscribe to:
  -t FILTER            may stand several times; with --profile and without -t,
                       the subscriptions saved with it
  -q QOS               the highest to receive: 0, 1 or 2; 0 unless given
  -U FILTER            unsubscribe first, of a session that was kept (-c)
  --no-local --retain-as-published --retain-handling 0|1|2      (MQTT 5)

What to print:
  -v                   the topic before each message
  -F FORMAT            as told below
  -N                   no line end after each message
  -R                   no retained messages
  --retained-only      retained messages alone, and end with the first other one
  -T FILTER            leave out these topics; may stand several times

When to end:
  -C COUNT             after so many printed messages
  -E                   when the broker has answered every subscription
  -W SECONDS           that long after the connection was made: exit 27

FORMAT, as in mosquitto_sub:
  %t topic  %p payload  %l its length  %x %X in hexadecimal  %q QoS
  %r retain (0 or 1)  %m packet identifier  %I time as ISO 8601  %U as seconds
  %j everything as JSON  %J the same, where the payload is JSON itself
  %C content type  %D correlation data  %E expiry  %F payload format
  %P user properties  %R response topic  %S subscription identifiers  %A alias
  @Y @m @d @H @M @S @N … times, as in strftime   \n \t \r \0 \a \e \v \\
  %20t %-20t %.5t %05l  widths; %% and @@ are the signs themselves

A first attempt that fails ends with one line and exit 1. A connection that is
lost later comes back by itself, with its subscriptions (-d tells). So does a
refused subscription: a line, and exit 1 when none is left. Messages wait in
memory (64 MiB) while standard output is slow; what does not fit is dropped,
counted on standard error, and makes the exit code 1. A closed pipe is a quiet
end. SIGTERM and Ctrl+C end with DISCONNECT and exit 0.

` + connectHelp

// subOptions are the command line of sub.
type subOptions struct {
	target       target
	filters      several
	unsubscribe  several
	sub          app.Subscription // what all subscriptions have in common
	handling     int
	show         show
	format       string
	answeredOnly bool
	wait         int
}

// subFlags returns the flags of sub.
func subFlags(o *subOptions) *flag.FlagSet {
	f := newFlags("sub")
	o.target.register(f)
	f.Var(&o.filters, "t", "")
	f.Var(level{&o.sub.QoS}, "q", "")
	f.Var(&o.unsubscribe, "U", "")
	f.BoolVar(&o.sub.NoLocal, "no-local", false, "")
	f.BoolVar(&o.sub.RetainAsPublished, "retain-as-published", false, "")
	f.Var(number[int]{&o.handling, 0, 2}, "retain-handling", "")
	f.BoolVar(&o.show.verbose, "v", false, "")
	f.StringVar(&o.format, "F", "", "")
	f.BoolVar(&o.show.noEnd, "N", false, "")
	f.BoolVar(&o.show.noRetained, "R", false, "")
	f.BoolVar(&o.show.retainedOnly, "retained-only", false, "")
	f.Var(&o.show.without, "T", "")
	f.Var(number[int]{&o.show.count, 1, math.MaxInt32}, "C", "")
	f.BoolVar(&o.answeredOnly, "E", false, "")
	f.Var(number[int]{&o.wait, 1, 1e9}, "W", "")
	return f
}

// parseSub reads the command line of sub.
func parseSub(args []string) (*subOptions, commandLine, error) {
	o := &subOptions{}
	l, err := parse(subFlags(o), args)
	if err != nil {
		return nil, l, err
	}
	for _, list := range []several{o.filters, o.unsubscribe, o.show.without} {
		for _, filter := range list {
			if err := topic.ValidateFilter(filter); err != nil {
				return nil, l, &exitError{exitUsage, err}
			}
		}
	}
	switch {
	case len(o.filters) == 0 && len(o.unsubscribe) == 0 && o.target.profile == "":
		return nil, l, wrong("-t FILTER says what to subscribe to")
	case o.show.noRetained && o.show.retainedOnly:
		return nil, l, wrong("-R and --retained-only exclude each other")
	}
	o.sub.RetainHandling = byte(o.handling)
	if l.given["F"] {
		if o.show.format, err = format.Parse(o.format); err != nil {
			return nil, l, wrong("-F: %w", err)
		}
	}
	return o, l, nil
}

// subscriptions returns what to subscribe to.
func (o *subOptions) subscriptions(saved []app.Subscription, given map[string]bool) ([]app.Subscription, error) {
	if len(o.filters) == 0 {
		if len(saved) == 0 && len(o.unsubscribe) == 0 {
			return nil, wrong("there are no subscriptions saved with %q: -t FILTER says what to subscribe to", o.target.profile)
		}
		for i := range saved {
			if given["q"] {
				saved[i].QoS = o.sub.QoS
			}
		}
		return saved, nil
	}
	list := make([]app.Subscription, len(o.filters))
	for i, filter := range o.filters {
		list[i] = o.sub
		list[i].Filter = filter
	}
	return list, nil
}

// runSub is the subcommand sub.
func runSub(ctx context.Context, c console, args []string) error {
	o, l, err := parseSub(args)
	if err != nil {
		return err
	}
	id, err := o.target.ready(ctx, c, l)
	if err != nil {
		return err
	}
	if id.Version != app.V5 && (o.sub.NoLocal || o.sub.RetainAsPublished || o.handling > 0) {
		return wrong("--no-local, --retain-as-published and --retain-handling need MQTT 5, and this connection speaks %s", id.Version)
	}
	subs, err := o.subscriptions(id.Subscriptions, l.given)
	if err != nil {
		return err
	}
	line := newLine(c, &o.target)
	s := &subscriber{console: c, line: line, options: o, out: newOutput(c.out, o.show), told: make(map[string]bool)}
	for _, sub := range subs {
		_, _ = line.session.Subscribe(ctx, sub) // remembered, and made with the connection
	}
	if !id.Clean && o.show.count > 0 {
		s.held = newHolder(s.out)
		line.connect(id, s.held, s.held)
	} else {
		line.connect(id, s.out)
	}
	err = s.run(ctx)
	return first(err, line.close(), s.out.close(), s.outcome())
}

// subscriber prints until there is a reason to end.
type subscriber struct {
	console
	line    *line
	options *subOptions
	out     *output
	held    *holder         // nil unless messages may have to stay with the broker
	told    map[string]bool // filters whose refusal was told
}

// run returns nil when the work is done or ctx ends.
func (s *subscriber) run(ctx context.Context) error {
	if err := s.line.up(ctx); err != nil {
		if errors.Is(err, errStopped) {
			return nil
		}
		return err
	}
	var timeout <-chan time.Time
	if s.options.wait > 0 {
		timer := time.NewTimer(time.Duration(s.options.wait) * time.Second)
		defer timer.Stop()
		timeout = timer.C
	}
	if err := s.unsubscribe(ctx); err != nil {
		return err
	}
	for {
		done, err := s.judge()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.out.done:
			if s.held != nil {
				s.held.await()
			}
			return nil
		case <-timeout:
			return &exitError{code: exitTimeout}
		case <-s.line.changed:
		}
	}
}

// unsubscribe gives up the filters of -U.
func (s *subscriber) unsubscribe(ctx context.Context) error {
	for _, filter := range s.options.unsubscribe {
		if err := s.line.session.Unsubscribe(ctx, filter); err != nil && ctx.Err() == nil {
			s.complain("sub", s.explain(err))
		}
	}
	if len(s.options.unsubscribe) > 0 && len(s.line.session.Snapshot().Subscriptions) == 0 {
		return &exitError{code: 0}
	}
	return nil
}

// judge looks at the connection and its subscriptions. done says that -E has
// what it wants.
func (s *subscriber) judge() (done bool, err error) {
	now := s.line.session.Snapshot()
	if now.State == session.Failed && now.LastError != nil {
		return false, now.LastError
	}
	pending, refused := 0, 0
	for _, sub := range now.Subscriptions {
		// Without a cause it is the client that will not send it.
		no := sub.Refused || sub.Err != nil && sub.Err.Cause == nil
		switch {
		case no:
			refused++
		case sub.Pending:
			pending++
		}
		if no && !s.told[sub.Filter] {
			s.told[sub.Filter] = true
			s.complain("sub", s.explain(sub.Err))
		}
	}
	if n := len(now.Subscriptions); n > 0 && refused == n {
		return true, &exitError{code: exitFailed}
	}
	return s.options.answeredOnly && pending == 0 && now.State == session.Connected, nil
}

// outcome is the exit code that the messages deserve.
func (s *subscriber) outcome() error {
	if n := s.out.lost(); n > 0 {
		s.complain("sub", fmt.Sprintf("%d messages were dropped: standard output took them too slowly", n))
		return &exitError{code: exitFailed}
	}
	return nil
}
