package main

import (
	"context"
	"encoding/hex"
	"flag"
	"math"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

const pubHelp = `  tidingsctl pub [URL] -t TOPIC (-m TEXT | -f FILE | -l | -s | -n) [options]

What to publish:
  -t TOPIC
  -m TEXT              the message
  -f FILE              the content of FILE
  -l                   standard input, a message per line
  -s                   standard input as one message
  -n                   an empty message; with -r it clears a retained one
  -q QOS               0, 1 or 2; 0 unless given
  -r                   retain
  --repeat N           send it N times
  --repeat-delay SECONDS   between them, such as 0.5

Properties of MQTT 5:
  --content-type TYPE
  --response-topic TOPIC
  --correlation-data TEXT, or hex:0A0B
  --expiry SECONDS     message expiry interval
  --user-property NAME=VALUE   may stand several times, in this order
  --utf8               the payload is text (payload format indicator)

pub ends when the handshake of every message has: exit 0 says that the broker
has them all (QoS 0: that they were handed to the network). A refused message,
or one whose fate is unknown because the link was lost, is a line on standard
error, which names the line of -l, and exit 1; the lines after it are sent all
the same, after a lost link as soon as it is back. With QoS 1 and 2 up to 100
messages (20 before MQTT 5) are on their way at once, in their order, and no
more than the broker takes. Ctrl+C gives up those on their way: their number is
told, and exit is 1.

` + connectHelp

// pubOptions are the command line of pub.
type pubOptions struct {
	target  target
	message app.Publish
	source  source
	delay   float64
	expiry  uint32
	data    string
	user    several
	p       app.Properties
}

// pubFlags returns the flags of pub.
func pubFlags(o *pubOptions) *flag.FlagSet {
	f := newFlags("pub")
	o.target.register(f)
	f.StringVar(&o.message.Topic, "t", "", "")
	f.Var(level{&o.message.QoS}, "q", "")
	f.BoolVar(&o.message.Retain, "r", false, "")
	f.StringVar(&o.source.text, "m", "", "")
	f.StringVar(&o.source.file, "f", "", "")
	f.BoolVar(&o.source.lines, "l", false, "")
	f.BoolVar(&o.source.all, "s", false, "")
	f.BoolVar(&o.source.null, "n", false, "")
	o.source.repeat = 1
	f.Var(number[int]{&o.source.repeat, 1, math.MaxInt32}, "repeat", "")
	f.Float64Var(&o.delay, "repeat-delay", 0, "")
	f.StringVar(&o.p.ContentType, "content-type", "", "")
	f.StringVar(&o.p.ResponseTopic, "response-topic", "", "")
	f.StringVar(&o.data, "correlation-data", "", "")
	f.Var(number[uint32]{&o.expiry, 0, math.MaxUint32}, "expiry", "")
	f.Var(&o.user, "user-property", "")
	f.BoolVar(&o.p.PayloadIsUTF8, "utf8", false, "")
	return f
}

// parsePub reads the command line of pub.
func parsePub(args []string) (*pubOptions, commandLine, error) {
	o := &pubOptions{}
	l, err := parse(pubFlags(o), args)
	if err != nil {
		return nil, l, err
	}
	if err := o.check(l.given); err != nil {
		return nil, l, err
	}
	return o, l, o.properties(l.given)
}

func (o *pubOptions) check(given map[string]bool) error {
	if !given["t"] {
		return wrong("-t TOPIC says where to publish")
	}
	if err := topic.ValidateName(o.message.Topic); err != nil {
		return &exitError{exitUsage, err}
	}
	sources := 0
	for _, name := range []string{"m", "f", "l", "s", "n"} {
		if given[name] {
			sources++
		}
	}
	switch {
	case sources != 1:
		return wrong("what to publish is one of -m TEXT, -f FILE, -l, -s and -n")
	case given["f"] && o.source.file == "":
		return wrong("-f needs the name of a file")
	case o.source.lines && (given["repeat"] || given["repeat-delay"]):
		return wrong("-l goes with neither --repeat nor --repeat-delay")
	case o.delay < 0 || o.delay > 1e6 || o.delay != o.delay:
		return wrong("--repeat-delay is a number of seconds")
	}
	o.source.repeatDelay = time.Duration(o.delay * float64(time.Second))
	return nil
}

// properties makes those of MQTT 5, if there are any.
func (o *pubOptions) properties(given map[string]bool) error {
	has := false
	for _, name := range []string{"content-type", "response-topic", "correlation-data", "expiry", "user-property", "utf8"} {
		has = has || given[name]
	}
	if !has {
		return nil
	}
	if given["expiry"] {
		o.p.MessageExpiry = &o.expiry
	}
	o.p.CorrelationData = []byte(o.data)
	if text, ok := strings.CutPrefix(o.data, "hex:"); ok {
		var err error
		if o.p.CorrelationData, err = hex.DecodeString(text); err != nil {
			return wrong("--correlation-data hex: takes pairs of the digits 0-9 and A-F")
		}
	}
	for _, pair := range o.user {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return wrong("--user-property is NAME=VALUE")
		}
		o.p.User = append(o.p.User, app.UserProperty{Name: name, Value: value})
	}
	o.message.Properties = &o.p
	return nil
}

// runPub is the subcommand pub.
func runPub(ctx context.Context, c console, args []string) error {
	o, l, err := parsePub(args)
	if err != nil {
		return err
	}
	id, err := o.target.ready(ctx, c, l)
	if err != nil {
		return err
	}
	if o.message.Properties != nil && id.Version != app.V5 {
		return wrong("properties need MQTT 5, and this connection speaks %s", id.Version)
	}
	p := newPublisher(c, o, id.Version)
	var frames []app.FrameSink
	if p.window != nil {
		frames = append(frames, p.window)
	}
	p.line.connect(id, &p.strays, frames...)
	err = p.line.up(ctx)
	if err == nil {
		err = o.source.each(ctx, c.in, func(m payload) error { return p.send(ctx, m) })
	}
	return first(err, p.wait(), p.line.close(), p.outcome())
}
