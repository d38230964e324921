package profilecheck

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// The names of fields in findings, as they stand in app.Profile. A finding
// about the subscription with index i has the field Subscription(i).
const (
	FieldName          = "Name"
	FieldFolder        = "Folder"
	FieldColor         = "Color"
	FieldNotes         = "Notes"
	FieldHost          = "Host"
	FieldPort          = "Port"
	FieldVersion       = "Version"
	FieldClientID      = "ClientID"
	FieldUser          = "User"
	FieldKeepAlive     = "KeepAlive"
	fieldSubscriptions = "Subscriptions"
	fieldTemplates     = "Templates"
)

// Subscription returns the field name of the subscription with index i.
func Subscription(i int) string { return fmt.Sprintf("%s[%d]", fieldSubscriptions, i) }

// Template returns the field name of the template with index i.
func Template(i int) string { return fmt.Sprintf("%s[%d]", fieldTemplates, i) }

const (
	// maxText is the longest UTF-8 string or binary data of a CONNECT, in
	// bytes: its length has two bytes (MQTT 5.0 §1.5.4, §1.5.6).
	maxText = math.MaxUint16
	// maxClientID31 is the longest client identifier of MQTT 3.1 (§3.1).
	maxClientID31 = 23
	// maxHost is the longest name that DNS knows (RFC 1035 §2.3.4).
	maxHost = 253
	// maxKeepAlive is the largest keep alive (MQTT 5.0 §3.1.2.10), in seconds.
	maxKeepAlive = math.MaxUint16
)

// Finding is one thing wrong with a profile.
type Finding struct {
	Field string // one of the Field constants, Subscription(i), Template(i), Header(i) or UserProperty(i)
	Err   *app.Error
}

type findings []Finding

func (l *findings) add(field string, err *app.Error) {
	if err != nil {
		*l = append(*l, Finding{field, err})
	}
}

// Validate returns what is wrong with p, in the order of the fields, at most
// one finding for each; nil when a connection may be tried. It is safe for
// concurrent use.
func Validate(p app.Profile) []Finding {
	var list findings
	list.add(FieldName, label(p.Name))
	list.add(FieldFolder, label(p.Folder))
	list.add(FieldNotes, label(p.Notes))
	list.add(FieldColor, color(p.Color))
	list = append(list, Link(app.ConnectOptions{Host: p.Host, Port: p.Port, TLS: p.TLS, Link: p.Link, Security: p.Security})...)
	list.add(FieldVersion, version(p.Version))
	list.add(FieldClientID, clientID(p))
	list.add(FieldUser, user(p))
	list.add(FieldKeepAlive, keepAlive(p.KeepAlive))
	list = append(list, Session(app.ConnectOptions{Version: p.Version, User: p.User, Session: p.Session})...)
	if p.Will != nil {
		list = append(list, Will(*p.Will, p.Version)...)
	}
	for i, s := range p.Subscriptions {
		err := finding(topic.ValidateFilter(s.Filter))
		if err == nil {
			err = qos(s.QoS)
		}
		list.add(Subscription(i), err)
	}
	for i, m := range p.Templates {
		err := finding(topic.ValidateName(m.Message.Topic))
		if err == nil {
			err = qos(m.Message.QoS)
		}
		list.add(Template(i), err)
	}
	return list
}

// Host returns what is wrong with the name or address of a broker, nil when
// nothing is.
func Host(host string) *app.Error {
	switch {
	case host == "":
		return wrong("check.host_empty", "check.host_empty.do")
	case strings.Contains(host, "://"):
		return wrong("check.host_scheme", "check.host_scheme.do", "Host", host)
	case !utf8.ValidString(host) || strings.ContainsFunc(host, notInHost):
		return wrong("check.host_space", "check.host_space.do")
	case strings.ContainsAny(host, "/\\?#@"):
		return wrong("check.host_path", "check.host_path.do", "Host", host)
	case strings.ContainsAny(host, "[]"):
		return wrong("check.host_brackets", "check.host_brackets.do", "Host", host)
	case len(host) > maxHost:
		return wrong("check.host_long", "check.host_long.do", "Bytes", len(host), "Max", maxHost)
	}
	if !strings.Contains(host, ":") {
		return nil
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if strings.Count(host, ":") == 1 {
		return wrong("check.host_port", "check.host_port.do", "Host", host)
	}
	return wrong("check.host_ipv6", "check.host_ipv6.do", "Host", host)
}

// notInHost reports whether r is a blank, a line break or invisible: they
// come in by copying and would be looked up as part of the name.
func notInHost(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

// label judges a text that only people read.
func label(s string) *app.Error {
	if !utf8.ValidString(s) {
		return wrong("check.not_utf8", "check.not_utf8.do")
	}
	return nil
}

func color(s string) *app.Error {
	if s == "" || len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdefABCDEF") == "" {
		return nil
	}
	return wrong("check.color", "check.color.do", "Color", s)
}

// Port returns what is wrong with a port number, nil when nothing is.
func Port(n int) *app.Error {
	if n < 1 || n > math.MaxUint16 {
		return wrong("check.port", "check.port.do", "Port", n)
	}
	return nil
}

func version(v app.Version) *app.Error {
	if v != app.V31 && v != app.V311 && v != app.V5 {
		return wrong("check.version", "check.version.do", "Version", int(v))
	}
	return nil
}

// clientID judges the client identifier. An empty one becomes a random one
// for every connection (app.Profile.Options), which suits every version but
// cannot find a session again (MQTT 3.1.1 [MQTT-3.1.3-7]).
func clientID(p app.Profile) *app.Error {
	size := len(p.ClientID)
	switch p.IDMode {
	case app.ClientIDRandom:
		size = 0
	case app.ClientIDSuffix:
		if size > 0 {
			size += app.SuffixLength
		}
	}
	if p.IDMode != app.ClientIDRandom {
		if err := text(p.ClientID); err != nil {
			return err
		}
	}
	switch {
	case !p.Clean && p.IDMode != app.ClientIDFixed:
		return wrong("check.client_id_changes", "check.client_id_changes.do")
	case p.ClientID == "" && !p.Clean:
		return wrong("check.client_id_empty", "check.client_id_empty.do")
	case size > maxText:
		return wrong("check.too_long", "check.too_long.do", "Bytes", size, "Max", maxText)
	case p.Version == app.V31 && size > maxClientID31:
		return wrong("check.client_id_31", "check.client_id_31.do", "Bytes", size, "Max", maxClientID31)
	}
	return nil
}

// user judges the user name. MQTT 3.1.1 has no password without one
// [MQTT-3.1.2-22]; MQTT 5 has.
func user(p app.Profile) *app.Error {
	if err := text(p.User); err != nil {
		return err
	}
	if p.User == "" && p.AskPassword && p.Version != app.V5 {
		return wrong("check.user_missing", "check.user_missing.do")
	}
	return nil
}

// text judges a UTF-8 string of CONNECT: length, encoding, and no NUL
// [MQTT-1.5.4-1] [MQTT-1.5.4-2].
func text(s string) *app.Error {
	switch {
	case len(s) > maxText:
		return wrong("check.too_long", "check.too_long.do", "Bytes", len(s), "Max", maxText)
	case !utf8.ValidString(s):
		return wrong("check.not_utf8", "check.not_utf8.do")
	case strings.ContainsRune(s, 0):
		return wrong("check.nul", "check.nul.do")
	}
	return nil
}

func keepAlive(d time.Duration) *app.Error {
	if d < 0 || d > maxKeepAlive*time.Second || d%time.Second != 0 {
		return wrong("check.keep_alive", "check.keep_alive.do", "Max", maxKeepAlive)
	}
	return nil
}

func qos(q app.QoS) *app.Error {
	if !q.Valid() {
		return wrong("check.qos", "check.qos.do", "QoS", int(q))
	}
	return nil
}

func wrong(what, do string, pairs ...any) *app.Error {
	return &app.Error{What: app.Say(what, pairs...), Do: app.Say(do)}
}

// finding returns err as the *app.Error that it is.
func finding(err error) *app.Error {
	if err == nil {
		return nil
	}
	var known *app.Error
	if errors.As(err, &known) {
		return known
	}
	return &app.Error{What: app.Say("error.unexpected"), Do: app.Say("error.unexpected.do"), Cause: err}
}
