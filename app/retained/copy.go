package retained

import (
	"bytes"
	"slices"
	"strings"

	"tidings/app"
)

// copyOf returns a copy of m that shares no memory with it, under the topic
// given.
func copyOf(m *app.Message, topic string) app.Message {
	c := *m
	c.Topic = topic
	c.Payload = bytes.Clone(m.Payload)
	c.Properties = copyProps(m.Properties)
	return c
}

func copyProps(p *app.Properties) *app.Properties {
	if p == nil {
		return nil
	}
	c := *p
	c.ContentType = strings.Clone(p.ContentType)
	c.ResponseTopic = strings.Clone(p.ResponseTopic)
	c.CorrelationData = bytes.Clone(p.CorrelationData)
	c.SubscriptionIDs = slices.Clone(p.SubscriptionIDs)
	if p.MessageExpiry != nil {
		expiry := *p.MessageExpiry
		c.MessageExpiry = &expiry
	}
	c.User = slices.Clone(p.User)
	for i, u := range c.User {
		c.User[i] = app.UserProperty{Name: strings.Clone(u.Name), Value: strings.Clone(u.Value)}
	}
	return &c
}
