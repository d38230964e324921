package main

import (
	"context"
	"errors"
	"flag"
	"math"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/profilecheck"
)

// target is where to connect and as whom, as the command line says it.
type target struct {
	profile, home string
	host          string
	port          int
	tls           bool
	caFile        string
	id, user      string
	password      passwordFlags
	scram         bool
	version       mqttVersion
	keepAlive     int
	keep          bool
	expiry        sessionExpiry
	will          willFlags
	debug, fields bool
}

// willFlags are the last will.
type willFlags struct {
	topic, payload string
	qos            app.QoS
	retain         bool
}

// register adds the flags that all clients have.
func (t *target) register(f *flag.FlagSet) {
	t.registerWay(f)
	f.Var(number[int]{&t.keepAlive, 0, math.MaxUint16}, "k", "")
	f.BoolVar(&t.keep, "c", false, "")
	f.Var(&t.expiry, "x", "")
	f.StringVar(&t.will.topic, "will-topic", "", "")
	f.StringVar(&t.will.payload, "will-payload", "", "")
	f.Var(level{&t.will.qos}, "will-qos", "")
	f.BoolVar(&t.will.retain, "will-retain", false, "")
	f.BoolVar(&t.debug, "d", false, "")
	f.BoolVar(&t.fields, "dd", false, "")
}

// registerWay adds the flags that say where to connect and as whom.
func (t *target) registerWay(f *flag.FlagSet) {
	t.version, t.port, t.keepAlive = mqttVersion(app.V5), 1883, 60
	f.StringVar(&t.profile, "profile", "", "")
	f.StringVar(&t.home, "home", "", "")
	f.StringVar(&t.host, "h", "localhost", "")
	f.Var(number[int]{&t.port, 1, math.MaxUint16}, "p", "")
	f.BoolVar(&t.tls, "tls", false, "")
	f.StringVar(&t.caFile, "cafile", "", "")
	f.StringVar(&t.id, "i", "", "")
	f.StringVar(&t.user, "u", "", "")
	t.password.register(f)
	f.BoolVar(&t.scram, "scram", false, "")
	f.Var(&t.version, "V", "")
}

// connectHelp is the part of the help that pub and sub share.
const connectHelp = wayHelp + `
How:
  -i ID                client ID; without it a random one
  -V 31|311|5          version of MQTT; 5 unless given
  -k SECONDS           keep alive; 60 unless given, 0 for none
  -c                   keep the session (needs -i): no clean session, or clean start
  -x SECONDS           session expiry interval of MQTT 5; -1 for never, which is
                       what -c means without -x
  --will-topic TOPIC, --will-payload TEXT, --will-qos QOS, --will-retain
  -d                   print every control packet to standard error, both ways
  -dd                  and its fields with their bytes
`

// wayHelp is the part of the help about where to connect and as whom.
const wayHelp = `Where to connect (one of these; without any, localhost:1883):
  URL                  mqtt://[user@]host[:port], or mqtts:// for TLS; over
                       WebSocket ws://host[:port]/path, or wss://; unix:/path
                       for a socket
  -h HOST -p PORT      with --tls for TLS; the port is then 8883 unless given
  --profile NAME       a connection saved in the window, by its name or ID: its
                       address, TLS, version, user, password and keep alive,
                       which other options override. Client ID, session and
                       last will stay the window's own: give -i, -c, --will-topic
  --home DIR           where the profiles are, as for the window
  --cafile FILE        authorities (PEM) that TLS trusts too; means --tls

As whom:
  -u USER              whose password is not the one kept for another user
  --password-file FILE the first line of FILE
  --ask-password       type it on the terminal, unseen
  TIDINGS_PASSWORD     the environment variable, used where there is a user and
                       neither of the above
  --scram              prove the password by SCRAM-SHA-256 (MQTT 5); it is not sent
  There is no -P: every user of a machine can read the command lines of all
  programs, and shells keep them in a history. A profile's own secrets come
  from the keyring and the vault, whose passphrase is asked for on the
  terminal, or stands in the environment variable TIDINGS_VAULT_PASSPHRASE.
`

// mqttVersion is -V.
type mqttVersion app.Version

// String implements flag.Value.
func (v *mqttVersion) String() string { return app.Version(*v).String() }

// Set implements flag.Value. It takes mosquitto's names as well.
func (v *mqttVersion) Set(s string) error {
	switch strings.TrimPrefix(strings.ReplaceAll(s, ".", ""), "mqttv") {
	case "31":
		*v = mqttVersion(app.V31)
	case "311":
		*v = mqttVersion(app.V311)
	case "5", "50":
		*v = mqttVersion(app.V5)
	default:
		return errors.New("the versions are 31, 311 and 5")
	}
	return nil
}

// sessionExpiry is -x, in seconds.
type sessionExpiry uint32

// never is the expiry of a session that does not end by itself
// (MQTT 5.0 §3.1.2.11.2).
const never sessionExpiry = math.MaxUint32

// String implements flag.Value.
func (x *sessionExpiry) String() string { return "" }

// Set implements flag.Value.
func (x *sessionExpiry) Set(s string) error {
	if s == "-1" || s == "∞" {
		*x = never
		return nil
	}
	return number[uint32]{(*uint32)(x), 0, math.MaxUint32}.Set(s)
}

// identity is what a command line, a URL and a profile come to.
type identity struct {
	app.Profile
	secrets app.Secrets
	without []doctor.Missing // saved secrets that could not be had
}

// resolve makes the options of the connection.
func (t *target) resolve(ctx context.Context, c console, l commandLine) (identity, error) {
	if err := t.check(l); err != nil {
		return identity{}, err
	}
	p := app.DefaultProfile()
	p.Host, p.Port, p.TLS = t.host, t.port, t.tls || t.caFile != ""
	if p.TLS && !l.given["p"] {
		p.Port = 8883
	}
	var from *kept
	switch {
	case t.profile != "":
		found, h, err := findProfile(t.home, t.profile)
		if err != nil {
			return identity{}, err
		}
		p, from = found, &kept{h, found}
		p.ClientID, p.Clean, p.SessionExpiry, p.Will = "", true, 0, nil
	case len(l.rest) == 1:
		if err := parseURL(l.rest[0], &p); err != nil {
			return identity{}, err
		}
	}
	t.override(&p, l.given)
	if found := profilecheck.Validate(p); len(found) > 0 {
		return identity{}, &exitError{exitUsage, found[0].Err}
	}
	id := identity{Profile: p}
	var err error
	id.secrets, id.without, err = t.secrets(ctx, c, p, from)
	return id, err
}

// ready is resolve for a command that connects: a person is told what they
// should know before.
func (t *target) ready(ctx context.Context, c console, l commandLine) (identity, error) {
	id, err := t.resolve(ctx, c, l)
	if err == nil {
		err = id.warn(c)
	}
	return id, err
}

// secrets returns those that a connection needs: what a person gives, and of a
// saved profile what is kept; without names those that could not be had.
func (t *target) secrets(ctx context.Context, c console, p app.Profile, from *kept) (got app.Secrets, without []doctor.Missing, err error) {
	got = app.Secrets{}
	password, given, err := t.password.get(ctx, c, p)
	if err != nil {
		return nil, nil, err
	}
	if given {
		got[app.SecretPassword] = password
	}
	if from != nil {
		if without, err = from.fetch(ctx, c, p, got); err != nil {
			return nil, nil, err
		}
	}
	if p.AskPassword && got[app.SecretPassword] == "" {
		return nil, nil, errors.New("the password of this connection is not saved: set TIDINGS_PASSWORD, or use --password-file or --ask-password")
	}
	return got, without, nil
}

// check finds options that contradict each other.
func (t *target) check(l commandLine) error {
	if len(l.rest) > 1 {
		return wrong("more than one URL, or a value without its option") // which may be a password

	}
	byHost := l.given["h"] || l.given["p"] || l.given["tls"]
	switch {
	case len(l.rest) == 1 && byHost:
		return wrong("a URL goes with none of -h, -p and --tls")
	case t.profile != "" && (len(l.rest) == 1 || byHost):
		return wrong("--profile goes with no URL and none of -h, -p and --tls")
	case l.given["profile"] && t.profile == "":
		return wrong("--profile needs the name or ID of a connection")
	case t.home != "" && t.profile == "":
		return wrong("--home is where --profile looks")
	}
	return t.checkWill(l.given)
}

func (t *target) checkWill(given map[string]bool) error {
	if t.will.topic == "" && (given["will-payload"] || given["will-qos"] || t.will.retain) {
		return wrong("a last will needs --will-topic")
	}
	return nil
}

// override puts what the command line says over p.
func (t *target) override(p *app.Profile, given map[string]bool) {
	if t.caFile != "" {
		p.TLS, p.Security.CA = true, app.CertSource{File: t.caFile}
	}
	if given["V"] {
		p.Version = app.Version(t.version)
	}
	if given["u"] {
		p.User, p.AskPassword = t.user, false
	}
	if t.scram {
		p.Session.AuthenticationMethod = app.MethodSCRAM
	}
	if given["k"] {
		p.KeepAlive = time.Duration(t.keepAlive) * time.Second
	}
	p.ClientID, p.Clean = t.id, !t.keep
	switch {
	case given["x"]:
		p.SessionExpiry = uint32(t.expiry)
	case t.keep:
		p.SessionExpiry = uint32(never)
	}
	if w := t.will; w.topic != "" {
		p.Will = &app.Will{Topic: w.topic, Payload: []byte(w.payload), QoS: w.qos, Retain: w.retain}
	}
}
