package sysproxy

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tidings/app"
)

// TestFind: what the environment says, else what the system does, and never a
// direct connection because something was not understood.
func TestFind(t *testing.T) {
	type env = map[string]string
	ws := app.LinkOptions{Transport: app.TransportWS}
	system := settings{source: gnome, plain: "plain:1", secure: "secure:2", socks: "socks:3", bypass: []string{"*.corp.example"}}
	http := func(host string, port int) app.Proxy { return app.Proxy{Kind: app.ProxyHTTP, Host: host, Port: port} }
	for _, tt := range []struct {
		name   string
		env    env
		system settings
		host   string // broker.example if empty
		link   app.LinkOptions
		want   app.Proxy // zero: directly
		err    string    // key
	}{
		{name: "none"},
		{name: "HTTPS_PROXY", env: env{"HTTPS_PROXY": "http://ana:p%20w@proxy:3128"}, want: app.Proxy{Kind: app.ProxyHTTP, Host: "proxy", Port: 3128, User: "ana"}},
		{name: "without a scheme", env: env{"https_proxy": "proxy"}, want: http("proxy", 80)},
		{name: "with a slash", env: env{"https_proxy": "proxy:3128/"}, want: http("proxy", 3128)},
		{name: "HTTP_PROXY is for ws", env: env{"HTTP_PROXY": "proxy:1"}, link: ws, want: http("proxy", 1)},
		{name: "HTTP_PROXY is not for MQTT", env: env{"HTTP_PROXY": "proxy:1"}},
		{name: "ALL_PROXY", env: env{"ALL_PROXY": "socks5h://[fe80::1]"}, want: app.Proxy{Kind: app.ProxySOCKS5, Host: "fe80::1", Port: 1080}},
		{name: "lower case wins", env: env{"ALL_PROXY": "upper:1", "all_proxy": "lower:1"}, want: http("lower", 1)},
		{name: "NO_PROXY", env: env{"ALL_PROXY": "proxy:1", "HTTPS_PROXY": "proxy:2", "NO_PROXY": ".example"}},
		{name: "this machine", env: env{"ALL_PROXY": "proxy:1"}, host: "127.0.0.1"},
		{name: "this machine by name", system: system, host: "localhost"},

		{name: "no port", env: env{"HTTPS_PROXY": "proxy:port"}, err: "named"},
		{name: "a port too high", env: env{"HTTPS_PROXY": "proxy:70000"}, err: "named"},
		{name: "nonsense", env: env{"HTTPS_PROXY": "://"}, err: "named"},
		{name: "a blank in it", env: env{"HTTPS_PROXY": "my proxy:3128"}, err: "named"},
		{name: "one slash too few", env: env{"HTTPS_PROXY": "socks5:/proxy:1080"}, err: "named"},
		{name: "a colon too few", env: env{"HTTPS_PROXY": "http//proxy:3128"}, err: "named"},
		{name: "a password that is not escaped", env: env{"HTTPS_PROXY": "http://ana:pass#word@proxy:3128"}, err: "named"},
		{name: "no host", env: env{"HTTPS_PROXY": "http://:3128"}, err: "named"},
		{name: "the other is good", env: env{"HTTPS_PROXY": "proxy:port", "ALL_PROXY": "proxy:1"}, err: "named"},
		{name: "TLS to the proxy", env: env{"ALL_PROXY": "https://proxy"}, err: "named"},
		{name: "SOCKS4", env: env{"ALL_PROXY": "socks4://proxy"}, err: "named"},

		{name: "of the system", system: system, want: http("secure", 2)},
		{name: "of the system, for ws", system: system, link: ws, want: http("plain", 1)},
		{name: "SOCKS of the system", system: settings{socks: "socks:3"}, want: app.Proxy{Kind: app.ProxySOCKS5, Host: "socks", Port: 3}},
		{name: "HTTP alone is not for MQTT", system: settings{plain: "plain:1"}},
		{name: "the environment wins", env: env{"HTTPS_PROXY": "proxy:1"}, system: system, want: http("proxy", 1)},
		{name: "an exception of the system", system: system, host: "b.corp.example"},
		{name: "NO_PROXY without a proxy", env: env{"NO_PROXY": "broker.example"}, system: system},
		{name: "a script", system: settings{script: true}, err: "script"},
		{name: "a script, and a proxy of the environment", env: env{"ALL_PROXY": "proxy:1"}, system: settings{script: true}, want: http("proxy", 1)},
		{name: "a script beside a proxy", system: settings{script: true, secure: "secure:2"}, want: http("secure", 2)},
		{name: "a bad one of the system", system: settings{secure: "secure port"}, err: "named"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := app.ConnectOptions{Host: tt.host, Port: 1883, Link: tt.link}
			if o.Host == "" {
				o.Host = "broker.example"
			}
			s := source{func(name string) string { return tt.env[name] }, func(context.Context) (settings, error) { return tt.system, nil }}
			got, password, err := s.find(t.Context(), o)
			if keyOf(err) != tt.err || (got == nil) != (tt.want == app.Proxy{}) || got != nil && *got != tt.want {
				t.Errorf("%+v, %v", got, err)
			}
			if tt.want.User != "" && password != "p w" {
				t.Errorf("password %q", password.Reveal())
			}
			if err != nil && strings.Contains(err.Error(), "pass") {
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

// keyOf returns what kind of error it is.
func keyOf(err error) string {
	var e *app.Error
	if !errors.As(err, &e) {
		return ""
	}
	return strings.TrimPrefix(e.What.Key, "connect.proxy.")
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	for want, why := range map[string]error{"settings": errors.New("no bus"), "settings.silent": context.DeadlineExceeded} {
		s := source{func(string) string { return "" }, func(context.Context) (settings, error) { return settings{source: gnome}, why }}
		if p, _, err := s.find(t.Context(), app.ConnectOptions{Host: "broker.example", Port: 1}); p != nil || keyOf(err) != want {
			t.Errorf("%v: %v, %v", why, p, err)
		}
	}
}

func TestBypassed(t *testing.T) {
	for _, tt := range []struct {
		host, pattern string
		want          bool
	}{
		{"broker.example", "broker.example", true},
		{"Broker.Example.", "broker.example", true},
		{"broker.example", "example", false},
		{"b.corp.example", "*.corp.example", true},
		{"corp.example", "*.corp.example", false},
		{"b.corp.example.evil", "*.corp.example", false},
		{"10.1.2.3", "10.*", true},
		{"10.1.2.3", "10.0.0.0/8", true},
		{"169.254.7.7", "169.254/16", true},
		{"11.1.2.3", "10.0.0.0/8", false},
		{"fe80::1", "[fe80::1]", true},
		{"fe80::1", "fe80::/10", true},
		{"a.b.c", "a*b*c", true},
		{"ab", "ab*b", false},
		{"anything", "*", true},
		{"broker", "", false},
		{"broker", "10.0.0.0/99", false},
	} {
		if got := bypassed(tt.host, []string{tt.pattern}, false); got != tt.want {
			t.Errorf("%s, %q: %v", tt.host, tt.pattern, got)
		}
	}
	if !bypassed("broker", nil, true) || bypassed("broker.example", nil, true) || bypassed("::1", nil, true) {
		t.Error("names without a dot")
	}
}
