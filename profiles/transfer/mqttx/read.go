package mqttx

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/internal/jsonobj"
)

// Read returns what an export of MQTTX holds. It never fails: what is wrong
// stands in the preview. What it returns once ctx has ended is of no use.
func Read(ctx context.Context, data []byte) moving.Preview {
	p := moving.Preview{Format: moving.FormatMQTTX}
	if len(data) > draft.MaxFile {
		p.Problems = append(p.Problems, draft.TooLarge(draft.MaxFile))
		return p
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if len(data) > 0 && data[0] != '[' && data[0] != '{' {
		text, problem := fromYAML(data)
		if problem != nil {
			p.Problems = append(p.Problems, problem)
			return p
		}
		data = text
	}
	if len(data) > 0 && data[0] == '{' { // MQTTX itself takes one bare object
		data = append(append([]byte{'['}, data...), ']')
	}
	more, err := jsonobj.Each(ctx, data, draft.MaxItems, func(raw json.RawMessage) {
		c, err := jsonobj.Parse(raw)
		if err != nil {
			p.Problems = append(p.Problems, draft.Unreadable(err))
			return
		}
		p.Items = append(p.Items, connection(ctx, c))
	})
	switch {
	case err != nil:
		p.Problems = append(p.Problems, draft.Unreadable(err))
	case more:
		p.Problems = append(p.Problems, draft.TooMany())
	case len(p.Items) == 0 && len(p.Problems) == 0:
		p.Problems = append(p.Problems, draft.Nothing())
	}
	return p
}

func connection(ctx context.Context, c jsonobj.Object) moving.Item {
	d := draft.New()
	c.Known("id", "isCollection", "orderId", "unreadMessageCount", "createAt", "updateAt", "pushProps")
	d.Name(c.String("name"))
	address(d, c)
	d.P().ClientID = d.Text("clientId", c.String("clientId"))
	if c.Bool("clientIdWithTime", false) {
		d.P().IDMode = app.ClientIDSuffix
	}
	d.P().User = d.Text("username", c.String("username"))
	d.Secret("password", app.SecretPassword, c.String("password"))
	d.P().Clean = c.Bool("clean", true)
	d.Number(c, "keepalive", d.KeepAlive)
	d.Number(c, "connectTimeout", d.Timeout)
	version(d, c)
	security(d, c)
	if props, ok := c.Object("properties"); ok {
		session(d, props)
	}
	if w, ok := c.Object("will"); ok {
		will(ctx, d, w)
	}
	subscriptions(ctx, d, c)
	leftBehind(ctx, d, c)
	return d.Done()
}

func address(d *draft.Draft, c jsonobj.Object) {
	d.Host("host", c.String("host"))
	d.Number(c, "port", d.Port)
	protocol := strings.ToLower(strings.TrimSuffix(c.String("protocol"), "://"))
	path := c.String("path")
	switch protocol {
	case "ws", "wss":
		d.P().Link.Transport = app.TransportWS
		d.P().Link.Path = d.Text("path", path)
		d.P().TLS = protocol == "wss"
	case "mqtt", "mqtts":
		d.P().TLS = protocol == "mqtts"
	default: // old files have no protocol
		if protocol != "" {
			d.Bad("protocol")
		}
		d.P().TLS = c.Bool("ssl", false)
	}
}

func version(d *draft.Draft, c jsonobj.Object) {
	switch v := c.String("mqttVersion"); v {
	case "5.0", "5":
		d.P().Version = app.V5
	case "3.1":
		d.P().Version = app.V31
	case "3.1.1", "4", "":
	default:
		d.Bad("mqttVersion")
	}
	// MQTTX derives the one from the other.
	if c.Has("protocolVersion") && c.String("protocolVersion") != strconv.Itoa(int(d.P().Version)) {
		d.NoPlace("protocolVersion")
	}
}

func security(d *draft.Draft, c jsonobj.Object) {
	c.Known("ssl", "certType", "ca", "cert", "key", "ALPNProtocols")
	if !c.Bool("rejectUnauthorized", true) && d.P().TLS {
		d.Unverified()
	}
	if !d.P().TLS {
		return
	}
	s := &d.P().Security
	// Certificates of "CA signed server" are kept in the file, and not used.
	if c.String("certType") == "self" {
		s.CA = d.CertFile("ca", c.String("ca"))
		s.Certificate = d.CertFile("cert", c.String("cert"))
		s.Key = d.CertFile("key", c.String("key"))
	}
	list := strings.Trim(strings.TrimSpace(c.String("ALPNProtocols")), "[]")
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.Trim(strings.TrimSpace(name), `"'`); name != "" && len(name) < 256 && len(s.ALPN) < 32 {
			s.ALPN = append(s.ALPN, d.Text("ALPNProtocols", name))
		}
	}
}

func subscriptions(ctx context.Context, d *draft.Draft, c jsonobj.Object) {
	if more := c.Each(ctx, "subscriptions", draft.MaxList, func(raw json.RawMessage) {
		s, err := jsonobj.Parse(raw)
		if err != nil {
			d.LeftOut("subscriptions")
			return
		}
		sub := app.Subscription{Filter: s.String("topic"), NoLocal: s.Bool("nl", false), RetainAsPublished: s.Bool("rap", false)}
		if n, ok := s.Number("qos"); ok {
			sub.QoS = d.QoS("subscriptions.qos", n)
		}
		if n, ok := s.Number("rh"); ok && n >= 0 && n <= 2 {
			sub.RetainHandling = byte(n)
		}
		if s.Bool("disabled", false) {
			d.Note("subscriptions.disabled", "moving.why.disabled", "Filter", sub.Filter)
			return
		}
		for _, key := range []string{"alias", "subscriptionIdentifier", "userProperties"} {
			if s.Has(key) {
				d.NoPlace("subscriptions." + key)
			}
		}
		d.Subscribe("subscriptions", sub)
	}); more {
		d.Note("subscriptions", "moving.why.too_many", "Max", draft.MaxList)
	}
}

// leftBehind notes what has no place here.
func leftBehind(ctx context.Context, d *draft.Draft, c jsonobj.Object) {
	messages := 0
	c.Each(ctx, "messages", draft.MaxFile, func(json.RawMessage) { messages++ })
	if messages > 0 {
		d.Note("messages", "moving.why.messages", "N", messages)
	}
	if c.Has("parentId") {
		d.Note("parentId", "moving.why.group_missing")
	}
	c.Known("reconnectPeriod")
	if !c.Bool("reconnect", true) {
		d.Note("reconnect", "moving.why.reconnects")
	}
	for _, key := range c.Rest() {
		d.NoPlace(key)
	}
}
