package tap

import (
	"bytes"
	"fmt"
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

// reasonTopicAlias is Topic Alias invalid (MQTT 5.0 table 2-6).
const reasonTopicAlias app.ReasonCode = 0x94

// maxProperties bounds the user properties and subscription identifiers of
// one packet: five bytes on the wire take 32 in memory, and a packet of 64 MiB
// would take 400.
const maxProperties = 100_000

var errShort = malformed(typePublish, "packet ends too early")

// decodeProperties checks the property block of a PUBLISH and, when p is not
// nil, copies it into p. It returns the topic alias, 0 without one, of which
// those up to maxAlias are allowed.
func decodeProperties(p *app.Properties, block []byte, maxAlias uint16) (alias uint16, err error) {
	d := properties{reader: reader{b: block}, p: p, maxAlias: maxAlias}
	if p == nil {
		d.p, d.dry = new(app.Properties), true
	}
	err = d.all()
	return d.alias, err
}

// properties reads one property block into p.
type properties struct {
	reader
	p     *app.Properties
	dry   bool   // check only
	seen  uint64 // identifiers that came already, as bits
	count int    // of those that may come again

	alias, maxAlias uint16
}

func (d *properties) all() error {
	for len(d.b) > 0 {
		id := d.byte()
		if err := d.once(id); err != nil {
			return err
		}
		why := d.value(id)
		switch {
		case d.short:
			return errShort
		case id == propTopicAlias && (d.alias == 0 || d.alias > d.maxAlias):
			return &MalformedError{
				Packet: typePublish, Reason: reasonTopicAlias,
				Why: fmt.Sprintf("topic alias %d, of at most %d [MQTT-3.1.2-26] [MQTT-3.3.2-8]", d.alias, d.maxAlias),
			}
		case why != "":
			return malformed(typePublish, why)
		}
	}
	return nil
}

// once refuses what no PUBLISH may hold, a second property of a kind that
// comes once only (MQTT 5.0 §3.3.2.3), and too many of the others.
func (d *properties) once(id byte) error {
	switch id {
	case propUser, propSubscriptionID:
		if d.count++; d.count > maxProperties {
			return protocolError(typePublish, "too many properties")
		}
		return nil
	case propPayloadFormat, propMessageExpiry, propContentType, propResponseTopic, propCorrelationData, propTopicAlias:
		bit := uint64(1) << id
		if d.seen&bit != 0 {
			return protocolError(typePublish, fmt.Sprintf("property 0x%02X comes twice (MQTT 5.0 §3.3.2.3)", id))
		}
		d.seen |= bit
		return nil
	}
	return malformed(typePublish, fmt.Sprintf("property 0x%02X does not belong to PUBLISH (MQTT 5.0 §2.2.2.2)", id))
}

// value reads the value of a property and says what is wrong with it.
func (d *properties) value(id byte) (why string) {
	switch id {
	case propPayloadFormat:
		v := d.byte()
		if v > 1 {
			return "payload format indicator above 1 (MQTT 5.0 §3.3.2.3.2)"
		}
		d.p.PayloadIsUTF8 = v == 1
	case propMessageExpiry:
		v := d.uint32()
		if !d.dry {
			d.p.MessageExpiry = &v
		}
	case propContentType:
		d.p.ContentType, why = d.text()
	case propResponseTopic:
		if bytes.ContainsAny(d.peek(), "#+") {
			return "wildcard in the response topic [MQTT-3.3.2-14]"
		}
		d.p.ResponseTopic, why = d.text()
	case propCorrelationData:
		v := d.prefixed()
		if !d.dry {
			d.p.CorrelationData = append(make([]byte, 0, len(v)), v...)
		}
	case propSubscriptionID:
		v := d.varint()
		if v == 0 {
			return "subscription identifier 0 (MQTT 5.0 §3.3.2.3.8)"
		}
		if !d.dry {
			d.p.SubscriptionIDs = append(d.p.SubscriptionIDs, uint32(v))
		}
	case propTopicAlias:
		d.alias = d.uint16()
	case propUser:
		return d.user()
	}
	return why
}

// user reads a UTF-8 String Pair (MQTT 5.0 §1.5.7).
func (d *properties) user() (why string) {
	var u app.UserProperty
	if u.Name, why = d.text(); why != "" {
		return why
	}
	if u.Value, why = d.text(); why == "" && !d.dry && !d.short {
		d.p.User = append(d.p.User, u)
	}
	return why
}

// peek returns the prefixed field that comes next without taking it.
func (d *properties) peek() []byte {
	ahead := d.reader
	return ahead.prefixed()
}

// text reads a UTF-8 Encoded String (MQTT 5.0 §1.5.4). A dry run gets none.
func (d *properties) text() (s, why string) {
	v := d.prefixed()
	switch {
	case !utf8.Valid(v):
		return "", "property is not UTF-8 [MQTT-1.5.4-1]"
	case bytes.IndexByte(v, 0) >= 0:
		return "", "NUL in a property [MQTT-1.5.4-2]"
	case d.dry:
		return "", ""
	}
	return string(v), ""
}
