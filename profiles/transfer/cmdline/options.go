package cmdline

import (
	"strconv"
	"strings"

	"tidings/app"
	"tidings/profiles/transfer/internal/draft"
)

// reader collects the options of one command line: some only mean something
// together.
type reader struct {
	*draft.Draft
	tool      Tool
	port      int
	qos       app.QoS
	topics    []string
	payload   []byte
	retain    bool
	rap       bool // --retain-as-published
	rh        byte // --retain-handling
	tls       bool // an option that switches TLS on
	cafile    string
	osCerts   bool
	will      app.Will
	expiry    *uint32
	v5        bool // -D makes it MQTT 5
	message   app.Properties
	willProps app.Properties
}

// long gives the short name of a long option.
func long(name string) string {
	short, ok := map[string]string{
		"--host": "-h", "--port": "-p", "--username": "-u", "--pw": "-P", "--id": "-i", "--id-prefix": "-I",
		"--keepalive": "-k", "--qos": "-q", "--topic": "-t", "--message": "-m", "--file": "-f", "--null-message": "-n",
		"--stdin-file": "-s", "--stdin-line": "-l", "--retain": "-r", "--disable-clean-session": "-c",
		"--protocol-version": "-V", "--property": "-D", "--url": "-L", "--filter-out": "-T", "--unsubscribe": "-U",
		"--bind": "-A", "--session-expiry-interval": "-x",
	}[name]
	if ok {
		return short
	}
	return name
}

// flags are the options without a value, and what they do; nil for what says
// how a terminal behaves and means nothing here.
func flags() map[string]func(*reader) {
	odd := func(name string) func(*reader) { return func(r *reader) { r.NoPlace(name) } }
	stdin := func(r *reader) { r.Note("stdin", "moving.why.payload_file") }
	return map[string]func(*reader){
		"-c":                    func(r *reader) { r.P().Clean = false },
		"-r":                    func(r *reader) { r.retain = true },
		"-n":                    func(r *reader) { r.payload = nil },
		"-s":                    stdin,
		"-l":                    stdin,
		"--insecure":            func(r *reader) { r.Unverified() },
		"--will-retain":         func(r *reader) { r.will.Retain = true },
		"--retain-as-published": func(r *reader) { r.rap = true },
		"--tls-use-os-certs":    func(r *reader) { r.tls, r.osCerts = true, true },
		"--remove-retained":     odd("--remove-retained"),
		"--retained-only":       odd("--retained-only"),
		"-R":                    odd("-R"),
		"-S":                    odd("-S"),
		"-d":                    nil, "--debug": nil, "-v": nil, "--verbose": nil, "-N": nil, "-E": nil, "--quiet": nil, "--pretty": nil,
		"--nodelay": nil, "--help": nil, "--version": nil,
	}
}

// values are the options with one value, and what they do; nil as of flags.
func values() map[string]func(*reader, string) {
	odd := func(name string) func(*reader, string) { return func(r *reader, _ string) { r.NoPlace(name) } }
	return map[string]func(*reader, string){
		"-h":             func(r *reader, v string) { r.Host("-h", v) },
		"-p":             (*reader).setPort,
		"-L":             (*reader).url,
		"--unix":         func(r *reader, v string) { r.Socket(v) },
		"-u":             func(r *reader, v string) { r.P().User = r.Text("-u", v) },
		"-P":             func(r *reader, v string) { r.Secret("-P", app.SecretPassword, v) },
		"-i":             func(r *reader, v string) { r.P().ClientID, r.P().IDMode = r.Text("-i", v), app.ClientIDFixed },
		"-I":             func(r *reader, v string) { r.P().ClientID, r.P().IDMode = r.Text("-I", v), app.ClientIDSuffix },
		"-k":             func(r *reader, v string) { r.number("-k", v, r.KeepAlive) },
		"-V":             (*reader).version,
		"-x":             (*reader).sessionExpiry,
		"-t":             func(r *reader, v string) { r.topic("-t", v) },
		"-q":             func(r *reader, v string) { r.number("-q", v, func(f string, n int64) { r.qos = r.QoS(f, n) }) },
		"-m":             func(r *reader, v string) { r.payload = []byte(v) },
		"-f":             func(r *reader, _ string) { r.Note("-f", "moving.why.payload_file") },
		"--will-topic":   func(r *reader, v string) { r.will.Topic = v },
		"--will-payload": func(r *reader, v string) { r.will.Payload = []byte(v) },
		"--will-qos": func(r *reader, v string) {
			r.number("--will-qos", v, func(f string, n int64) { r.will.QoS = r.QoS(f, n) })
		},
		"--retain-handling":       (*reader).retainHandling,
		"--cafile":                func(r *reader, v string) { r.tls, r.cafile = true, v },
		"--capath":                func(r *reader, _ string) { r.tls = true; r.Note("--capath", "moving.why.folder") },
		"--cert":                  func(r *reader, v string) { r.P().Security.Certificate = r.CertFile("--cert", v) },
		"--key":                   func(r *reader, v string) { r.P().Security.Key = r.CertFile("--key", v) },
		"--tls-alpn":              func(r *reader, v string) { r.P().Security.ALPN = []string{r.Text("--tls-alpn", v)} },
		"--tls-version":           func(r *reader, v string) { r.MinTLS("--tls-version", v) },
		"--proxy":                 (*reader).proxy,
		"--psk":                   func(r *reader, _ string) { r.tls = true; r.Note("--psk", "moving.why.psk") },
		"--psk-identity":          nil,
		"--keyform":               odd("--keyform"),
		"--ciphers":               odd("--ciphers"),
		"--tls-engine":            odd("--tls-engine"),
		"--tls-keylog":            odd("--tls-keylog"),
		"-A":                      odd("-A"),
		"-T":                      odd("-T"),
		"-U":                      odd("-U"),
		"-o":                      odd("-o"),
		"-M":                      odd("-M"),
		"--repeat":                odd("--repeat"),
		"--repeat-delay":          odd("--repeat-delay"),
		"--random-filter":         odd("--random-filter"),
		"-F":                      nil,
		"-C":                      nil,
		"-W":                      nil,
		"--tls-engine-kpass-sha1": odd("--tls-engine-kpass-sha1"),
	}
}

// option takes one option with its value from args and returns the rest.
func (r *reader) option(args []word) []word {
	name, rest := args[0].text, args[1:]
	name = long(name)
	if do, ok := flags()[name]; ok {
		if do != nil {
			do(r)
		}
		return rest
	}
	if name == "-D" {
		return r.property(rest)
	}
	if do, ok := values()[name]; ok {
		if len(rest) == 0 {
			r.LeftOut(name)
			return nil
		}
		switch {
		case rest[0].open && name == "-P":
			r.Note(name, "moving.why.variable")
			r.P().AskPassword = true
		case rest[0].open:
			r.Note(name, "moving.why.variable")
			fallthrough
		default:
			if do != nil {
				do(r, rest[0].text)
			}
		}
		return rest[1:]
	}
	if !strings.HasPrefix(name, "-") {
		r.Note("…", "moving.why.no_option")
		return rest
	}
	r.Note(shown(name), "moving.why.not_known")
	if len(rest) > 0 && !strings.HasPrefix(rest[0].text, "-") {
		return rest[1:] // most likely its value
	}
	return rest
}

func (r *reader) number(field, v string, set func(string, int64)) {
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil {
		r.Bad(field)
		return
	}
	set(field, n)
}
