package mqttspy

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/internal/xmlfile"
	"tidings/profiles/transfer/internal/xmltree"
)

// Read returns what a mqtt-spy-configuration.xml holds. It never fails: what
// is wrong stands in the preview. What it returns once ctx has ended is of no
// use.
func Read(ctx context.Context, data []byte) moving.Preview {
	return xmlfile.File{
		Format: moving.FormatMQTTSpy,
		Root:   "MqttSpyConfiguration",
		// A connection of the second version of the file has a group and settings
		// of its own around the same elements.
		Connections: func(root *xmltree.Node) []*xmltree.Node {
			c := root.Child("Connectivity")
			return slices.Concat(c.All("Connection"), c.All("ConnectionV2"))
		},
		Item: connection,
	}.Read(ctx, data)
}

func connection(c *xmltree.Node) moving.Item {
	d := draft.New()
	d.Name(c.Child("Name").Text())
	addresses(d, c)
	if c.Child("Protocol").Text() == "MQTT 3.1" {
		d.P().Version = app.V31
	}
	if xmltree.Bool(c.Child("WebSocket").Text(), false) {
		d.P().Link.Transport = app.TransportWS
	}
	d.P().ClientID = d.Text("ClientID", c.Child("ClientID").Text())
	credentials(d, c)
	d.P().Clean = xmltree.Bool(c.Child("CleanSession").Text(), true)
	d.Number(c, "ConnectionTimeout", d.Timeout)
	d.Number(c, "KeepAliveInterval", d.KeepAlive)
	if w := c.Child("LastWillAndTestament"); w != nil {
		d.Will(w.Name, app.Will{
			Topic: w.Attr("topic"), Payload: []byte(w.Content()), QoS: qos(d, w.Name, w.Attr("qos")),
			Retain: xmltree.Bool(w.Attr("retained"), false),
		})
	}
	security(d, c.Child("SSL"))
	for _, t := range c.All("Publication") {
		if topic := t.Attr("topic"); topic != "" {
			d.Template(t.Name, "", app.Publish{Topic: topic})
		}
	}
	for _, s := range c.All("Subscription") {
		d.Subscribe(s.Name, app.Subscription{Filter: s.Attr("topic"), QoS: qos(d, s.Name, s.Attr("qos"))})
		if s.Attr("scriptFile") != "" {
			d.NoPlace("scriptFile")
		}
	}
	rest(d, c)
	return d.Done()
}

func rest(d *draft.Draft, c *xmltree.Node) {
	known := []string{
		"Name", "ID", "Protocol", "ServerURI", "WebSocket", "ClientID", "UserCredentials", "UserAuthentication", "LastWillAndTestament",
		"CleanSession", "ConnectionTimeout", "KeepAliveInterval", "SSL", "Publication", "Subscription", "ReconnectionSettings",
	}
	for _, n := range c.Children {
		if !slices.Contains(known, n.Name) {
			d.NoPlace(n.Name)
		}
	}
}

// addresses takes the first address, and asks when there are more. They stand
// there as URLs, or as host and port.
func addresses(d *draft.Draft, c *xmltree.Node) {
	var all []moving.Address
	tls := c.Child("SSL") != nil && c.Child("SSL").Child("Mode").Text() != "DISABLED"
	usual := 1883
	if tls {
		usual = 8883
	}
	for i, uri := range c.All("ServerURI") {
		if i == draft.MaxList {
			break
		}
		text := uri.Text()
		other := draft.New()
		if strings.Contains(text, "://") {
			if _, err := other.URL(uri.Name, text); err != nil {
				d.LeftOut(uri.Name)
				continue
			}
			if other.HasSecret(app.SecretPassword) || other.P().Link.Transport == app.TransportUnix {
				d.Bad(uri.Name)
			}
		} else {
			host, port, ok := draft.HostPort(text, usual)
			if !ok {
				d.LeftOut(uri.Name)
				continue
			}
			other.P().Host, other.P().Port = host, port
		}
		if p := other.P(); len(all) == 0 {
			d.P().Host, d.P().Port, d.P().TLS = p.Host, p.Port, p.TLS || tls
			d.P().Link.Transport, d.P().Link.Path = p.Link.Transport, p.Link.Path
		}
		all = append(all, moving.Address{Host: other.P().Host, Port: other.P().Port})
	}
	d.AskAddress(all)
}

// credentials reads user and password. mqtt-spy keeps the password as Base64.
func credentials(d *draft.Draft, c *xmltree.Node) {
	user := c.Child("UserCredentials")
	d.P().User = d.Text("Username", user.Child("Username").Text())
	auth := c.Child("UserAuthentication")
	d.P().AskPassword = xmltree.Bool(auth.Child("AskForPassword").Text(), false)
	text := user.Child("Password").Text()
	if text == "" {
		return
	}
	if plain, err := base64.StdEncoding.DecodeString(text); err == nil && utf8.Valid(plain) {
		text = string(plain)
	} else {
		d.Note("Password", "moving.why.password_odd")
	}
	d.Secret("Password", app.SecretPassword, text)
}

func security(d *draft.Draft, s *xmltree.Node) {
	if mode := s.Child("Mode").Text(); s == nil || mode == "DISABLED" {
		return
	}
	d.P().TLS = true
	o := &d.P().Security
	o.CA = d.CertFile("CertificateAuthorityFile", s.Child("CertificateAuthorityFile").Text())
	o.Certificate = d.CertFile("ClientCertificateFile", s.Child("ClientCertificateFile").Text())
	o.Key = d.CertFile("ClientKeyFile", s.Child("ClientKeyFile").Text())
	if text := s.Child("ClientKeyPassword").Text(); text != "" {
		if plain, err := base64.StdEncoding.DecodeString(text); err == nil && utf8.Valid(plain) {
			text = string(plain)
		}
		d.Secret("ClientKeyPassword", app.SecretKeyPassphrase, text)
	}
	for _, name := range []string{"ServerKeyStoreFile", "ClientKeyStoreFile"} {
		if s.Child(name).Text() != "" {
			d.Note(name, "moving.why.keystore")
		}
	}
	if len(s.All("Property")) > 0 {
		d.NoPlace("SSL.Property")
	}
}

func qos(d *draft.Draft, field, text string) app.QoS {
	if text == "" {
		return 0
	}
	if len(text) != 1 {
		d.Bad(field)
		return 0
	}
	return d.QoS(field, int64(text[0])-'0')
}
