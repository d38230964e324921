package tap

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tidings/app"
)

// Identifiers of the properties a PUBLISH may have (MQTT 5.0 table 2-4).
const (
	propPayloadFormat   = 0x01
	propMessageExpiry   = 0x02
	propContentType     = 0x03
	propResponseTopic   = 0x08
	propCorrelationData = 0x09
	propSubscriptionID  = 0x0B
	propTopicAlias      = 0x23
	propUser            = 0x26
)

// maxProperties bounds the user properties and subscription identifiers of
// one packet. Five bytes on the wire take 32 in memory; a packet of 64 MiB
// would else take 400.
const maxProperties = 100_000

var errShort = malformed(typePublish, "packet ends too early")

// properties reads one property block.
type properties struct {
	b     []byte
	seen  uint64 // identifiers that came already, as bits
	count int
}

// decodeProperties checks block and, when p is not nil, copies it into p.
func decodeProperties(p *app.Properties, block []byte) error {
	d := properties{b: block}
	for len(d.b) > 0 {
		id := d.b[0]
		d.b = d.b[1:]
		if err := d.once(id); err != nil {
			return err
		}
		if err := d.one(id, p); err != nil {
			return err
		}
	}
	return nil
}

// once refuses a second property of a kind that comes once only
// (MQTT 5.0 §3.3.2.3), and too many of the others.
func (d *properties) once(id byte) error {
	if id == propUser || id == propSubscriptionID {
		if d.count++; d.count > maxProperties {
			return malformed(typePublish, "too many properties")
		}
		return nil
	}
	if bit := uint64(1) << (id & 63); d.seen&bit == 0 {
		d.seen |= bit
		return nil
	}
	return malformed(typePublish, fmt.Sprintf("property 0x%02X comes twice (MQTT 5.0 §3.3.2.3)", id))
}

// one reads the value of property id.
func (d *properties) one(id byte, p *app.Properties) error {
	switch id {
	case propPayloadFormat:
		return d.payloadFormat(p)
	case propMessageExpiry:
		return d.messageExpiry(p)
	case propContentType, propResponseTopic:
		return d.text(id, p)
	case propCorrelationData:
		v, err := d.binary()
		if err == nil && p != nil {
			p.CorrelationData = append(make([]byte, 0, len(v)), v...)
		}
		return err
	case propSubscriptionID:
		return d.subscriptionID(p)
	case propUser:
		return d.user(p)
	case propTopicAlias:
		// The client announces no Topic Alias Maximum, so that it is 0.
		return malformed(typePublish, "topic alias above the maximum of 0 [MQTT-3.1.2-26]")
	}
	return malformed(typePublish, fmt.Sprintf("property 0x%02X does not belong to PUBLISH", id))
}

func (d *properties) payloadFormat(p *app.Properties) error {
	if len(d.b) < 1 {
		return errShort
	}
	v := d.b[0]
	d.b = d.b[1:]
	if v > 1 {
		return malformed(typePublish, "payload format indicator above 1 (MQTT 5.0 §3.3.2.3.2)")
	}
	if p != nil {
		p.PayloadIsUTF8 = v == 1
	}
	return nil
}

func (d *properties) messageExpiry(p *app.Properties) error {
	if len(d.b) < 4 {
		return errShort
	}
	v := uint32(d.b[0])<<24 | uint32(d.b[1])<<16 | uint32(d.b[2])<<8 | uint32(d.b[3])
	d.b = d.b[4:]
	if p != nil {
		p.MessageExpiry = &v
	}
	return nil
}

func (d *properties) text(id byte, p *app.Properties) error {
	v, err := d.utf8()
	if err != nil {
		return err
	}
	if id == propContentType {
		if p != nil {
			p.ContentType = string(v)
		}
		return nil
	}
	if strings.ContainsAny(string(v), "#+") {
		return malformed(typePublish, "wildcard in the response topic [MQTT-3.3.2-14]")
	}
	if p != nil {
		p.ResponseTopic = string(v)
	}
	return nil
}

func (d *properties) subscriptionID(p *app.Properties) error {
	v, n, err := uvarint(d.b)
	switch {
	case err != nil:
		return malformed(typePublish, "subscription identifier: "+err.Error())
	case n == 0:
		return errShort
	case v == 0: // §3.3.2.3.8
		return malformed(typePublish, "subscription identifier 0 (MQTT 5.0 §3.3.2.3.8)")
	}
	d.b = d.b[n:]
	if p != nil {
		p.SubscriptionIDs = append(p.SubscriptionIDs, uint32(v))
	}
	return nil
}

func (d *properties) user(p *app.Properties) error {
	name, err := d.utf8()
	if err != nil {
		return err
	}
	value, err := d.utf8()
	if err != nil {
		return err
	}
	if p != nil {
		// One copy for both halves.
		both := string(append(append(make([]byte, 0, len(name)+len(value)), name...), value...))
		p.User = append(p.User, app.UserProperty{Name: both[:len(name)], Value: both[len(name):]})
	}
	return nil
}

// binary reads Binary Data (MQTT 5.0 §1.5.6).
func (d *properties) binary() ([]byte, error) {
	if len(d.b) < 2 {
		return nil, errShort
	}
	n := int(d.b[0])<<8 | int(d.b[1])
	if len(d.b)-2 < n {
		return nil, errShort
	}
	v := d.b[2 : 2+n]
	d.b = d.b[2+n:]
	return v, nil
}

// utf8 reads a UTF-8 Encoded String (MQTT 5.0 §1.5.4).
func (d *properties) utf8() ([]byte, error) {
	v, err := d.binary()
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(v) {
		return nil, malformed(typePublish, "property is not UTF-8 [MQTT-1.5.4-1]")
	}
	for _, c := range v {
		if c == 0 {
			return nil, malformed(typePublish, "NUL in a property [MQTT-1.5.4-2]")
		}
	}
	return v, nil
}
