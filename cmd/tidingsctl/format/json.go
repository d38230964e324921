package format

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"tidings/app"
)

// appendJSON adds the object that mosquitto_sub writes for %j or, with raw,
// for %J: there the payload is JSON itself.
func appendJSON(dst []byte, m *app.Message, raw bool) []byte {
	dst = append(dst, `{"tst":"`...)
	dst = m.Received.AppendFormat(dst, "2006-01-02T15:04:05.000000Z-0700")
	dst = append(dst, `","topic":`...)
	dst = quote(dst, m.Topic)
	dst = append(dst, `,"qos":`...)
	dst = append(dst, '0'+byte(m.QoS))
	dst = append(dst, `,"retain":`...)
	dst = append(dst, bit(m.Retained))
	dst = append(dst, `,"payloadlen":`...)
	dst = strconv.AppendInt(dst, int64(len(m.Payload)), 10)
	if m.QoS > 0 {
		dst = append(dst, `,"mid":`...)
		dst = strconv.AppendUint(dst, uint64(m.ID), 10)
	}
	if m.Properties != nil {
		dst = appendProperties(dst, m.Properties)
	}
	dst = append(dst, `,"payload":`...)
	return append(appendPayload(dst, m.Payload, raw), '}')
}

// appendPayload adds the payload as a string, or as the JSON that it is.
func appendPayload(dst, payload []byte, raw bool) []byte {
	if raw {
		if len(payload) == 0 {
			return append(dst, "null"...)
		}
		// JSON is UTF-8 (RFC 8259 §8.1), which package json does not insist on.
		if b := bytes.NewBuffer(dst); utf8.Valid(payload) && json.Compact(b, payload) == nil {
			return b.Bytes()
		}
	}
	return quote(dst, string(payload))
}

// quote adds s as a JSON string, without what HTML alone needs escaped.
func quote(dst []byte, s string) []byte {
	b := bytes.NewBuffer(dst)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string has an encoding, and the buffer takes it
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

func appendProperties(dst []byte, q *app.Properties) []byte {
	start := len(dst)
	member := func(name string) {
		dst = append(dst, ',')
		dst = quote(dst, name)
		dst = append(dst, ':')
	}
	text := func(name, value string) {
		if value != "" {
			member(name)
			dst = quote(dst, value)
		}
	}
	if len(q.User) > 0 {
		member("user-properties")
		for i, u := range q.User {
			dst = append(dst, ",{"[bit(i == 0)-'0'])
			dst = append(quote(dst, u.Name), ':')
			dst = quote(dst, u.Value)
		}
		dst = append(dst, '}')
	}
	text("content-type", q.ContentType)
	text("correlation-data", string(q.CorrelationData))
	text("response-topic", q.ResponseTopic)
	if q.PayloadIsUTF8 {
		member("payload-format-indicator")
		dst = append(dst, '1')
	}
	if q.MessageExpiry != nil {
		member("message-expiry-interval")
		dst = strconv.AppendUint(dst, uint64(*q.MessageExpiry), 10)
	}
	for _, id := range q.SubscriptionIDs {
		member("subscription-identifier")
		dst = strconv.AppendUint(dst, uint64(id), 10)
	}
	if len(dst) == start {
		return dst
	}
	inside := string(dst[start+1:])
	return append(append(append(dst[:start], `,"properties":{`...), inside...), '}')
}
