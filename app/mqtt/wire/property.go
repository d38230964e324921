package wire

import (
	"bytes"
	"slices"
	"strings"

	"tidings/app"
)

// PropertyID is the identifier of an MQTT 5 property (MQTT 5.0 §2.2.2.2).
type PropertyID byte

// The properties.
const (
	PayloadFormat           PropertyID = 0x01
	MessageExpiry           PropertyID = 0x02
	ContentType             PropertyID = 0x03
	ResponseTopic           PropertyID = 0x08
	CorrelationData         PropertyID = 0x09
	SubscriptionID          PropertyID = 0x0B
	SessionExpiry           PropertyID = 0x11
	AssignedClientID        PropertyID = 0x12
	ServerKeepAlive         PropertyID = 0x13
	AuthMethod              PropertyID = 0x15
	AuthData                PropertyID = 0x16
	RequestProblemInfo      PropertyID = 0x17
	WillDelay               PropertyID = 0x18
	RequestResponseInfo     PropertyID = 0x19
	ResponseInfo            PropertyID = 0x1A
	ServerReference         PropertyID = 0x1C
	ReasonString            PropertyID = 0x1F
	ReceiveMaximum          PropertyID = 0x21
	TopicAliasMaximum       PropertyID = 0x22
	TopicAlias              PropertyID = 0x23
	MaximumQoS              PropertyID = 0x24
	RetainAvailable         PropertyID = 0x25
	UserProperty            PropertyID = 0x26
	MaximumPacketSize       PropertyID = 0x27
	WildcardAvailable       PropertyID = 0x28
	SubscriptionIDAvailable PropertyID = 0x29
	SharedAvailable         PropertyID = 0x2A
)

// PropertySet says which properties are there: bit n is the property with
// identifier n.
type PropertySet uint64

// Has reports whether id is in the set.
func (s PropertySet) Has(id PropertyID) bool { return s>>id&1 != 0 }

// Properties are the properties of a packet or of a will (MQTT 5.0 §2.2.2).
// A field counts when Set has it; Append writes those that Set has, in the
// order of their identifiers. The zero value is "none".
type Properties struct {
	Set PropertySet

	PayloadFormat           byte // 1: the payload is UTF-8
	RequestProblemInfo      byte
	RequestResponseInfo     byte
	MaximumQoS              byte
	RetainAvailable         byte
	WildcardAvailable       byte
	SubscriptionIDAvailable byte
	SharedAvailable         byte

	ServerKeepAlive   uint16 // seconds
	ReceiveMaximum    uint16
	TopicAliasMaximum uint16
	TopicAlias        uint16

	MessageExpiry     uint32 // seconds
	SessionExpiry     uint32 // seconds
	WillDelay         uint32 // seconds
	MaximumPacketSize uint32 // bytes

	ContentType      string
	ResponseTopic    string
	AssignedClientID string
	AuthMethod       string
	ResponseInfo     string
	ServerReference  string
	ReasonString     string

	CorrelationData []byte
	AuthData        app.Secret

	SubscriptionIDs []uint32
	User            []app.UserProperty
}

// Has reports whether the property is there.
func (p *Properties) Has(id PropertyID) bool { return p.Set.Has(id) }

// Add marks properties as there. Their values are the fields.
func (p *Properties) Add(ids ...PropertyID) {
	for _, id := range ids {
		p.Set |= 1 << id
	}
}

// Remove takes properties away.
func (p *Properties) Remove(ids ...PropertyID) {
	for _, id := range ids {
		p.Set &^= 1 << id
	}
}

// Clone returns a copy that shares no memory with p, and so none with the
// frame p was decoded from.
func (p *Properties) Clone() Properties {
	c := *p
	for _, id := range []PropertyID{ContentType, ResponseTopic, AssignedClientID, AuthMethod, ResponseInfo, ServerReference, ReasonString} {
		*c.text(id) = strings.Clone(*c.text(id))
	}
	c.CorrelationData = bytes.Clone(p.CorrelationData)
	c.AuthData = app.Secret(strings.Clone(p.AuthData.Reveal()))
	c.SubscriptionIDs = slices.Clone(p.SubscriptionIDs)
	c.User = make([]app.UserProperty, len(p.User))
	for i, u := range p.User {
		c.User[i] = app.UserProperty{Name: strings.Clone(u.Name), Value: strings.Clone(u.Value)}
	}
	if len(c.User) == 0 {
		c.User = nil
	}
	return c
}

// keptEntries is how long a list may be whose memory is kept for the next
// packet.
const keptEntries = 64

// reset empties p and keeps the memory of its lists, unless it is much.
func (p *Properties) reset() {
	if p.Set == 0 {
		return
	}
	ids, user := p.SubscriptionIDs[:0], p.User[:0]
	if cap(ids) > keptEntries {
		ids = nil
	}
	if cap(user) > keptEntries {
		user = nil
	}
	*p = Properties{SubscriptionIDs: ids, User: user}
}

// small returns where a property of one byte is kept.
func (p *Properties) small(id PropertyID) *byte {
	switch id {
	case PayloadFormat:
		return &p.PayloadFormat
	case RequestProblemInfo:
		return &p.RequestProblemInfo
	case RequestResponseInfo:
		return &p.RequestResponseInfo
	case MaximumQoS:
		return &p.MaximumQoS
	case RetainAvailable:
		return &p.RetainAvailable
	case WildcardAvailable:
		return &p.WildcardAvailable
	case SubscriptionIDAvailable:
		return &p.SubscriptionIDAvailable
	}
	return &p.SharedAvailable
}

// short returns where a property of two bytes is kept.
func (p *Properties) short(id PropertyID) *uint16 {
	switch id {
	case ServerKeepAlive:
		return &p.ServerKeepAlive
	case ReceiveMaximum:
		return &p.ReceiveMaximum
	case TopicAliasMaximum:
		return &p.TopicAliasMaximum
	}
	return &p.TopicAlias
}

// long returns where a property of four bytes is kept.
func (p *Properties) long(id PropertyID) *uint32 {
	switch id {
	case MessageExpiry:
		return &p.MessageExpiry
	case SessionExpiry:
		return &p.SessionExpiry
	case WillDelay:
		return &p.WillDelay
	}
	return &p.MaximumPacketSize
}

// text returns where a string property is kept.
func (p *Properties) text(id PropertyID) *string {
	switch id {
	case ContentType:
		return &p.ContentType
	case ResponseTopic:
		return &p.ResponseTopic
	case AssignedClientID:
		return &p.AssignedClientID
	case AuthMethod:
		return &p.AuthMethod
	case ResponseInfo:
		return &p.ResponseInfo
	case ServerReference:
		return &p.ServerReference
	}
	return &p.ReasonString
}
