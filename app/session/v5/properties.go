package v5

import (
	"bytes"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"tidings/app"
)

// toPaho translates the properties of a message to send; nil stays nil.
func toPaho(p *app.Properties) *paho.PublishProperties {
	if p == nil {
		return nil
	}
	q := &paho.PublishProperties{
		CorrelationData: p.CorrelationData, ContentType: p.ContentType,
		ResponseTopic: p.ResponseTopic, MessageExpiry: p.MessageExpiry,
	}
	if p.PayloadIsUTF8 {
		q.PayloadFormat = new(byte(1))
	}
	q.User = toPahoUser(p.User)
	return q
}

func toPahoUser(list []app.UserProperty) (out paho.UserProperties) {
	for _, u := range list {
		out = append(out, paho.UserProperty{Key: u.Name, Value: u.Value})
	}
	return out
}

// fromPaho translates a received message. It shares the payload.
func fromPaho(p *paho.Publish) app.Message {
	return app.Message{
		Topic: p.Topic, Payload: p.Payload, QoS: app.QoS(p.QoS), Retained: p.Retain,
		Dup: p.Duplicate(), ID: p.PacketID, Received: time.Now(), Properties: properties(p.Properties),
	}
}

// properties returns nil when the packet had none.
func properties(p *paho.PublishProperties) *app.Properties {
	if p == nil || p.PayloadFormat == nil && p.MessageExpiry == nil && p.ContentType == "" && p.ResponseTopic == "" &&
		p.CorrelationData == nil && p.SubscriptionIdentifier == nil && len(p.User) == 0 {
		return nil
	}
	q := &app.Properties{
		PayloadIsUTF8: p.PayloadFormat != nil && *p.PayloadFormat == 1,
		MessageExpiry: p.MessageExpiry, ContentType: p.ContentType, ResponseTopic: p.ResponseTopic,
		CorrelationData: bytes.Clone(p.CorrelationData),
	}
	if p.SubscriptionIdentifier != nil {
		q.SubscriptionIDs = []uint32{uint32(*p.SubscriptionIdentifier)}
	}
	for _, u := range p.User {
		q.User = append(q.User, app.UserProperty{Name: u.Key, Value: u.Value})
	}
	return q
}
