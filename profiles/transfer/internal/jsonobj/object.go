package jsonobj

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxKeys bounds the keys of one object.
const maxKeys = 5000

var (
	errKeys   = errors.New("an object has too many keys")
	errObject = errors.New("not a JSON object")
	errList   = errors.New("not a JSON list")
)

// Object is one JSON object. It remembers which keys were asked for.
type Object struct{ members map[string]*member }

// member is the value of a key: valid JSON without blanks around it.
type member struct {
	value json.RawMessage
	asked bool
}

// Parse reads one object. Of a key that stands there twice the last counts.
func Parse(data []byte) (Object, error) {
	if !json.Valid(data) { // a decoder says where, and takes no offence at what follows
		var first json.RawMessage
		if err := json.NewDecoder(bytes.NewReader(data)).Decode(&first); err != nil {
			return Object{}, plain(err, errObject)
		}
		data = first
	}
	data = bytes.TrimSpace(data)
	if len(data) == 0 || data[0] != '{' {
		return Object{}, errObject
	}
	o := Object{members: map[string]*member{}}
	for rest := inside(data); len(rest) > 0; {
		var key, value []byte
		key, rest = next(rest)
		value, rest = next(rest)
		o.members[text(key)] = &member{value: value}
		if len(o.members) > maxKeys {
			return Object{}, errKeys
		}
	}
	return o, nil
}

// Each calls f for every element of the list in data, at most limit times,
// and returns whether there were more. The error is that of ctx when it ends
// meanwhile.
func Each(ctx context.Context, data []byte, limit int, f func(json.RawMessage)) (more bool, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return false, plain(err, errList)
	}
	for n := 0; dec.More(); n++ {
		switch {
		case ctx.Err() != nil:
			return false, ctx.Err()
		case n == limit:
			return true, nil
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return false, plain(err, errList)
		}
		f(value)
	}
	_, err = dec.Token()
	if err != nil {
		return false, plain(err, errList)
	}
	return false, nil
}

// plain returns err without what it quotes of the text.
func plain(err, otherwise error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("broken JSON at byte %d", syntax.Offset)
	case err != nil:
		return errors.New("the JSON ends too early")
	}
	return otherwise
}

func (o Object) get(key string) json.RawMessage {
	m := o.members[key]
	if m == nil {
		return nil
	}
	m.asked = true
	if string(m.value) == "null" {
		return nil
	}
	return m.value
}

// Has reports whether the key is there and neither null nor empty text.
func (o Object) Has(key string) bool {
	raw := o.get(key)
	return raw != nil && string(raw) != `""`
}

// Known marks keys as understood though nobody reads them.
func (o Object) Known(keys ...string) {
	for _, key := range keys {
		o.get(key)
	}
}

// Raw returns the value as it stands; nil when there is none.
func (o Object) Raw(key string) json.RawMessage { return o.get(key) }

// String returns a text, or a number as it stands; "" for all else.
func (o Object) String(key string) string {
	switch raw := o.get(key); {
	case len(raw) == 0:
		return ""
	case raw[0] == '"':
		return text(raw)
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return string(raw)
	}
	return ""
}

// Number returns a whole number, also one that stands there as text.
func (o Object) Number(key string) (int64, bool) {
	text := strings.TrimSpace(o.String(key))
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
		return 0, false
	}
	return int64(f), true
}

// Bool returns a truth value: true, false, 1, 0, or one of them as text; all
// else is otherwise. "false" is false.
func (o Object) Bool(key string, otherwise bool) bool {
	switch string(o.get(key)) {
	case "true":
		return true
	case "false":
		return false
	}
	switch strings.ToLower(strings.TrimSpace(o.String(key))) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return otherwise
}

// Object returns an inner object; false when there is none.
func (o Object) Object(key string) (Object, bool) {
	inner, err := Parse(o.get(key))
	return inner, err == nil
}

// Each calls f for every element of an inner list, at most limit times, until
// ctx ends; nothing happens when there is none. It returns whether there were
// more.
func (o Object) Each(ctx context.Context, key string, limit int, f func(json.RawMessage)) (more bool) {
	list := o.get(key)
	if len(list) == 0 || list[0] != '[' {
		return false
	}
	rest := inside(list)
	for n := 0; len(rest) > 0 && n < limit && ctx.Err() == nil; n++ {
		var value []byte
		value, rest = next(rest)
		f(value)
	}
	return len(rest) > 0
}

// Keys returns all keys in alphabetical order.
func (o Object) Keys() []string { return slices.Sorted(maps.Keys(o.members)) }

// Rest returns the keys that nobody asked for and that are not null or empty,
// in alphabetical order.
func (o Object) Rest() (rest []string) {
	for key, m := range o.members {
		if !m.asked && !slices.Contains([]string{"null", `""`, "[]", "{}", "false"}, string(m.value)) {
			rest = append(rest, key)
		}
	}
	slices.Sort(rest)
	return rest
}
