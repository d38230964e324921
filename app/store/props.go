package store

import (
	"encoding/binary"

	"tidings/app"
)

// Properties are written as one byte of flags, the expiry if flagged, and
// length-prefixed fields and lists.
const (
	propUTF8        = 1
	propExpiry      = 2
	propCorrelation = 4 // tells empty correlation data from none
)

// propsLen returns the bytes that p takes, 0 for nil.
func propsLen(p *app.Properties) int {
	if p == nil {
		return 0
	}
	n := 1 + textLen(len(p.ContentType)) + textLen(len(p.ResponseTopic)) + textLen(len(p.CorrelationData)) +
		uvarintLen(uint64(len(p.SubscriptionIDs))) + uvarintLen(uint64(len(p.User)))
	if p.MessageExpiry != nil {
		n += 4
	}
	for _, id := range p.SubscriptionIDs {
		n += uvarintLen(uint64(id))
	}
	for _, u := range p.User {
		n += textLen(len(u.Name)) + textLen(len(u.Value))
	}
	return n
}

func textLen(n int) int { return uvarintLen(uint64(n)) + n }

func appendProps(b []byte, p *app.Properties) []byte {
	var flags byte
	if p.PayloadIsUTF8 {
		flags |= propUTF8
	}
	if p.MessageExpiry != nil {
		flags |= propExpiry
	}
	if p.CorrelationData != nil {
		flags |= propCorrelation
	}
	b = append(b, flags)
	if p.MessageExpiry != nil {
		b = binary.LittleEndian.AppendUint32(b, *p.MessageExpiry)
	}
	b = appendText(b, p.ContentType)
	b = appendText(b, p.ResponseTopic)
	b = appendText(b, p.CorrelationData)
	b = binary.AppendUvarint(b, uint64(len(p.SubscriptionIDs)))
	for _, id := range p.SubscriptionIDs {
		b = binary.AppendUvarint(b, uint64(id))
	}
	b = binary.AppendUvarint(b, uint64(len(p.User)))
	for _, u := range p.User {
		b = appendText(b, u.Name)
		b = appendText(b, u.Value)
	}
	return b
}

func appendText[T string | []byte](b []byte, text T) []byte {
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}

// reader takes fields off bytes that appendProps wrote.
type reader struct{ b []byte }

func (r *reader) uvarint() uint64 {
	v, w := binary.Uvarint(r.b)
	r.b = r.b[w:]
	return v
}

func (r *reader) text() string {
	n := r.uvarint()
	text := string(r.b[:n])
	r.b = r.b[n:]
	return text
}

func readProps(b []byte) *app.Properties {
	p := &app.Properties{PayloadIsUTF8: b[0]&propUTF8 != 0}
	flags, r := b[0], reader{b[1:]}
	if flags&propExpiry != 0 {
		expiry := binary.LittleEndian.Uint32(r.b)
		p.MessageExpiry = &expiry
		r.b = r.b[4:]
	}
	p.ContentType = r.text()
	p.ResponseTopic = r.text()
	if data := r.text(); flags&propCorrelation != 0 {
		p.CorrelationData = []byte(data)
	}
	for range r.uvarint() {
		p.SubscriptionIDs = append(p.SubscriptionIDs, uint32(r.uvarint()))
	}
	for range r.uvarint() {
		p.User = append(p.User, app.UserProperty{Name: r.text(), Value: r.text()})
	}
	return p
}
