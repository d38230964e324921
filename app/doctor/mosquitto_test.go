package doctor_test

import (
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/session/sessiontest"
)

// TestAgainstMosquitto: another broker has other habits.
func TestAgainstMosquitto(t *testing.T) {
	b := sessiontest.Mosquitto(t)
	for _, tt := range []struct {
		name    string
		version app.Version
		change  func(*app.ConnectOptions)
		topic   string
		want    string // the end of the verdicts
		says    string
	}{
		{"open, 3.1", app.V31, nil, "lab/doctor", "connect ok, ping ok, subscribe ok, publish ok", "doctor.all_ok"},
		{"open, 3.1.1", app.V311, nil, "lab/doctor", "connect ok, ping ok, subscribe ok, publish ok", "doctor.all_ok"},
		{"open, 5", app.V5, nil, "lab/doctor", "connect ok, ping ok, subscribe ok, publish ok", "doctor.all_ok"},
		{"a wildcard", app.V5, nil, "lab/#", "connect ok, ping ok, subscribe ok, publish skipped", "doctor.all_ok"},
		{"a bad filter", app.V5, nil, "lab/#/x", "subscribe failed, publish skipped", "topic."},
		{"a banned topic, 5", app.V5, nil, b.DeniedTopic, "publish failed", "doctor.publish.refused"},
		{"a banned topic, 3.1.1", app.V311, nil, b.DeniedTopic, "publish warning", "doctor.publish.no_echo"},
		{"a wrong password, 5", app.V5, protected(b, "wrong"), "", "connect failed, ping skipped, subscribe skipped, publish skipped", "connect.not_authorized"},
		{"a wrong password, 3.1.1", app.V311, protected(b, "wrong"), "", "connect failed, ping skipped, subscribe skipped, publish skipped", "connect.not_authorized"},
		{"the right password", app.V311, protected(b, b.Password), "", "connect ok, ping ok, subscribe skipped, publish skipped", "doctor.all_ok"},
		{"TLS that it does not speak", app.V5, func(o *app.ConnectOptions) { o.TLS = true }, "", "tls failed, further ok, connect skipped, ping skipped, subscribe skipped, publish skipped", "doctor.further.plain"},
		{"WebSocket that it does not speak", app.V5, func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS }, "", "websocket failed, further ok, connect skipped, ping skipped, subscribe skipped, publish skipped", "doctor.further.straight"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options(b.Host, b.Port)
			o.Version = tt.version
			if tt.change != nil {
				tt.change(&o)
			}
			r := examine(t, doctor.Params{Options: o, Topic: tt.topic})
			what, _ := r.Conclusion()
			if got := verdicts(r); !strings.HasSuffix(got, tt.want) || !strings.HasPrefix(what.Key, tt.says) {
				t.Errorf("%s: %s\nwant %s: … %s", what.Key, got, tt.says, tt.want)
			}
		})
	}
}

func protected(b *sessiontest.Broker, password string) func(*app.ConnectOptions) {
	return func(o *app.ConnectOptions) { o.Port, o.User, o.Password = b.Protected, b.User, app.Secret(password) }
}
