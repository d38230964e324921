package profiles

import (
	"encoding/base64"
	"fmt"
	"slices"
	"unicode/utf8"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// fileTemplate is a message kept with a profile.
type fileTemplate struct {
	Name          string         `toml:"name"`
	Topic         string         `toml:"topic"`
	Format        string         `toml:"format"`
	Payload       string         `toml:"payload"`
	PayloadBase64 string         `toml:"payload_base64"`
	QoS           byte           `toml:"qos"`
	Retain        bool           `toml:"retain"`
	Properties    fileProperties `toml:"properties"`
}

func (f fileTemplate) template() (t app.Template, err error) {
	t.Name, t.Format = f.Name, f.Format
	t.Message = app.Publish{Topic: f.Topic, Payload: []byte(f.Payload), QoS: app.QoS(f.QoS), Retain: f.Retain}
	if f.PayloadBase64 != "" {
		if t.Message.Payload, err = base64.StdEncoding.DecodeString(f.PayloadBase64); err != nil {
			return t, fmt.Errorf("templates.payload_base64: %w", err)
		}
	}
	t.Message.Properties, err = f.Properties.properties()
	return t, err
}

func encodeTemplates(list []app.Template, old any) (any, error) {
	if len(list) == 0 {
		return nil, nil
	}
	before := templatesBefore(list, old)
	out := make([]map[string]any, len(list))
	for i, t := range list {
		m := t.Message
		known := map[string]any{
			"name": t.Name, "topic": m.Topic, "qos": int64(m.QoS), "retain": m.Retain, "payload": nil, "payload_base64": nil, "format": nil,
		}
		if utf8.Valid(m.Payload) {
			known["payload"] = string(m.Payload)
		} else {
			known["payload_base64"] = base64.StdEncoding.EncodeToString(m.Payload)
		}
		if t.Format != "" {
			known["format"] = t.Format
		}
		properties, err := table(fileOfProperties(m.Properties), before[i]["properties"])
		if err != nil {
			return nil, err
		}
		known["properties"] = properties
		out[i] = keep.Merge(known, before[i])
	}
	return out, nil
}

// templatesBefore returns for each template what the file had of it: what has
// its name, and for one that was renamed, what has its topic and payload.
func templatesBefore(list []app.Template, old any) []map[string]any {
	items, _ := old.([]any)
	out := make([]map[string]any, len(list))
	take := func(i int, same func(map[string]any) bool) {
		for n, item := range items {
			if m, ok := item.(map[string]any); ok && out[i] == nil && same(m) {
				out[i] = m
				items = slices.Delete(slices.Clone(items), n, n+1)
				return
			}
		}
	}
	for i, t := range list {
		take(i, func(m map[string]any) bool { return m["name"] == t.Name })
	}
	for i, t := range list {
		take(i, func(m map[string]any) bool {
			text, _ := m["payload"].(string)
			raw, _ := m["payload_base64"].(string)
			is := raw != "" && raw == base64.StdEncoding.EncodeToString(t.Message.Payload) || raw == "" && text == string(t.Message.Payload)
			return is && m["topic"] == t.Message.Topic
		})
	}
	return out
}
