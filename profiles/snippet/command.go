package snippet

import (
	"crypto/tls"
	"math"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidings/app"
)

// urlOf returns the URL with the user, and with the password when it is
// handed over.
func urlOf(in Input) string {
	p := in.Profile
	text := p.FullURL()
	scheme, rest, ok := strings.Cut(text, "://")
	switch {
	case !ok || p.User == "" && in.Password == "":
		return text
	case in.Password != "":
		return scheme + "://" + url.UserPassword(p.User, in.Password.Reveal()).String() + "@" + rest
	}
	return scheme + "://" + url.User(p.User).String() + "@" + rest
}

// option is an option of a command line and what follows it. raw ones are
// quoted already.
type option struct {
	words []string
	raw   bool
}

// columns is how long the lines of a command get.
const columns = 76

// command writes a command line of mosquitto_sub or mosquitto_pub.
func command(k Kind, in Input) (string, error) {
	p := in.Profile
	if p.Link.Transport == app.TransportWS {
		return "", impossible("snippet.no_websocket")
	}
	onWindows := k == SubscribeW || k == PublishW
	publishes := k == Publish || k == PublishW
	var options []option
	add := func(words ...string) { options = append(options, option{words: words}) }
	connection(add, k, p)
	switch {
	case in.Password != "":
		add("-P", in.Password.Reveal())
	case in.HasPassword && onWindows:
		options = append(options, option{[]string{"-P", `"%` + variable + `%"`}, true})
	case in.HasPassword:
		options = append(options, option{[]string{"-P", `"$` + variable + `"`}, true})
	}
	if publishes {
		message(add, in.Template)
	} else {
		subscriptions(add, p)
	}
	name, quote, join := "mosquitto_sub", sh, " \\\n  "
	if publishes {
		name = "mosquitto_pub"
	}
	if onWindows { // the caret takes the blank behind the line's end as it is
		quote, join = windows, " ^\n  "
	}
	return lines(name, options, quote, join, !onWindows)
}

// lines writes a command with join between its lines: none ends within an
// option.
func lines(name string, options []option, quote func(string) string, join string, breaks bool) (string, error) {
	var b strings.Builder
	b.WriteString(name)
	width := len(name)
	for _, o := range options {
		words := slices.Clone(o.words)
		for i, word := range words {
			if o.raw {
				continue
			}
			if hasControl(word, breaks) {
				return "", impossible("snippet.control")
			}
			words[i] = quote(word)
		}
		text := strings.Join(words, " ")
		between, after := " ", width+1+len(text)
		if after > columns {
			between, after = join, 2+len(text)
		}
		b.WriteString(between + text)
		width = after
	}
	return b.String(), nil
}

func connection(add func(...string), k Kind, p app.Profile) {
	switch {
	case p.Link.Transport == app.TransportUnix:
		add("--unix", p.Link.Path)
	default:
		add("-h", p.Host)
		add("-p", strconv.Itoa(p.Port))
	}
	add("-V", map[app.Version]string{app.V31: "mqttv31", app.V311: "mqttv311", app.V5: "mqttv5"}[p.Version])
	if id := clientID(p); id != "" && p.IDMode == app.ClientIDSuffix {
		add("-I", id+"-")
	} else if id != "" {
		add("-i", ownID(k, p))
	}
	if p.User != "" {
		add("-u", p.User)
	}
	add("-k", strconv.Itoa(seconds(p.KeepAlive)))
	if keepsSession(k, p) {
		add("-c")
	}
	if p.Version == app.V5 {
		five(add, k, p)
	}
	will(add, p.Will)
	proxy(add, p.Link.Proxy)
	if p.TLS {
		security(add, p.Security)
	}
}

// five writes what only MQTT 5 has.
func five(add func(...string), k Kind, p app.Profile) {
	if e := expiry(k, p); e == math.MaxUint32 {
		add("-x", "-1")
	} else if e > 0 || keepsSession(k, p) {
		add("-x", strconv.FormatUint(uint64(e), 10))
	}
	for _, u := range p.Session.User {
		add("-D", "connect", "user-property", u.Name, u.Value)
	}
}

func will(add func(...string), w *app.Will) {
	if w != nil {
		add("--will-topic", w.Topic)
		add("--will-payload", string(w.Payload))
		add("--will-qos", strconv.Itoa(int(w.QoS)))
		if w.Retain {
			add("--will-retain")
		}
	}
}

func proxy(add func(...string), x app.Proxy) {
	if x.Kind == app.ProxySOCKS5 {
		u := url.URL{Scheme: "socks5h", Host: net.JoinHostPort(x.Host, strconv.Itoa(x.Port))}
		if x.User != "" {
			u.User = url.User(x.User)
		}
		add("--proxy", u.String())
	}
}

func security(add func(...string), s app.TLSOptions) {
	if s.CA.File != "" {
		add("--cafile", s.CA.File)
	}
	if s.CA.File == "" || !s.WithoutSystem {
		add("--tls-use-os-certs")
	}
	if s.Certificate.File != "" && s.Key.File != "" {
		add("--cert", s.Certificate.File)
		add("--key", s.Key.File)
	}
	if len(s.ALPN) > 0 {
		add("--tls-alpn", s.ALPN[0])
	}
	if s.MinVersion == tls.VersionTLS13 {
		add("--tls-version", "tlsv1.3")
	}
}

// subscriptions writes all filters at the highest QoS among them:
// mosquitto_sub has one for all.
func subscriptions(add func(...string), p app.Profile) {
	qos := app.QoS0
	for _, s := range filters(p) {
		add("-t", s.Filter)
		qos = max(qos, s.QoS)
	}
	add("-q", strconv.Itoa(int(qos)))
	add("-v")
}

func message(add func(...string), m app.Publish) {
	if m.Topic == "" {
		m.Topic, m.Payload = "test", []byte("hello")
	}
	add("-t", m.Topic)
	add("-q", strconv.Itoa(int(m.QoS)))
	if m.Retain {
		add("-r")
	}
	if len(m.Payload) == 0 {
		add("-n")
	} else {
		add("-m", string(m.Payload))
	}
}
