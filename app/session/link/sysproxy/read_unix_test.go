//go:build unix && !darwin

package sysproxy

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tidings/app"
)

// noProxies has the environment name no proxy and no desktop.
func noProxies(t *testing.T) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "XDG_CURRENT_DESKTOP"} {
		t.Setenv(name, "")
	}
}

// TestKDE reads its files, and asks nobody else.
func TestKDE(t *testing.T) {
	noProxies(t)
	system, own := t.TempDir(), t.TempDir()
	t.Setenv("PATH", "")
	t.Setenv("XDG_CURRENT_DESKTOP", "KDE")
	t.Setenv("XDG_CONFIG_DIRS", system)
	t.Setenv("XDG_CONFIG_HOME", own)
	for _, tt := range []struct {
		dir, text string
		want      string // host of the proxy
		err       string
	}{
		{own, "", "", ""},
		{system, "[Proxy Settings]\nProxyType=1\nsocksProxy=socks://proxy.example 1080\n", "proxy.example", ""},
		{own, "[Proxy Settings]\nsocksProxy=socks://other.example 1080\n", "other.example", ""},
		{own, "[Proxy Settings]\nProxyType=2\n", "", "script"},
		{own, "[Proxy Settings]\nProxyType=who knows\n", "", "settings"},
	} {
		if err := os.WriteFile(filepath.Join(tt.dir, "kioslaverc"), []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, _, err := Find(t.Context(), app.ConnectOptions{Host: "broker.example", Port: 1883})
		host := ""
		if p != nil {
			host = p.Host
		}
		if host != tt.want || keyOf(err) != tt.err {
			t.Errorf("%q: %+v, %v", tt.text, p, err)
		}
	}
}

// TestGNOME runs the tool itself, a made-up one.
func TestGNOME(t *testing.T) {
	noProxies(t)
	for name, tt := range map[string]struct {
		script string // "" for none at all
		want   app.Proxy
		err    string
	}{
		"no GNOME":  {},
		"no schema": {script: `echo 'No such schema “x”' >&2; exit 1`},
		"broken":    {script: "exit 3", err: "settings"},
		"empty":     {script: "exit 0", err: "settings"},
		"silent":    {script: "exec sleep 60", err: "settings.silent"},
		"a proxy": {script: `test "$LC_ALL $*" = "C list-recursively org.gnome.system.proxy" && echo "org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy.https host 'proxy.example'
org.gnome.system.proxy.https port 3128"`, want: app.Proxy{Kind: app.ProxyHTTP, Host: "proxy.example", Port: 3128}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("PATH", dir)
			if tt.script != "" {
				script := "#!/bin/sh\nPATH=/usr/bin:/bin\n" + tt.script + "\n"
				if err := os.WriteFile(filepath.Join(dir, "gsettings"), []byte(script), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			ctx := t.Context()
			if tt.err == "settings.silent" {
				short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
				defer cancel()
				ctx = short
			}
			p, _, err := Find(ctx, app.ConnectOptions{Host: "broker.example", Port: 1883})
			if keyOf(err) != tt.err || (p == nil) != (tt.want == app.Proxy{}) || p != nil && *p != tt.want {
				t.Errorf("%+v, %v", p, err)
			}
		})
	}
}
