package sysproxy

import (
	"reflect"
	"testing"
)

func TestGSettings(t *testing.T) {
	const head = "org.gnome.system.proxy autoconfig-url ''\norg.gnome.system.proxy ignore-hosts ['localhost', '*.corp.example', '10.0.0.0/8']\n"
	const hosts = "org.gnome.system.proxy.http host 'plain'\norg.gnome.system.proxy.http port 8080\n" +
		"org.gnome.system.proxy.https host ''\norg.gnome.system.proxy.https port 0\n" +
		"org.gnome.system.proxy.socks host 'fe80::1'\norg.gnome.system.proxy.socks port 1080\n"
	skip := []string{"localhost", "*.localhost", "corp.example", "*.corp.example", "10.0.0.0/8", "*.10.0.0.0/8"}
	for name, tt := range map[string]struct {
		out  string
		want settings
	}{
		"none":       {head + "org.gnome.system.proxy mode 'none'\n" + hosts, settings{source: gnome, bypass: skip}},
		"manual":     {head + hosts + "org.gnome.system.proxy mode 'manual'\n", settings{source: gnome, plain: "plain:8080", socks: "[fe80::1]:1080", bypass: skip}},
		"auto":       {"org.gnome.system.proxy mode 'auto'\n" + hosts, settings{source: gnome, script: true}},
		"empty list": {"org.gnome.system.proxy ignore-hosts @as []\norg.gnome.system.proxy mode 'none'\n", settings{source: gnome}},
		"a scheme": {"org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy.https host 'http://p/'\norg.gnome.system.proxy.https port 1\n",
			settings{source: gnome, secure: "http://p:1"}},
	} {
		if got, err := fromGSettings(tt.out); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, out := range []string{"", "\n", head + hosts, "org.gnome.system.proxy mode 'off'\n", "org.gnome.system.proxy mode ''\n", "garbage"} {
		if got, err := fromGSettings(out); err == nil {
			t.Errorf("%q is taken for %+v", out, got)
		}
	}
}

func TestKioslaverc(t *testing.T) {
	const manual = "[Proxy Settings]\nProxyType=1\n"
	for name, tt := range map[string]struct {
		files []string
		want  settings
		wrong bool
	}{
		"no file":       {nil, settings{source: kde}, false},
		"other groups":  {[]string{"[Cache]\nProxyType=1\nhttpsProxy=http://p 1\n"}, settings{source: kde}, false},
		"off":           {[]string{"[Proxy Settings]\nProxyType=0\nhttpsProxy=http://p 1\n"}, settings{source: kde}, false},
		"environment":   {[]string{"[Proxy Settings]\nProxyType=4\nhttpsProxy=HTTPS_PROXY\n"}, settings{source: kde}, false},
		"script":        {[]string{"[Proxy Settings]\nProxyType=2\n"}, settings{source: kde, script: true}, false},
		"found":         {[]string{"[Proxy Settings]\r\nProxyType=3\r\n"}, settings{source: kde, script: true}, false},
		"unknown":       {[]string{"[Proxy Settings]\nProxyType=7\n"}, settings{source: kde}, true},
		"only for some": {[]string{manual + "ReversedException=true\nhttpsProxy=http://p 1\n"}, settings{source: kde}, true},
		"manual": {[]string{manual + "httpProxy=http://plain 8080\nhttpsProxy=http://secure:2\nsocksProxy=socks://fe80::1 1080\nNoProxyFor=.corp.example, lab\n"},
			settings{source: kde, plain: "http://plain:8080", secure: "http://secure:2", socks: "[fe80::1]:1080",
				bypass: []string{"corp.example", "*.corp.example", "lab", "*.lab"}}, false},
		"one's own wins": {[]string{manual + "httpsProxy=http://p 1\n", "[Proxy Settings]\nhttpsProxy=http://q 2\n"},
			settings{source: kde, secure: "http://q:2"}, false},
		"unless it is fixed": {[]string{"[Proxy Settings]\nProxyType[$i]=1\nhttpsProxy=http://p 1\n", "[Proxy Settings]\nProxyType=0\n"},
			settings{source: kde, secure: "http://p:1"}, false},
		"or all of it is": {[]string{"[Proxy Settings][$i]\nProxyType=1\nhttpsProxy=http://p 1\n", "[Proxy Settings]\nProxyType=0\nhttpsProxy=\n"},
			settings{source: kde, secure: "http://p:1"}, false},
	} {
		if got, err := fromKioslaverc(tt.files...); (err != nil) != tt.wrong || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestScutil(t *testing.T) {
	const scoped = "  __SCOPED__ : <dictionary> {\n    en0 : <dictionary> {\n      HTTPSEnable : 1\n      HTTPSProxy : wrong\n    }\n  }\n"
	for name, tt := range map[string]struct {
		out  string
		want settings
	}{
		"nothing": {"", settings{source: macOS}},
		"none":    {"<dictionary> {\n  FTPPassive : 1\n" + scoped + "}\n", settings{source: macOS}},
		"all": {"<dictionary> {\n  ExceptionsList : <array> {\n    0 : *.local\n    1 : 169.254/16\n  }\n  ExcludeSimpleHostnames : 1\n" +
			"  HTTPEnable : 0\n  HTTPPort : 1\n  HTTPProxy : off\n  HTTPSEnable : 1\n  HTTPSPort : 8443\n  HTTPSProxy : secure\n" + scoped +
			"  SOCKSEnable : 1\n  SOCKSPort : 1080\n  SOCKSProxy : fe80::1\n}\n",
			settings{source: macOS, secure: "secure:8443", socks: "[fe80::1]:1080", bypass: []string{"*.local", "169.254/16"}, simple: true}},
		"script":     {"<dictionary> {\n  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://pac\n}\n", settings{source: macOS, script: true}},
		"script off": {"<dictionary> {\n  ProxyAutoConfigEnable : 0\n  ProxyAutoConfigURLString : http://pac\n}\n", settings{source: macOS}},
		"found":      {"<dictionary> {\n  ProxyAutoDiscoveryEnable : 1\n}", settings{source: macOS, script: true}},
	} {
		if got := fromScutil(tt.out); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestInternetSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		in   internetSettings
		want settings
	}{
		"nothing": {internetSettings{}, settings{source: windows}},
		"off":     {internetSettings{server: "proxy:8080", override: "<local>"}, settings{source: windows}},
		"for all": {internetSettings{enable: true, server: "proxy:8080", override: "localhost;127.*;<local>;https://x.example"},
			settings{source: windows, plain: "proxy:8080", secure: "proxy:8080", bypass: []string{"localhost", "127.*", "x.example"}, simple: true}},
		"by protocol": {internetSettings{enable: true, server: "http=a:1;HTTPS=http://b:2;ftp=c:3;socks=d:4"},
			settings{source: windows, plain: "a:1", secure: "http://b:2", socks: "d:4", bypass: []string{""}}},
		"script": {internetSettings{at: "http://pac"}, settings{source: windows, script: true}},
	} {
		if got := tt.in.settings(); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzSettings: whatever a system's tool prints, it is read or refused.
func FuzzSettings(f *testing.F) {
	f.Add("org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy.https host 'a'\norg.gnome.system.proxy.https port 1\n", "b")
	f.Add("<dictionary> {\n  HTTPSEnable : 1\n  HTTPSProxy : a\n}\n}\n", "b.example")
	f.Add("[Proxy Settings]\nProxyType=1\nhttpsProxy=http://a 1\n", "b")
	f.Add("http=a:1;https=b:2", "10.0.0.1")
	f.Fuzz(func(t *testing.T, out, host string) {
		g, _ := fromGSettings(out)
		k, _ := fromKioslaverc(out, host)
		for _, s := range []settings{g, k, fromScutil(out), internetSettings{enable: true, server: out, override: out}.settings()} {
			if p, _, err := s.proxy(host, false); p != nil && (err != nil || p.Host == "" || p.Port < 1 || p.Port > 65535) {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}
