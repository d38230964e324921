package mqttfx

import (
	"context"
	"slices"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/internal/xmlfile"
	"tidings/profiles/transfer/internal/xmltree"
)

// Read returns what a mqttfx-config.xml holds. It never fails: what is wrong
// stands in the preview. What it returns once ctx has ended is of no use.
func Read(ctx context.Context, data []byte) moving.Preview {
	return xmlfile.File{
		Format: moving.FormatMQTTfx,
		Root:   "configuration",
		Connections: func(root *xmltree.Node) []*xmltree.Node {
			return root.Child("connectionProfiles").All("connectionProfile")
		},
		Item: connection,
	}.Read(ctx, data)
}

func connection(c *xmltree.Node) moving.Item {
	d := draft.New()
	d.Name(c.Child("profileName").Text())
	d.Host("brokerAddress", c.Child("brokerAddress").Text())
	d.Number(c, "brokerPort", d.Port)
	o := c.Child("connectionOptions")
	d.P().ClientID = d.Text("clientId", o.Child("clientId").Text())
	d.P().User = d.Text("userName", o.Child("userName").Text())
	d.Secret("password", app.SecretPassword, o.Child("password").Content())
	d.Number(o, "connectionTimeout", d.Timeout)
	d.Number(o, "keepAliveInterval", d.KeepAlive)
	version(d, o.Child("mqttVersion"))
	s := &d.P().Security
	s.CA = d.CertFile("caFile", o.Child("caFile").Text())
	s.Certificate = d.CertFile("clientCertificateFile", o.Child("clientCertificateFile").Text())
	s.Key = d.CertFile("clientKeyFile", o.Child("clientKeyFile").Text())
	askTLS(d)
	messages(d, c)
	rest(d, c, "profileName", "brokerAddress", "brokerPort", "connectionOptions", "preDefinedMessages",
		"recentPublishTopics", "recentSubscriptionTopics")
	rest(d, o, "clientId", "userName", "password", "connectionTimeout", "keepAliveInterval", "mqttVersion",
		"caFile", "clientCertificateFile", "clientKeyFile")
	return d.Done()
}

// version reads the protocol level. The values in use are not known for sure:
// what is none of the likely ones is asked.
func version(d *draft.Draft, n *xmltree.Node) {
	switch n.Text() {
	case "3.1.1", "4":
		return
	case "3.1", "3":
		d.P().Version = app.V31
		return
	case "5", "5.0":
		d.P().Version = app.V5
		return
	}
	v3, v5 := app.V311, app.V5
	d.Questions = append(d.Questions, moving.Question{Ask: app.Say("moving.ask.version"), Answers: []moving.Answer{
		{Text: app.Say("moving.ask.version.is", "Version", v3.String()), Version: &v3},
		{Text: app.Say("moving.ask.version.is", "Version", v5.String()), Version: &v5},
	}})
}

// askTLS asks whether TLS is used: no one outside knows where MQTT.fx keeps
// that. Certificates or the usual port suggest that it is.
func askTLS(d *draft.Draft) {
	p := d.P()
	p.TLS = p.Port == 8883 || !p.Security.CA.IsZero() || !p.Security.Certificate.IsZero()
	yes, no := true, false
	q := moving.Question{Ask: app.Say("moving.ask.tls"), Answers: []moving.Answer{
		{Text: app.Say("moving.ask.tls.off"), TLS: &no},
		{Text: app.Say("moving.ask.tls.on"), TLS: &yes},
	}}
	if p.TLS {
		q.Chosen = 1
	}
	d.Questions = append(d.Questions, q)
}

func messages(d *draft.Draft, c *xmltree.Node) {
	used := map[string]bool{}
	for _, m := range c.Child("preDefinedMessages").All("message") {
		topic := m.At("topic", "name").Text()
		var qos app.QoS
		d.Number(m, "qos", func(field string, n int64) { qos = d.QoS(field, n) })
		used[topic] = true
		d.Template("preDefinedMessages", m.Child("name").Text(), app.Publish{
			Topic: topic, Payload: []byte(m.Child("payload").Content()), QoS: qos,
			Retain: xmltree.Bool(m.Child("retained").Text(), false),
		})
	}
	for _, t := range c.Child("recentPublishTopics").All("topic") {
		topic := t.Text()
		if topic == "" || used[topic] {
			continue
		}
		used[topic] = true
		d.Template("recentPublishTopics", "", app.Publish{Topic: topic})
	}
	for _, t := range c.Child("recentSubscriptionTopics").All("topic") {
		filter := t.Child("name").Text()
		if filter == "" {
			filter = t.Text()
		}
		d.Subscribe("recentSubscriptionTopics", app.Subscription{Filter: filter})
	}
}

// rest notes the elements that nobody knows.
func rest(d *draft.Draft, n *xmltree.Node, known ...string) {
	if n == nil {
		return
	}
	for _, c := range n.Children {
		if !slices.Contains(known, c.Name) && (c.Text() != "" || len(c.Children) > 0) {
			d.Note(c.Name, "moving.why.not_known")
		}
	}
}
