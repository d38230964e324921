package jsonobj

import (
	"bytes"
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
type Object struct {
	values map[string]json.RawMessage
	asked  map[string]bool
}

// Parse reads one object. Of a key that stands there twice the last counts.
func Parse(data []byte) (Object, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return Object{}, plain(err, errObject)
	}
	o := Object{values: map[string]json.RawMessage{}, asked: map[string]bool{}}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return Object{}, plain(err, errObject)
		}
		name, _ := key.(string) // the decoder takes nothing else here
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return Object{}, plain(err, errObject)
		}
		if o.values[name] = value; len(o.values) > maxKeys {
			return Object{}, errKeys
		}
	}
	_, err := dec.Token()
	if err != nil {
		return Object{}, plain(err, errObject)
	}
	return o, nil
}

// Each calls f for every element of the list in data, at most limit times,
// and returns whether there were more.
func Each(data []byte, limit int, f func(json.RawMessage)) (more bool, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return false, plain(err, errList)
	}
	for n := 0; dec.More(); n++ {
		if n == limit {
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
	if o.asked == nil {
		return nil
	}
	o.asked[key] = true
	value := bytes.TrimSpace(o.values[key])
	if string(value) == "null" {
		return nil
	}
	return value
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
	raw := o.get(key)
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
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
	raw := o.get(key)
	var b bool
	if raw != nil && json.Unmarshal(raw, &b) == nil {
		return b
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

// Each is the function of that name over an inner list; nothing happens when
// there is none.
func (o Object) Each(key string, limit int, f func(json.RawMessage)) (more bool) {
	more, _ = Each(o.get(key), limit, f)
	return more
}

// Keys returns all keys in alphabetical order.
func (o Object) Keys() []string { return slices.Sorted(maps.Keys(o.values)) }

// Rest returns the keys that nobody asked for and that are not null or empty,
// in alphabetical order.
func (o Object) Rest() (rest []string) {
	for _, key := range o.Keys() {
		value := string(bytes.TrimSpace(o.values[key]))
		if !o.asked[key] && !slices.Contains([]string{"null", `""`, "[]", "{}", "false"}, value) {
			rest = append(rest, key)
		}
	}
	return rest
}
