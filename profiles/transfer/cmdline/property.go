package cmdline

import (
	"strconv"
	"strings"

	"tidings/app"
)

// property reads -D COMMAND IDENTIFIER VALUE, or, for a user property,
// -D COMMAND user-property NAME VALUE, and returns the rest of args.
func (r *reader) property(args []word) []word {
	need := 3
	if len(args) > 1 && strings.EqualFold(args[1].text, "user-property") {
		need = 4
	}
	if len(args) < need {
		r.LeftOut("-D")
		return nil
	}
	r.v5 = true
	command, name, value := strings.ToLower(args[0].text), strings.ToLower(args[1].text), args[need-1]
	field := shown("-D-" + command + "-" + name)
	if value.open {
		r.Note(field, "moving.why.variable")
	}
	var user *app.UserProperty
	if need == 4 {
		u := r.User(field, args[2].text, value.text)
		user = &u
	}
	known := false
	switch command {
	case "connect":
		known = r.connectProperty(field, name, value.text, user)
	case "publish":
		known = r.messageProperty(&r.message, field, name, value.text, user)
	case "will":
		if name == "will-delay-interval" {
			r.uint32(field, value.text, &r.will.Delay)
			known = true
		} else {
			known = r.messageProperty(&r.willProps, field, name, value.text, user)
		}
	}
	if !known {
		r.NoPlace(field)
	}
	return args[need:]
}

func (r *reader) connectProperty(field, name, value string, user *app.UserProperty) bool {
	s := &r.P().Session
	short := func(to *uint16) {
		r.number(field, value, func(f string, n int64) {
			if v, ok := r.Uint16(f, n); ok {
				*to = v
			}
		})
	}
	switch name {
	case "user-property":
		s.User = append(s.User, *user)
	case "session-expiry-interval":
		r.sessionExpiry(value)
	case "receive-maximum":
		short(&s.ReceiveMaximum)
	case "topic-alias-maximum":
		short(&s.TopicAliasMaximum)
	case "maximum-packet-size":
		r.uint32(field, value, &s.MaximumPacket)
	case "request-response-information":
		s.RequestResponseInfo = value == "1"
	case "request-problem-information":
		s.WithoutProblemInfo = value == "0"
	default:
		return false
	}
	return true
}

func (r *reader) messageProperty(p *app.Properties, field, name, value string, user *app.UserProperty) bool {
	switch name {
	case "user-property":
		p.User = append(p.User, *user)
	case "payload-format-indicator":
		on, err := strconv.ParseBool(value)
		p.PayloadIsUTF8 = on && err == nil
	case "message-expiry-interval":
		var seconds uint32
		if r.uint32(field, value, &seconds) {
			p.MessageExpiry = &seconds
		}
	case "content-type":
		p.ContentType = r.Text(field, value)
	case "response-topic":
		p.ResponseTopic = r.Text(field, value)
	case "correlation-data":
		p.CorrelationData = []byte(value)
	default:
		return false
	}
	return true
}

func (r *reader) uint32(field, value string, to *uint32) (ok bool) {
	r.number(field, value, func(f string, n int64) {
		if v, valid := r.Uint32(f, n); valid {
			*to, ok = v, true
		}
	})
	return ok
}
