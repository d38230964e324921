package explorer

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/internal/jsonobj"
)

const connectionsKey = "ConnectionManager_connections"

var errNoConnections = errors.New("no " + connectionsKey)

// Read returns what a settings.json holds. It never fails: what is wrong
// stands in the preview. What it returns once ctx has ended is of no use.
func Read(ctx context.Context, data []byte) moving.Preview {
	p := moving.Preview{Format: moving.FormatExplorer}
	if len(data) > draft.MaxFile {
		p.Problems = append(p.Problems, draft.TooLarge(draft.MaxFile))
		return p
	}
	root, err := jsonobj.Parse(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if err != nil {
		p.Problems = append(p.Problems, draft.Unreadable(err))
		return p
	}
	list, ok := root.Object(connectionsKey)
	if !ok {
		p.Problems = append(p.Problems, draft.Unreadable(errNoConnections))
		return p
	}
	charts, _ := root.Object("connection_view_state")
	for i, id := range list.Keys() {
		if i == draft.MaxItems {
			p.Problems = append(p.Problems, draft.TooMany())
			break
		}
		if ctx.Err() != nil {
			break
		}
		c, ok := list.Object(id)
		if !ok {
			continue
		}
		d := connection(ctx, c)
		if state, ok := charts.Object(id); ok {
			count := 0
			state.Each(ctx, "charts", draft.MaxList, func(json.RawMessage) { count++ })
			if count > 0 {
				d.Note("charts", "moving.why.charts", "N", count)
			}
		}
		p.Items = append(p.Items, d.Done())
	}
	if len(p.Items) == 0 && len(p.Problems) == 0 {
		p.Problems = append(p.Problems, draft.Nothing())
	}
	return p
}

func connection(ctx context.Context, c jsonobj.Object) *draft.Draft {
	d := draft.New()
	c.Known("id", "configVersion", "type")
	d.Name(c.String("name"))
	d.Host("host", c.String("host"))
	d.Number(c, "port", d.Port)
	d.P().TLS = c.Bool("encryption", false)
	c.Known("basePath")
	switch protocol := strings.TrimSuffix(c.String("protocol"), "://"); protocol {
	case "ws":
		d.P().Link.Transport = app.TransportWS
		d.P().Link.Path = d.Text("basePath", c.String("basePath"))
	case "mqtt", "":
	default:
		d.Bad("protocol")
	}
	d.P().User = d.Text("username", c.String("username"))
	d.Secret("password", app.SecretPassword, c.String("password"))
	if id := d.Text("clientId", c.String("clientId")); ownID.MatchString(id) {
		d.Note("clientId", "moving.why.client_id_dropped")
	} else {
		d.P().ClientID = id
	}
	subscriptions(ctx, d, c)
	security(d, c)
	for _, key := range c.Rest() {
		d.NoPlace(key)
	}
	return d
}

// ownID is a client identifier that MQTT Explorer made. It would use it
// again, and two clients with one identifier evict each other
// [MQTT-3.1.4-2].
var ownID = regexp.MustCompile(`^mqtt-explorer-[0-9a-fA-F]{8}$`)

// subscriptions reads a list of {topic, qos}, or, in version 0, of texts.
func subscriptions(ctx context.Context, d *draft.Draft, c jsonobj.Object) {
	if more := c.Each(ctx, "subscriptions", draft.MaxList, func(raw json.RawMessage) {
		var s app.Subscription
		if json.Unmarshal(raw, &s.Filter) != nil {
			o, err := jsonobj.Parse(raw)
			if err != nil {
				d.LeftOut("subscriptions")
				return
			}
			s.Filter = o.String("topic")
			if n, ok := o.Number("qos"); ok {
				s.QoS = d.QoS("subscriptions.qos", n)
			}
		}
		d.Subscribe("subscriptions", s)
	}); more {
		d.Note("subscriptions", "moving.why.too_many", "Max", draft.MaxList)
	}
}

func security(d *draft.Draft, c jsonobj.Object) {
	s := &d.P().Security
	if data := file(d, c, "selfSignedCertificate"); data != nil {
		s.CA = d.Certificates("selfSignedCertificate", data)
	}
	if data := file(d, c, "clientCertificate"); data != nil {
		s.Certificate = d.Certificates("clientCertificate", data)
	}
	if data := file(d, c, "clientKey"); data != nil {
		d.PrivateKey("clientKey", data)
	}
	if !c.Bool("certValidation", true) && d.P().TLS {
		d.Unverified()
	}
}

// file returns the content of {name, data: Base64}, nil when there is none.
func file(d *draft.Draft, c jsonobj.Object, key string) []byte {
	o, ok := c.Object(key)
	if !ok {
		return nil
	}
	text := o.String("data")
	if text == "" {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		d.LeftOut(key)
		return nil
	}
	return data
}
