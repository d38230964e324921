package profiles

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"tidings/app"
	"tidings/profiles/internal/keep"
)

// The tables of a file about the way to the broker and the session. A key that
// is missing, or has the value that it has in a new connection, is not written.

type fileLink struct {
	Transport string       `toml:"transport"` // tcp, ws, unix
	Path      string       `toml:"path"`
	Query     bool         `toml:"secret_query"` // the query is no part of the file
	Headers   []fileHeader `toml:"headers"`
	Family    string       `toml:"family"` // any, ipv4, ipv6
	TimeoutMS int64        `toml:"timeout_ms"`
	Proxy     fileProxy    `toml:"proxy"`
}

type fileProxy struct {
	Kind string `toml:"kind"` // none, system, http, socks5
	Host string `toml:"host"`
	Port int    `toml:"port"`
	User string `toml:"user"`
}

type fileSecurity struct {
	CAFile          string   `toml:"ca_file"`
	CA              string   `toml:"ca"`
	WithoutSystem   bool     `toml:"without_system"`
	CertificateFile string   `toml:"certificate_file"`
	Certificate     string   `toml:"certificate"`
	KeyFile         string   `toml:"key_file"`
	Key             string   `toml:"key"` // by hand only: see withoutSecrets
	ServerName      string   `toml:"server_name"`
	ALPN            []string `toml:"alpn"`
	MinVersion      uint16   `toml:"min_version"`
	Pinned          string   `toml:"pinned"`
	SkipVerify      bool     `toml:"skip_verify"`
}

type fileSession struct {
	ReceiveMaximum       uint16     `toml:"receive_maximum"`
	MaximumPacket        uint32     `toml:"maximum_packet"`
	TopicAliasMaximum    uint16     `toml:"topic_alias_maximum"`
	RequestResponseInfo  bool       `toml:"request_response_info"`
	WithoutProblemInfo   bool       `toml:"without_problem_info"`
	User                 []filePair `toml:"user"`
	AuthenticationMethod string     `toml:"authentication_method"`
}

type fileHeader struct {
	Name   string `toml:"name"`
	Value  string `toml:"value,omitempty"`
	Secret bool   `toml:"secret,omitempty"` // the value is no part of the file
}

type filePair struct {
	Name  string `toml:"name"`
	Value string `toml:"value"`
}

type fileProperties struct {
	PayloadIsUTF8   bool       `toml:"payload_is_utf8"`
	MessageExpiry   *uint32    `toml:"message_expiry"`
	ContentType     string     `toml:"content_type"`
	ResponseTopic   string     `toml:"response_topic"`
	CorrelationData string     `toml:"correlation_data"` // Base64
	User            []filePair `toml:"user"`
}

// The names of values; the first of each is that of a new connection.
var (
	transportNames = []string{"tcp", "ws", "unix"}
	familyNames    = []string{"any", "ipv4", "ipv6"}
	proxyNames     = []string{"none", "system", "http", "socks5"}
	idModeNames    = []string{"fixed", "random", "suffix"}
)

// valueOf returns the value with a name.
func valueOf[T ~byte](key, name string, names []string) (T, error) {
	for i, n := range names {
		if n == name || i == 0 && name == "" {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("%s = %q is not one of %q", key, name, names)
}

// nameOf returns the name of a value; that of a new connection has none.
func nameOf[T ~byte](v T, names []string) string {
	if v == 0 || int(v) >= len(names) {
		return ""
	}
	return names[v]
}

// maxTimeoutMS bounds a time-out, in milliseconds: a day.
const maxTimeoutMS = 24 * 60 * 60 * 1000

func (f fileLink) link() (o app.LinkOptions, err error) {
	if o.Transport, err = valueOf[app.Transport]("link.transport", f.Transport, transportNames); err != nil {
		return o, err
	}
	if o.Family, err = valueOf[app.Family]("link.family", f.Family, familyNames); err != nil {
		return o, err
	}
	if o.Proxy.Kind, err = valueOf[app.ProxyKind]("link.proxy.kind", f.Proxy.Kind, proxyNames); err != nil {
		return o, err
	}
	if f.TimeoutMS < 0 || f.TimeoutMS > maxTimeoutMS {
		return o, fmt.Errorf("link.timeout_ms = %d is out of range", f.TimeoutMS)
	}
	o.Timeout = time.Duration(f.TimeoutMS) * time.Millisecond
	o.Path, o.SecretQuery, o.Proxy.Host, o.Proxy.Port, o.Proxy.User = f.Path, f.Query, f.Proxy.Host, f.Proxy.Port, f.Proxy.User
	for _, h := range f.Headers {
		o.Headers = append(o.Headers, app.Header(h))
	}
	return o, nil
}

func fileOfLink(o app.LinkOptions) fileLink {
	f := fileLink{
		Transport: nameOf(o.Transport, transportNames), Path: o.Path, Query: o.SecretQuery, Family: nameOf(o.Family, familyNames), TimeoutMS: o.Timeout.Milliseconds(),
		Proxy: fileProxy{nameOf(o.Proxy.Kind, proxyNames), o.Proxy.Host, o.Proxy.Port, o.Proxy.User},
	}
	for _, h := range o.Headers {
		f.Headers = append(f.Headers, fileHeader(h))
	}
	return f
}

func (f fileSecurity) security() app.TLSOptions {
	return app.TLSOptions{
		CA: app.CertSource{File: f.CAFile, PEM: f.CA}, WithoutSystem: f.WithoutSystem,
		Certificate: app.CertSource{File: f.CertificateFile, PEM: f.Certificate}, Key: app.CertSource{File: f.KeyFile, PEM: f.Key},
		ServerName: f.ServerName, ALPN: some(f.ALPN), MinVersion: f.MinVersion, Pinned: f.Pinned, SkipVerify: f.SkipVerify,
	}
}

func fileOfSecurity(o app.TLSOptions) fileSecurity {
	return fileSecurity{
		CAFile: o.CA.File, CA: o.CA.PEM, WithoutSystem: o.WithoutSystem,
		CertificateFile: o.Certificate.File, Certificate: o.Certificate.PEM, KeyFile: o.Key.File, Key: o.Key.PEM,
		ServerName: o.ServerName, ALPN: o.ALPN, MinVersion: o.MinVersion, Pinned: o.Pinned, SkipVerify: o.SkipVerify,
	}
}

func (f fileSession) session() app.SessionOptions {
	return app.SessionOptions{
		ReceiveMaximum: f.ReceiveMaximum, MaximumPacket: f.MaximumPacket, TopicAliasMaximum: f.TopicAliasMaximum,
		RequestResponseInfo: f.RequestResponseInfo, WithoutProblemInfo: f.WithoutProblemInfo,
		User: users(f.User), AuthenticationMethod: f.AuthenticationMethod,
	}
}

func fileOfSession(o app.SessionOptions) fileSession {
	return fileSession{
		ReceiveMaximum: o.ReceiveMaximum, MaximumPacket: o.MaximumPacket, TopicAliasMaximum: o.TopicAliasMaximum,
		RequestResponseInfo: o.RequestResponseInfo, WithoutProblemInfo: o.WithoutProblemInfo,
		User: pairs(o.User), AuthenticationMethod: o.AuthenticationMethod,
	}
}

// properties returns nil when there is none.
func (f fileProperties) properties() (*app.Properties, error) {
	raw, err := base64.StdEncoding.DecodeString(f.CorrelationData)
	if err != nil {
		return nil, fmt.Errorf("correlation_data: %w", err)
	}
	p := &app.Properties{
		PayloadIsUTF8: f.PayloadIsUTF8, MessageExpiry: f.MessageExpiry, ContentType: f.ContentType,
		ResponseTopic: f.ResponseTopic, CorrelationData: some(raw), User: users(f.User),
	}
	if reflect.DeepEqual(*p, app.Properties{}) {
		return nil, nil
	}
	return p, nil
}

func fileOfProperties(p *app.Properties) fileProperties {
	if p == nil {
		return fileProperties{}
	}
	return fileProperties{
		PayloadIsUTF8: p.PayloadIsUTF8, MessageExpiry: p.MessageExpiry, ContentType: p.ContentType, ResponseTopic: p.ResponseTopic,
		CorrelationData: base64.StdEncoding.EncodeToString(p.CorrelationData), User: pairs(p.User),
	}
}

func users(list []filePair) (out []app.UserProperty) {
	for _, p := range list {
		out = append(out, app.UserProperty(p))
	}
	return out
}

func pairs(list []app.UserProperty) (out []filePair) {
	for _, u := range list {
		out = append(out, filePair(u))
	}
	return out
}

// some returns nil for an empty list.
func some[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// table returns what is written for one of the structs above: its keys that
// are not zero, and those of old that it does not know; nil for none at all.
func table(of any, old any) (any, error) {
	text, err := toml.Marshal(of)
	if err != nil {
		return nil, err
	}
	var known map[string]any
	if err := toml.Unmarshal(text, &known); err != nil {
		return nil, err
	}
	if merged := fold(known, old); len(merged) > 0 {
		return merged, nil
	}
	return nil, nil
}

func fold(known map[string]any, old any) map[string]any {
	before, _ := old.(map[string]any)
	for key, value := range known {
		switch v := value.(type) {
		case map[string]any:
			known[key] = nil
			if inner := fold(v, before[key]); len(inner) > 0 {
				known[key] = inner
			}
		case []any:
			if len(v) == 0 {
				known[key] = nil
			}
		default:
			if key != expiryKey && reflect.ValueOf(v).IsZero() {
				known[key] = nil
			}
		}
	}
	if _, ok := known["content_type"]; ok && known[expiryKey] == nil {
		known[expiryKey] = nil // a pointer is left out when it is nil
	}
	return keep.Merge(known, before)
}

// expiryKey is the one key whose zero means something.
const expiryKey = "message_expiry"

// texts reports a string inside v that is not valid UTF-8.
func texts(v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return fmt.Errorf("%q is not valid UTF-8", v.String())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return texts(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := texts(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := texts(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}
