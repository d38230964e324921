package profilecheck_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/profilecheck"
)

func good() app.Profile {
	p := app.DefaultProfile()
	p.Name, p.Host = "Lab", "broker.example.org"
	return p
}

func TestValidate(t *testing.T) {
	long := strings.Repeat("x", 65536)
	for _, tc := range []struct {
		name   string
		change func(*app.Profile)
		want   string // "Field key", comma-separated
	}{
		{"good", func(*app.Profile) {}, ""},
		{"zero", func(p *app.Profile) { *p = app.Profile{} }, "Host check.host_empty,Port check.port,Version check.version,ClientID check.client_id_empty"},
		{"name", func(p *app.Profile) { p.Name = "\xff" }, "Name check.not_utf8"},
		{"any name", func(p *app.Profile) { p.Name = "Дом 🏠/\\:*" }, ""},

		{"port 0", func(p *app.Profile) { p.Port = 0 }, "Port check.port"},
		{"port 1", func(p *app.Profile) { p.Port = 1 }, ""},
		{"port 65535", func(p *app.Profile) { p.Port = 65535 }, ""},
		{"port 65536", func(p *app.Profile) { p.Port = 65536 }, "Port check.port"},

		{"keep alive off", func(p *app.Profile) { p.KeepAlive = 0 }, ""},
		{"keep alive most", func(p *app.Profile) { p.KeepAlive = 65535 * time.Second }, ""},
		{"keep alive beyond", func(p *app.Profile) { p.KeepAlive = 65536 * time.Second }, "KeepAlive check.keep_alive"},
		{"keep alive negative", func(p *app.Profile) { p.KeepAlive = -time.Second }, "KeepAlive check.keep_alive"},
		{"keep alive in parts", func(p *app.Profile) { p.KeepAlive = 1500 * time.Millisecond }, "KeepAlive check.keep_alive"},

		{"3.1, 23 bytes", func(p *app.Profile) { p.Version, p.ClientID = app.V31, long[:23] }, ""},
		{"3.1, 24 bytes", func(p *app.Profile) { p.Version, p.ClientID = app.V31, long[:24] }, "ClientID check.client_id_31"},
		{"3.1, 12 letters of 2 bytes", func(p *app.Profile) { p.Version, p.ClientID = app.V31, strings.Repeat("é", 12) }, "ClientID check.client_id_31"},
		{"3.1.1, 24 bytes", func(p *app.Profile) { p.Version, p.ClientID = app.V311, long[:24] }, ""},
		{"3.1.1, no ID", func(p *app.Profile) { p.Version = app.V311 }, ""},
		{"3.1.1, no ID and a session", func(p *app.Profile) { p.Version, p.Clean = app.V311, false }, "ClientID check.client_id_empty"},
		{"5, no ID and a session", func(p *app.Profile) { p.Clean = false }, "ClientID check.client_id_empty"},
		{"client ID most", func(p *app.Profile) { p.ClientID = long[:65535] }, ""},
		{"client ID beyond", func(p *app.Profile) { p.ClientID = long }, "ClientID check.too_long"},
		{"client ID not UTF-8", func(p *app.Profile) { p.ClientID = "a\xff" }, "ClientID check.not_utf8"},
		{"client ID with NUL", func(p *app.Profile) { p.ClientID = "a\x00" }, "ClientID check.nul"},

		{"user beyond", func(p *app.Profile) { p.User = long }, "User check.too_long"},
		{"password alone, 3.1.1", func(p *app.Profile) { p.Version, p.AskPassword = app.V311, true }, "User check.user_missing"},
		{"password alone, 5", func(p *app.Profile) { p.AskPassword = true }, ""},

		{"will", func(p *app.Profile) { p.Will = &app.Will{Topic: "a/b", Payload: []byte(long[:65535]), QoS: 2} }, ""},
		{"all wrong with a will", func(p *app.Profile) { p.Will = &app.Will{Topic: "a/#", Payload: []byte(long), QoS: 3} },
			"Will.Topic topic.name_wildcard,Will.Payload check.will_payload,Will.QoS check.qos"},
		{"will without topic", func(p *app.Profile) { p.Will = &app.Will{} }, "Will.Topic topic.empty"},

		{"color", func(p *app.Profile) { p.Color = "#20A0ff" }, ""},
		{"bad color", func(p *app.Profile) { p.Color = "blue" }, "Color check.color"},
		{"folder and notes", func(p *app.Profile) { p.Folder, p.Notes = "\xff", "\xff" }, "Folder check.not_utf8,Notes check.not_utf8"},

		{"random ID", func(p *app.Profile) { p.IDMode, p.ClientID = app.ClientIDRandom, "\xff" }, ""},
		{"random ID and a session", func(p *app.Profile) { p.IDMode, p.Clean = app.ClientIDRandom, false }, "ClientID check.client_id_changes"},
		{"3.1, 16 bytes and a suffix", func(p *app.Profile) { p.Version, p.IDMode, p.ClientID = app.V31, app.ClientIDSuffix, long[:16] }, ""},
		{"3.1, 17 bytes and a suffix", func(p *app.Profile) { p.Version, p.IDMode, p.ClientID = app.V31, app.ClientIDSuffix, long[:17] }, "ClientID check.client_id_31"},

		{"SCRAM", func(p *app.Profile) { p.Session.AuthenticationMethod, p.User = app.MethodSCRAM, "ana" }, ""},
		{"SCRAM without a user", func(p *app.Profile) { p.Session.AuthenticationMethod = app.MethodSCRAM }, "User check.scram_user"},
		{"SCRAM, 3.1.1", func(p *app.Profile) { p.Session.AuthenticationMethod, p.Version = app.MethodSCRAM, app.V311 }, "Session.AuthenticationMethod check.auth_version"},
		{"another method", func(p *app.Profile) { p.Session.AuthenticationMethod = "GS2-KRB5" }, "Session.AuthenticationMethod check.auth_method"},
		{"user properties", func(p *app.Profile) { p.Session.User = []app.UserProperty{{Name: "a"}, {Value: "\x00"}} }, "Session.User[1] check.nul"},
		{"user properties, 3.1.1", func(p *app.Profile) {
			p.Version, p.Session.User = app.V311, []app.UserProperty{{Value: "\x00"}}
		}, ""},

		{"properties of a will", func(p *app.Profile) {
			p.Will = &app.Will{Topic: "a", Payload: []byte("\xff"), Properties: &app.Properties{
				PayloadIsUTF8: true, ContentType: "\x00", ResponseTopic: "a/#", CorrelationData: []byte(long), User: []app.UserProperty{{Name: long}},
			}}
		}, "Will.Payload check.will_not_text,Will.Properties.ContentType check.nul,Will.Properties.ResponseTopic topic.name_wildcard," +
			"Will.Properties.CorrelationData check.too_long,Will.Properties.User[0] check.too_long"},
		{"properties of a will, 3.1.1", func(p *app.Profile) {
			p.Version, p.Will = app.V311, &app.Will{Topic: "a", Properties: &app.Properties{ContentType: "\x00"}}
		}, ""},

		{"templates", func(p *app.Profile) {
			p.Templates = []app.Template{{Message: app.Publish{Topic: "a"}}, {Message: app.Publish{Topic: "#"}}, {Message: app.Publish{Topic: "a", QoS: 3}}}
		}, "Templates[1] topic.name_wildcard,Templates[2] check.qos"},
		{"subscriptions", func(p *app.Profile) {
			p.Subscriptions = []app.Subscription{{Filter: "a/#"}, {Filter: "#/a"}, {Filter: "b", QoS: 3}, {Filter: "", QoS: 3}}
		}, "Subscriptions[1] topic.hash_not_last,Subscriptions[2] check.qos,Subscriptions[3] topic.empty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := good()
			tc.change(&p)
			var got []string
			for _, f := range profilecheck.Validate(p) {
				got = append(got, fmt.Sprintf("%s %s", f.Field, f.Err.What.Key))
				if f.Err.Do.IsZero() {
					t.Errorf("%s: nothing to do about it", f.Field)
				}
			}
			if joined := strings.Join(got, ","); joined != tc.want {
				t.Errorf("got  %s\nwant %s", joined, tc.want)
			}
		})
	}
	if profilecheck.Subscription(1) != "Subscriptions[1]" {
		t.Error("the field of a subscription has another name than the finding")
	}
}

func TestHost(t *testing.T) {
	for _, tc := range []struct{ host, want string }{
		{"localhost", ""}, {"192.168.1.20", ""}, {"::1", ""}, {"fe80::1%eth0", ""}, {"::ffff:10.0.0.1", ""},
		{"münchen.example", ""}, {"under_score.local", ""}, {"broker.example.org.", ""}, {strings.Repeat("a", 253), ""},
		{"", "check.host_empty"},
		{"mqtt://broker", "check.host_scheme"}, {"tcp://10.0.0.1:1883", "check.host_scheme"},
		{" broker", "check.host_space"}, {"bro ker", "check.host_space"}, {"broker\n", "check.host_space"},
		{"broker\u200b", "check.host_space"}, {"broker\u00a0", "check.host_space"}, {"a\x00", "check.host_space"}, {"\xff", "check.host_space"},
		{"broker/mqtt", "check.host_path"}, {`\\broker`, "check.host_path"}, {"ana@broker", "check.host_path"}, {"broker?x", "check.host_path"},
		{"[::1]", "check.host_brackets"}, {"[::1]:1883", "check.host_brackets"},
		{strings.Repeat("a", 254), "check.host_long"},
		{"broker:1883", "check.host_port"}, {"broker:", "check.host_port"},
		{"1:2:3", "check.host_ipv6"}, {"::g", "check.host_ipv6"}, {"::1:1883:", "check.host_ipv6"},
	} {
		got := ""
		if err := profilecheck.Host(tc.host); err != nil {
			got = err.What.Key
		}
		if got != tc.want {
			t.Errorf("%q: %q, want %q", tc.host, got, tc.want)
		}
	}
}

// What the check lets through, the address of a connection can hold.
func FuzzHost(f *testing.F) {
	for _, host := range []string{"localhost", "::1", "fe80::1%25", "a:1", "\u202e"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		p := good()
		p.Host = host
		findings := profilecheck.Validate(p)
		if want := profilecheck.Host(host) != nil; want != (len(findings) == 1) {
			t.Fatalf("%q: %v", host, findings)
		}
		if len(findings) == 0 && strings.ContainsAny(host, " /@[]\n\x00") {
			t.Fatalf("%q passes", host)
		}
		if again := profilecheck.Validate(p); !reflect.DeepEqual(again, findings) {
			t.Fatalf("%q: judged in two ways", host)
		}
	})
}
