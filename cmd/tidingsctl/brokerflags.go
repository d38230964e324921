package main

import (
	"errors"
	"flag"
	"log/slog"
	"math"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"tidings/app/mqtt/topic"
)

const brokerHelp = `  tidingsctl broker [options]

Where to listen:
  --listen URL         tcp:// tls:// ws:// wss:// with host and port, or unix:PATH;
                       may stand several times. Without any, tcp://127.0.0.1:1883
                       and tcp://[::1]:1883
  --cert FILE --key FILE   the certificate (PEM) of tls:// and wss://
  --client-ca FILE     clients must show a certificate of these authorities
  --ws-origin ORIGIN   a web page that may connect over ws:// and wss://, besides
                       those loaded from the very host (an address or localhost)
                       they connect to; * for all; may stand several times

Who may connect, and do what:
  --users FILE         users, as passwd writes them, or mosquitto_passwd, whose
                       passwords cannot be proved by SCRAM
  --acl FILE           rules, in mosquitto's form
  --anonymous          clients without a user name too
  A broker that listens on this machine alone is open to everyone on it unless
  there is --users. One that others can reach needs --users or --anonymous.

What it keeps:
  --data DIR           sessions and retained messages, across restarts; without
                       it everything is in memory

Limits:
  --max-connections N  10000 unless given
  --max-packet BYTES   16777216 unless given
  --queue-messages N   waiting per client; 200000 unless given
  --queue-bytes N      waiting per client; 134217728 unless given
  --server-keepalive SECONDS   the longest keep alive of MQTT 5 clients
  --refuse-subscribe FILTER    never granted; may stand several times

What it tells:
  --sys-interval SECONDS   between two rounds of $SYS; 10 unless given, 0 for none
  --log-level error|warn|info|debug   info unless given
  --log-file FILE      instead of standard error
  --version

It prints "listening on URL" for each listener when it is ready. SIGTERM and
Ctrl+C end it (exit 0); SIGHUP reads --users and --acl again, cuts the clients
whose user is gone, and keeps the old ones when a file is wrong. A port in use
or a bad file is one line and exit 1.
`

// brokerOptions are the command line of broker.
type brokerOptions struct {
	listen          several // empty: both loopback addresses
	data            string
	anonymous       bool // as given
	users, acl      string
	cert, key, ca   string
	origins         several
	serverKeepAlive uint16 // seconds; 0: none
	refuse          several
	maxConnections  int
	maxPacket       int
	queueMessages   int
	queueBytes      int
	sys             int // seconds; 0: none
	logLevel        logLevel
	logFile         string
	version         bool
}

// brokerFlags returns the flags of broker.
func brokerFlags(o *brokerOptions) *flag.FlagSet {
	f := newFlags("broker")
	o.maxConnections, o.maxPacket, o.sys = 10_000, 16<<20, 10
	o.queueMessages, o.queueBytes = 200_000, 128<<20
	f.Var(&o.listen, "listen", "")
	f.StringVar(&o.data, "data", "", "")
	f.BoolVar(&o.anonymous, "anonymous", false, "")
	f.StringVar(&o.users, "users", "", "")
	f.StringVar(&o.acl, "acl", "", "")
	f.StringVar(&o.cert, "cert", "", "")
	f.StringVar(&o.key, "key", "", "")
	f.StringVar(&o.ca, "client-ca", "", "")
	f.Var(&o.origins, "ws-origin", "")
	f.Var(number[uint16]{&o.serverKeepAlive, 0, math.MaxUint16}, "server-keepalive", "")
	f.Var(&o.refuse, "refuse-subscribe", "")
	f.Var(number[int]{&o.maxConnections, 1, 10_000_000}, "max-connections", "")
	f.Var(number[int]{&o.maxPacket, 128, maxPayload + 5}, "max-packet", "")
	f.Var(number[int]{&o.queueMessages, 1, math.MaxInt32}, "queue-messages", "")
	f.Var(number[int]{&o.queueBytes, 1024, math.MaxInt32}, "queue-bytes", "")
	f.Var(number[int]{&o.sys, 0, math.MaxInt32}, "sys-interval", "")
	f.Var(&o.logLevel, "log-level", "")
	f.StringVar(&o.logFile, "log-file", "", "")
	f.BoolVar(&o.version, "version", false, "")
	return f
}

// logLevel is --log-level; the zero value is info, as in package slog.
type logLevel slog.Level

// String implements flag.Value.
func (l *logLevel) String() string { return "" }

// Set implements flag.Value.
func (l *logLevel) Set(s string) error {
	level, ok := map[string]slog.Level{
		"error": slog.LevelError, "warn": slog.LevelWarn, "info": slog.LevelInfo, "debug": slog.LevelDebug,
	}[s]
	if !ok {
		return errors.New("one of error, warn, info and debug")
	}
	*l = logLevel(level)
	return nil
}

// parseBroker reads the command line of broker.
func parseBroker(args []string) (*brokerOptions, error) {
	o := &brokerOptions{}
	l, err := parse(brokerFlags(o), args)
	switch {
	case err != nil:
		return nil, err
	case len(l.rest) > 0:
		return nil, wrong("unexpected argument %q; a URL goes to --listen", l.rest[0])
	case o.version:
		return o, nil
	}
	for name, value := range map[string]string{"data": o.data, "users": o.users, "acl": o.acl, "cert": o.cert, "key": o.key, "client-ca": o.ca, "log-file": o.logFile} {
		if l.given[name] && value == "" {
			return nil, wrong("--%s needs a name", name)
		}
	}
	for _, filter := range o.refuse {
		if err := topic.ValidateFilter(filter); err != nil {
			return nil, &exitError{exitUsage, err}
		}
	}
	for _, origin := range o.origins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
	}
	return o, o.checkListeners()
}

// checkListeners judges what --listen, the certificate and the users come to.
func (o *brokerOptions) checkListeners() error {
	uses := map[string]bool{} // schemes
	for _, raw := range o.listen {
		u, err := url.Parse(raw)
		if err != nil {
			return wrong("--listen %s is no URL", raw)
		}
		if !slices.Contains([]string{"tcp", "tls", "ws", "wss", "unix"}, u.Scheme) {
			return wrong("--listen takes tcp://, tls://, ws://, wss:// and unix:, not %s", raw)
		}
		uses[u.Scheme] = true
		if reachable(u) && o.users == "" && !o.anonymous {
			return wrong("others can reach %s: give it --users FILE, or open it to everyone by --anonymous", raw)
		}
	}
	return o.checkSchemes(uses["tls"] || uses["wss"], uses["ws"] || uses["wss"])
}

// checkSchemes judges options that only some listeners have a use for.
func (o *brokerOptions) checkSchemes(secure, web bool) error {
	switch {
	case secure && (o.cert == "" || o.key == ""):
		return wrong("tls:// and wss:// need --cert FILE and --key FILE")
	case !secure && (o.cert != "" || o.key != "" || o.ca != ""):
		return wrong("--cert, --key and --client-ca are for tls:// and wss:// listeners, and there are none")
	case len(o.origins) > 0 && !web:
		return wrong("--ws-origin is for ws:// and wss:// listeners, and there are none")
	}
	return nil
}

// reachable reports whether a listener can be reached from another machine. A
// name other than localhost may be any address, so it counts.
func reachable(u *url.URL) bool {
	host := u.Hostname()
	if u.Scheme == "unix" || strings.EqualFold(host, "localhost") {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err != nil || !a.Unmap().IsLoopback()
}

func checkOrigin(s string) error {
	u, err := url.Parse(s)
	if s != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil) {
		return wrong("--ws-origin is a page's origin such as https://example.org, or *, not %q", s)
	}
	return nil
}

// letsAnonymousIn reports whether clients without a user name may connect: by
// --anonymous, and on this machine alone also when there are no users.
func (o *brokerOptions) letsAnonymousIn() bool { return o.anonymous || o.users == "" }

// sysInterval is the time between two rounds of $SYS as the engine takes it:
// negative for none.
func (o *brokerOptions) sysInterval() time.Duration {
	if o.sys == 0 {
		return -1
	}
	return time.Duration(o.sys) * time.Second
}
