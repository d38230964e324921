package profileform

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/profilecheck"
)

// The ports of MQTT without and with TLS, as registered with IANA.
const (
	plainPort = 1883
	tlsPort   = 8883
)

// draft is what the form holds, as it was typed.
type draft struct {
	name, host, port    string
	tls                 bool
	version             app.Version
	clientID            string
	user                string
	clean               bool
	keepAlive, expiry   string // seconds
	will                bool
	willTopic, willText string
	willQoS             app.QoS
	willRetain          bool
}

// fieldExpiry is the field of the session expiry interval in findings.
const fieldExpiry = "SessionExpiry"

// newDraft returns the draft of a profile.
func newDraft(p app.Profile) draft {
	d := draft{
		name: p.Name, host: p.Host, port: strconv.Itoa(p.Port), tls: p.TLS, version: p.Version,
		clientID: p.ClientID, user: p.User, clean: p.Clean,
		keepAlive: strconv.FormatInt(int64(p.KeepAlive/time.Second), 10),
		expiry:    strconv.FormatUint(uint64(p.SessionExpiry), 10),
	}
	if w := p.Will; w != nil {
		d.will, d.willTopic, d.willText, d.willQoS, d.willRetain = true, w.Topic, string(w.Payload), w.QoS, w.Retain
	}
	return d
}

// profile returns base with the draft written over it, and what is wrong with
// the draft, at most one finding for each field.
func (d draft) profile(base app.Profile) (app.Profile, []profilecheck.Finding) {
	p := base
	wrong := map[string]profilecheck.Finding{}
	number := func(field, text, key string, bits int) uint64 {
		n, err := strconv.ParseUint(strings.TrimSpace(text), 10, bits)
		if err != nil {
			wrong[field] = profilecheck.Finding{Field: field, Err: &app.Error{What: app.Say(key), Cause: err}}
		}
		return n
	}
	p.Host = strings.TrimSpace(d.host)
	p.Name = strings.TrimSpace(d.name)
	if p.Name == "" {
		p.Name = p.Host
	}
	p.Port = int(number(profilecheck.FieldPort, d.port, "form.port.number", 16))
	p.TLS, p.Version, p.ClientID, p.User, p.Clean = d.tls, d.version, d.clientID, d.user, d.clean
	p.KeepAlive = time.Duration(number(profilecheck.FieldKeepAlive, d.keepAlive, "form.keep_alive.number", 16)) * time.Second
	if d.version == app.V5 {
		p.SessionExpiry = uint32(number(fieldExpiry, d.expiry, "form.expiry.number", 32))
	}
	p.Will = nil
	if d.will {
		p.Will = &app.Will{Topic: d.willTopic, Payload: []byte(d.willText), QoS: d.willQoS, Retain: d.willRetain}
	}
	var found []profilecheck.Finding
	for _, f := range profilecheck.Validate(p) {
		if mine, ok := wrong[f.Field]; ok {
			f = mine
			delete(wrong, f.Field)
		}
		found = append(found, f)
	}
	for _, f := range wrong {
		found = append(found, f)
	}
	return p, found
}

// address is what a pasted URL says.
type address struct {
	host, port     string // port may be empty
	tls, known     bool   // known: the scheme said whether TLS is used
	user, password string
}

// schemes says whether a URL scheme means TLS.
func schemes() map[string]bool {
	return map[string]bool{"mqtt": false, "tcp": false, "mqtts": true, "ssl": true, "tls": true}
}

// takeApart reads "mqtt://user:password@host:1884", "host:1884" or
// "[::1]:1884". It reports false for a plain host, and for what it does not
// understand: the check of the field then says what is wrong.
func takeApart(text string) (address, bool) {
	text = strings.TrimSpace(text)
	if scheme, _, ok := strings.Cut(text, "://"); ok {
		secure, known := schemes()[strings.ToLower(scheme)]
		u, err := url.Parse(text)
		if !known || err != nil || u.Hostname() == "" {
			return address{}, false
		}
		a := address{host: u.Hostname(), port: u.Port(), tls: secure, known: true, user: u.User.Username()}
		a.password, _ = u.User.Password()
		return a, true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
		return address{host: strings.TrimSuffix(inner, "]")}, true
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil || host == "" || strings.ContainsAny(host, "@/") {
		return address{}, false
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return address{}, false
	}
	return address{host: host, port: port}, true
}

// apply writes an address into the draft. A URL without a port means the
// usual one of its scheme.
func (d *draft) apply(a address) {
	d.host = a.host
	if a.known {
		d.setTLS(a.tls)
		if a.port == "" {
			d.port = strconv.Itoa(usualPort(a.tls))
		}
	}
	if a.port != "" {
		d.port = a.port
	}
	if a.user != "" {
		d.user = a.user
	}
}

// setTLS switches TLS; a port that is the usual one follows.
func (d *draft) setTLS(on bool) {
	if strings.TrimSpace(d.port) == strconv.Itoa(usualPort(d.tls)) {
		d.port = strconv.Itoa(usualPort(on))
	}
	d.tls = on
}

func usualPort(tls bool) int {
	if tls {
		return tlsPort
	}
	return plainPort
}
