package mqttx

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/moving"
)

// Write returns the connections as MQTTX imports them. passwords holds those
// that the file shall hold, in plain text as MQTTX keeps them, by profile ID;
// nil for none. now is when the export is made.
func Write(list []app.Profile, passwords map[string]app.Secret, now time.Time) ([]byte, []moving.Left, error) {
	out := make([]map[string]any, 0, len(list))
	var left []moving.Left
	for _, p := range list {
		if p.Link.Transport == app.TransportUnix {
			left = append(left, moving.Left{Profile: p.Name, Findings: []moving.Finding{missing("Link.Transport")}})
			continue
		}
		out = append(out, entry(p, passwords[p.ID], now))
		if f := lost(p); len(f) > 0 {
			left = append(left, moving.Left{Profile: p.Name, Findings: f})
		}
	}
	data, err := json.MarshalIndent(out, "", "  ")
	return data, left, err
}

func missing(field string) moving.Finding {
	return moving.Finding{Field: field, Why: app.Say("moving.why.not_there")}
}

// lost names the fields of p that MQTTX has no place for.
func lost(p app.Profile) (list []moving.Finding) {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"Folder", p.Folder != ""},
		{"Notes", p.Notes != ""},
		{"Color", p.Color != ""},
		{"Templates", len(p.Templates) > 0},
		{"Link.Headers", len(p.Link.Headers) > 0},
		{"Link.Proxy", p.Link.Proxy.Kind != app.ProxyNone},
		{"Security.Pinned", p.Security.Pinned != ""},
		{"Security.ServerName", p.Security.ServerName != ""},
		{"Security.CA", p.Security.CA.PEM != ""},
		{"Security.Certificate", p.Security.Certificate.PEM != ""},
		{"Will.Payload", p.Will != nil && !utf8.Valid(p.Will.Payload)},
	} {
		if f.set {
			list = append(list, missing(f.name))
		}
	}
	return list
}

// entry is one connection. MQTTX skips one without id, and its check of a
// file wants clientId, name, host, port, and certType with TLS.
func entry(p app.Profile, password app.Secret, now time.Time) map[string]any {
	stamp := strings.Replace(now.Format("2006-01-02 15:04:05.000"), ".", ":", 1)
	e := map[string]any{
		"id": p.ID, "clientId": p.ClientID, "name": p.Name, "clean": p.Clean, "protocol": p.Scheme(),
		"host": p.Host, "port": p.Port, "keepalive": int(p.KeepAlive / time.Second),
		"connectTimeout": timeout(p), "reconnect": true, "reconnectPeriod": 4000,
		"username": p.User, "password": password.Reveal(), "path": "", "ssl": p.TLS,
		"certType": "", "rejectUnauthorized": !p.Security.SkipVerify,
		"ca": p.Security.CA.File, "cert": p.Security.Certificate.File, "key": p.Security.Key.File,
		"clientIdWithTime": p.IDMode == app.ClientIDSuffix, "unreadMessageCount": 0, "parentId": nil, "isCollection": false,
		"createAt": stamp, "updateAt": stamp, "messages": []any{},
		"mqttVersion": p.Version.String(), "subscriptions": subscriptionsOf(p, stamp),
	}
	if p.ClientID == "" || p.IDMode == app.ClientIDRandom {
		e["clientId"] = app.RandomClientID()
	}
	if p.Name == "" {
		e["name"] = p.Host
	}
	if p.Version == app.V5 {
		e["mqttVersion"] = "5.0"
		e["properties"] = properties(p)
	}
	if p.Link.Transport == app.TransportWS {
		e["path"] = app.RequestPath(p.Link.Path)
	}
	if p.TLS {
		e["certType"] = "server"
		if p.Security.CA.File != "" { // its check wants ca with "self"
			e["certType"] = "self"
		}
	}
	if len(p.Security.ALPN) > 0 {
		e["ALPNProtocols"] = "[" + strings.Join(p.Security.ALPN, ",") + "]"
	}
	if p.Will != nil {
		e["will"] = willOf(p.Will)
	}
	return e
}

func timeout(p app.Profile) int {
	if p.Link.Timeout > 0 {
		return int((p.Link.Timeout + time.Second - 1) / time.Second)
	}
	return int(app.DefaultConnectTimeout / time.Second)
}

func subscriptionsOf(p app.Profile, stamp string) []map[string]any {
	list := make([]map[string]any, len(p.Subscriptions))
	for i, s := range p.Subscriptions {
		list[i] = map[string]any{
			"id": "scription_" + app.NewID(), "topic": s.Filter, "qos": s.QoS, "disabled": false,
			"nl": s.NoLocal, "rap": s.RetainAsPublished, "rh": s.RetainHandling, "color": "#34C388", "createAt": stamp,
		}
	}
	return list
}

func properties(p app.Profile) map[string]any {
	out := map[string]any{"sessionExpiryInterval": p.SessionExpiry}
	s := p.Session
	set(out, "receiveMaximum", s.ReceiveMaximum, s.ReceiveMaximum > 0)
	set(out, "maximumPacketSize", s.MaximumPacket, s.MaximumPacket > 0)
	set(out, "topicAliasMaximum", s.TopicAliasMaximum, s.TopicAliasMaximum > 0)
	set(out, "requestResponseInformation", true, s.RequestResponseInfo)
	set(out, "requestProblemInformation", false, s.WithoutProblemInfo)
	set(out, "userProperties", users(s.User), len(s.User) > 0)
	set(out, "authenticationMethod", s.AuthenticationMethod, s.AuthenticationMethod != "")
	return out
}

func willOf(w *app.Will) map[string]any {
	props := map[string]any{}
	set(props, "willDelayInterval", w.Delay, w.Delay > 0)
	if m := w.Properties; m != nil {
		set(props, "payloadFormatIndicator", true, m.PayloadIsUTF8)
		set(props, "messageExpiryInterval", m.MessageExpiry, m.MessageExpiry != nil)
		set(props, "contentType", m.ContentType, m.ContentType != "")
		set(props, "responseTopic", m.ResponseTopic, m.ResponseTopic != "")
		set(props, "correlationData", string(m.CorrelationData), len(m.CorrelationData) > 0)
		set(props, "userProperties", users(m.User), len(m.User) > 0)
	}
	return map[string]any{
		"lastWillTopic": w.Topic, "lastWillPayload": string(w.Payload), "lastWillQos": w.QoS,
		"lastWillRetain": w.Retain, "properties": props,
	}
}

func set(to map[string]any, key string, value any, when bool) {
	if when {
		to[key] = value
	}
}

// users returns user properties as MQTTX has them: a text for a name that
// stands there once, else a list.
func users(list []app.UserProperty) map[string]any {
	out := map[string]any{}
	for _, u := range list {
		switch before := out[u.Name].(type) {
		case string:
			out[u.Name] = []string{before, u.Value}
		case []string:
			out[u.Name] = append(before, u.Value)
		default:
			out[u.Name] = u.Value
		}
	}
	return out
}
