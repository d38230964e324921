package profiles

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
	"unicode/utf8"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// formatVersion is the version that this program writes. A file of a newer
// version is read as far as it is understood.
const formatVersion = 1

const about = `A connection of Tidings. The name of this file is the connection's ID.
It holds no password: that is in the system's keyring or in the vault, or
is asked for.
Edit it while Tidings is closed; keys that Tidings does not know are kept,
comments are not.`

var (
	errNewer   = errors.New("written by a newer Tidings")
	errVersion = errors.New("version must be 1 or more")
	errNothing = errors.New("neither a name nor a host")
)

// fileProfile is the file, version 1. Pointers tell a missing key, which
// takes its default, from a zero.
type fileProfile struct {
	Version       *int               `toml:"version"`
	Name          string             `toml:"name"`
	Folder        string             `toml:"folder"`
	Position      int                `toml:"position"`
	Color         string             `toml:"color"`
	Notes         string             `toml:"notes"`
	AutoConnect   bool               `toml:"auto_connect"`
	Host          string             `toml:"host"`
	Port          *int               `toml:"port"`
	TLS           bool               `toml:"tls"`
	MQTT          *string            `toml:"mqtt"`
	ClientID      string             `toml:"client_id"`
	IDMode        string             `toml:"client_id_mode"` // fixed, random, suffix
	User          string             `toml:"user"`
	AskPassword   bool               `toml:"ask_password"`
	Clean         *bool              `toml:"clean"`
	SessionExpiry uint32             `toml:"session_expiry"`
	KeepAlive     *int64             `toml:"keep_alive"`
	LocalBroker   bool               `toml:"local_broker"`
	Will          *fileWill          `toml:"will"`
	Link          fileLink           `toml:"link"`
	Security      fileSecurity       `toml:"security"`
	Session       fileSession        `toml:"session"`
	Subscriptions []fileSubscription `toml:"subscriptions"`
	Templates     []fileTemplate     `toml:"templates"`
}

type fileWill struct {
	Topic         string `toml:"topic"`
	Payload       string `toml:"payload"`
	PayloadBase64 string `toml:"payload_base64"`
	QoS           byte   `toml:"qos"`
	Retain        bool   `toml:"retain"`
	Delay         uint32 `toml:"delay"` // seconds

	Properties fileProperties `toml:"properties"`
}

type fileSubscription struct {
	Filter            string `toml:"filter"`
	QoS               byte   `toml:"qos"`
	NoLocal           bool   `toml:"no_local"`
	RetainAsPublished bool   `toml:"retain_as_published"`
	RetainHandling    byte   `toml:"retain_handling"`
	Color             *int64 `toml:"color"`
}

// maxColors bounds the number of a colour; one beyond counts for nothing.
const maxColors = 1 << 20

// decode reads a file. all holds every key of it, known or not. The error is
// errNewer when the file says that it comes from a newer version and this one
// cannot make a profile of it.
func decode(id string, data []byte) (p app.Profile, all map[string]any, err error) {
	var f fileProfile
	all, err = keep.Decode(data, &f)
	if err == nil {
		p, err = f.profile(id)
	}
	if err == nil && all["name"] == nil && all["host"] == nil {
		err = errNothing // an empty file, or one of something else
	}
	if v, ok := all["version"].(int64); err != nil && ok && v > formatVersion {
		err = fmt.Errorf("%w: %w", errNewer, err)
	}
	return p, all, err
}

func (f fileProfile) profile(id string) (app.Profile, error) {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.TLS = id, f.Name, f.Host, f.TLS
	p.ClientID, p.User, p.AskPassword = f.ClientID, f.User, f.AskPassword
	p.SessionExpiry, p.LocalBroker = f.SessionExpiry, f.LocalBroker
	p.Folder, p.Position, p.Color, p.Notes, p.AutoConnect = f.Folder, f.Position, f.Color, f.Notes, f.AutoConnect
	p.Security, p.Session = f.Security.security(), f.Session.session()
	var err error
	if p.IDMode, err = valueOf[app.ClientIDMode]("client_id_mode", f.IDMode, idModeNames); err != nil {
		return p, err
	}
	if p.Link, err = f.Link.link(); err != nil {
		return p, err
	}
	if f.Version != nil && *f.Version < 1 {
		return p, errVersion
	}
	if f.Port != nil {
		p.Port = *f.Port
	}
	if f.Clean != nil {
		p.Clean = *f.Clean
	}
	if f.KeepAlive != nil {
		if *f.KeepAlive < 0 || *f.KeepAlive > math.MaxInt32 {
			return p, fmt.Errorf("keep_alive of %d s is out of range", *f.KeepAlive)
		}
		p.KeepAlive = time.Duration(*f.KeepAlive) * time.Second
	}
	if f.MQTT != nil {
		v, ok := app.ParseVersion(*f.MQTT)
		if !ok {
			return p, fmt.Errorf("mqtt = %q is not one of 3.1, 3.1.1, 5", *f.MQTT)
		}
		p.Version = v
	}
	if f.Will != nil {
		w, err := f.Will.will()
		if err != nil {
			return p, err
		}
		p.Will = w
	}
	if err := f.lists(&p); err != nil {
		return p, err
	}
	return p, storable(p)
}

// lists reads what there may be many of.
func (f fileProfile) lists(p *app.Profile) error {
	for _, s := range f.Subscriptions {
		sub := app.Subscription{
			Filter: s.Filter, QoS: app.QoS(s.QoS), NoLocal: s.NoLocal,
			RetainAsPublished: s.RetainAsPublished, RetainHandling: s.RetainHandling,
		}
		if c := s.Color; c != nil && *c >= 0 && *c < maxColors {
			if p.FilterColors == nil {
				p.FilterColors = map[string]int{}
			}
			p.FilterColors[s.Filter] = int(*c)
		}
		p.Subscriptions = append(p.Subscriptions, sub)
	}
	for _, t := range f.Templates {
		template, err := t.template()
		if err != nil {
			return err
		}
		p.Templates = append(p.Templates, template)
	}
	return nil
}

func (f fileWill) will() (*app.Will, error) {
	w := &app.Will{Topic: f.Topic, Payload: []byte(f.Payload), QoS: app.QoS(f.QoS), Retain: f.Retain, Delay: f.Delay}
	var err error
	if w.Properties, err = f.Properties.properties(); err != nil {
		return nil, fmt.Errorf("will.properties: %w", err)
	}
	if f.PayloadBase64 == "" {
		return w, nil
	}
	raw, err := base64.StdEncoding.DecodeString(f.PayloadBase64)
	if err != nil {
		return nil, fmt.Errorf("will.payload_base64: %w", err)
	}
	w.Payload = raw
	return w, nil
}

// encode returns the file of p. old is the content of the file it replaces:
// the keys that this version does not know are taken over. Nothing secret comes
// into a file that does not hold it already.
func encode(p app.Profile, old map[string]any) ([]byte, error) {
	if err := withoutSecrets(p, old); err != nil {
		return nil, err
	}
	version := int64(formatVersion)
	if v, ok := old["version"].(int64); ok && v > version {
		version = v // its unknown keys are still there, so it still is that version
	}
	tables, err := encodeTables(p, old)
	if err != nil {
		return nil, err
	}
	d := keep.Document{About: about, Keys: append([]keep.Key{
		{Name: "version", Value: version},
		{Name: "name", Value: p.Name},
		{Name: "folder", Value: unless(p.Folder)},
		{Name: "position", Value: unless(int64(p.Position))},
		{Name: "color", Value: unless(p.Color)},
		{Name: "notes", Value: unless(p.Notes)},
		{Name: "auto_connect", Value: unless(p.AutoConnect)},
		{Name: "host", Value: p.Host},
		{Name: "port", Value: p.Port},
		{Name: "tls", Value: p.TLS},
		{Name: "mqtt", Value: p.Version.String()},
		{Name: "client_id", Value: p.ClientID},
		{Name: "client_id_mode", Value: unless(nameOf(p.IDMode, idModeNames))},
		{Name: "user", Value: p.User},
		{Name: "ask_password", Value: p.AskPassword},
		{Name: "clean", Value: p.Clean},
		{Name: "session_expiry", Value: p.SessionExpiry},
		{Name: "keep_alive", Value: int64(p.KeepAlive / time.Second)},
		{Name: "local_broker", Value: p.LocalBroker},
	}, tables...)}
	return d.Encode(old)
}

// unless returns v, and nil, which is not written, when v is zero.
func unless[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// encodeTables returns the keys that have tables.
func encodeTables(p app.Profile, old map[string]any) ([]keep.Key, error) {
	will, err := encodeWill(p.Will, old["will"])
	if err != nil {
		return nil, err
	}
	keys := []keep.Key{{Name: "will", Value: will}}
	for _, t := range []struct {
		name string
		of   any
	}{
		{"link", fileOfLink(p.Link)}, {"security", fileOfSecurity(p.Security)}, {"session", fileOfSession(p.Session)},
	} {
		value, err := table(t.of, old[t.name])
		if err != nil {
			return nil, err
		}
		keys = append(keys, keep.Key{Name: t.name, Value: value})
	}
	templates, err := encodeTemplates(p.Templates, old["templates"])
	return append(keys,
		keep.Key{Name: "subscriptions", Value: encodeSubscriptions(p, old["subscriptions"])},
		keep.Key{Name: "templates", Value: templates}), err
}

func encodeWill(w *app.Will, old any) (any, error) {
	if w == nil {
		return nil, nil
	}
	before, _ := old.(map[string]any)
	properties, err := table(fileOfProperties(w.Properties), before["properties"])
	if err != nil {
		return nil, err
	}
	known := map[string]any{
		"topic": w.Topic, "qos": int64(w.QoS), "retain": w.Retain,
		"payload": nil, "payload_base64": nil, "delay": unless(int64(w.Delay)), "properties": properties,
	}
	if utf8.Valid(w.Payload) {
		known["payload"] = string(w.Payload)
	} else {
		known["payload_base64"] = base64.StdEncoding.EncodeToString(w.Payload)
	}
	return keep.Merge(known, before), nil
}

func encodeSubscriptions(p app.Profile, old any) any {
	subs := p.Subscriptions
	if len(subs) == 0 {
		return nil
	}
	before := map[string]map[string]any{}
	items, _ := old.([]any)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			filter, _ := m["filter"].(string)
			before[filter] = m
		}
	}
	list := make([]map[string]any, len(subs))
	for i, s := range subs {
		known := map[string]any{
			"filter": s.Filter, "qos": int64(s.QoS), "no_local": s.NoLocal, "color": nil,
			"retain_as_published": s.RetainAsPublished, "retain_handling": int64(s.RetainHandling),
		}
		if c, ok := p.FilterColors[s.Filter]; ok {
			known["color"] = int64(c)
		}
		list[i] = keep.Merge(known, before[s.Filter])
	}
	return list
}

// maxSubscriptions bounds the subscriptions of a connection: with ten times as
// many, which a file has room for, the window stands still while it connects.
const maxSubscriptions = 10_000

// storable says whether the file can hold p and read it back unchanged.
func storable(p app.Profile) error {
	if p.Will != nil {
		if !p.Will.QoS.Valid() {
			return fmt.Errorf("will.qos = %d is not 0, 1 or 2", p.Will.QoS)
		}
	}
	if n := len(p.Subscriptions); n > maxSubscriptions {
		return fmt.Errorf("%d subscriptions are more than %d", n, maxSubscriptions)
	}
	for _, s := range p.Subscriptions {
		if !s.QoS.Valid() || s.RetainHandling > 2 {
			return fmt.Errorf("subscription %q: qos = %d, retain_handling = %d are not 0, 1 or 2", s.Filter, s.QoS, s.RetainHandling)
		}
	}
	if err := texts(reflect.ValueOf(p)); err != nil {
		return err
	}
	if err := storableMore(p); err != nil {
		return err
	}
	if !ValidID(p.ID) {
		return fmt.Errorf("invalid id %q", p.ID)
	}
	if _, ok := app.ParseVersion(p.Version.String()); !ok {
		return fmt.Errorf("unknown MQTT version %d", p.Version)
	}
	if p.KeepAlive < 0 || p.KeepAlive%time.Second != 0 {
		return fmt.Errorf("keep alive of %v is not a whole number of seconds", p.KeepAlive)
	}
	return nil
}

// storableMore judges the templates and the way to the broker.
func storableMore(p app.Profile) error {
	for _, t := range p.Templates {
		if !t.Message.QoS.Valid() {
			return fmt.Errorf("template %q: qos = %d is not 0, 1 or 2", t.Name, t.Message.QoS)
		}
	}
	if d := p.Link.Timeout; d < 0 || d.Milliseconds() > maxTimeoutMS || d%time.Millisecond != 0 {
		return fmt.Errorf("a time-out of %v cannot be kept", d)
	}
	return nil
}
