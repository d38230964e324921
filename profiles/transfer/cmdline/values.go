package cmdline

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
)

func (r *reader) setPort(v string) {
	r.number("-p", v, func(f string, n int64) {
		if r.Port(f, n); n >= 1 && n <= math.MaxUint16 {
			r.port = int(n)
		}
	})
}

// url reads mqtt(s)://[user[:password]@]host[:port]/topic. The topic is not
// escaped there, and a "#" is part of it.
func (r *reader) url(v string) {
	scheme, rest, ok := strings.Cut(v, "://")
	if !ok {
		r.LeftOut("-L")
		return
	}
	authority, topic, _ := strings.Cut(rest, "/")
	address := scheme + "://" + authority
	if strings.HasPrefix(strings.ToLower(scheme), "ws") { // mosquitto has none; a path is no topic then
		address, topic = v, ""
	}
	if _, err := r.URL("-L", address); err != nil {
		r.LeftOut("-L")
		return
	}
	r.port, r.tls = r.P().Port, r.tls || r.P().TLS
	r.osCerts = r.osCerts || r.P().TLS
	if topic != "" {
		r.topic("-L", topic)
	}
}

func (r *reader) topic(field, t string) {
	if r.tool == Pub {
		r.topics = []string{t}
		return
	}
	if len(r.topics) >= draft.MaxList {
		r.Note(field, "moving.why.too_many", "Max", draft.MaxList)
		return
	}
	r.topics = append(r.topics, t)
}

func (r *reader) version(v string) {
	switch strings.TrimPrefix(strings.ToLower(v), "mqttv") {
	case "5", "50", "5.0":
		r.P().Version = app.V5
	case "311", "3.1.1", "4":
		r.P().Version = app.V311
	case "31", "3.1", "3":
		r.P().Version = app.V31
	default:
		r.Bad("-V")
	}
}

// sessionExpiry reads -x: seconds, or "-1" or "∞" for a session without end
// (MQTT 5.0 §3.1.2.11.2).
func (r *reader) sessionExpiry(v string) {
	never := uint32(math.MaxUint32)
	if v == "-1" || v == "∞" {
		r.expiry = &never
		return
	}
	r.number("-x", v, func(f string, n int64) {
		if n, ok := r.Uint32(f, n); ok {
			r.expiry = &n
		}
	})
}

func (r *reader) retainHandling(v string) {
	switch strings.ToLower(v) {
	case "always":
		r.rh = 0
	case "new":
		r.rh = 1
	case "never":
		r.rh = 2
	default:
		r.Bad("--retain-handling")
	}
}

// proxy reads socks5h://[user[:password]@]host[:port].
func (r *reader) proxy(v string) {
	u, err := url.Parse(v)
	if err != nil || u.Hostname() == "" || u.Scheme != "socks5h" && u.Scheme != "socks5" {
		r.LeftOut("--proxy")
		return
	}
	port := 1080
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > math.MaxUint16 {
			r.LeftOut("--proxy")
			return
		}
	}
	r.P().Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: u.Hostname(), Port: port, User: r.Text("--proxy", u.User.Username())}
	password, _ := u.User.Password()
	r.Secret("--proxy", app.SecretProxyPassword, password)
}

// finish puts together what only has a meaning together.
func (r *reader) finish() moving.Item {
	p := r.P()
	if r.v5 {
		p.Version = app.V5
	}
	r.finishTLS()
	if p.Version == app.V5 {
		switch {
		case r.expiry != nil:
			p.SessionExpiry = *r.expiry
		case !p.Clean:
			p.SessionExpiry = math.MaxUint32 // -c alone: sessions never expire
		}
	} else if r.expiry != nil {
		r.Note("-x", "moving.why.only_v5")
	}
	if !draft.IsZero(r.willProps) {
		r.will.Properties = &r.willProps
	}
	r.Will("--will-topic", r.will)
	for _, t := range r.topics {
		if r.tool == Sub {
			r.Subscribe("-t", app.Subscription{Filter: t, QoS: r.qos, RetainAsPublished: r.rap, RetainHandling: r.rh})
			continue
		}
		m := app.Publish{Topic: t, Payload: r.payload, QoS: r.qos, Retain: r.retain}
		if !draft.IsZero(r.message) {
			m.Properties = &r.message
		}
		r.Template("-t", "", m)
	}
	return r.Done()
}

// finishTLS settles what mosquitto settles after the last option: the port
// and TLS follow each other, and only --tls-use-os-certs trusts the system
// beside a file of its own.
func (r *reader) finishTLS() {
	p := r.P()
	if p.Link.Transport == app.TransportUnix {
		return
	}
	switch {
	case r.tls && r.port == 0:
		p.Port = 8883
	case r.port == 8883 && !r.tls:
		r.tls, r.osCerts = true, true
	}
	p.TLS = r.tls
	if r.cafile != "" {
		p.Security.CA = r.CertFile("--cafile", r.cafile)
		p.Security.WithoutSystem = !r.osCerts
	}
}
