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

// TestGNOME runs the tool itself, a made-up one.
func TestGNOME(t *testing.T) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(name, "")
	}
	for name, tt := range map[string]struct {
		script string // "" for none at all
		want   app.Proxy
		err    string
	}{
		"no GNOME":  {},
		"no schema": {script: `echo 'No such schema “x”' >&2; exit 1`},
		"broken":    {script: "exit 3", err: "settings"},
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
