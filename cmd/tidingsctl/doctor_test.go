package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tidings/brokerlocal/brokertest"
)

func TestDoctor(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", "sesame"))
	socket := brokertest.RunOver(t, "ws://127.0.0.1:0/mqtt", nil)
	path := filepath.Join(t.TempDir(), "broker.sock")
	brokertest.RunOver(t, "unix:"+path, nil)
	url := strings.Replace(at(server.Port), "//", "//ana@", 1)
	for _, tt := range []struct {
		name, password string
		args           []string
		code           int
		says           string
	}{
		{"it works", "sesame", []string{url, "--topic", "lab/doctor"}, 0, "a message came back"},
		{"its own ID", "sesame", []string{url, "-i", "me", "--timeout", "1"}, 0, "[ok] Client ID me"},
		{"a wrong password", "secret-word", []string{url}, 1, "does not accept this user name or password"},
		{"TLS on a plain port", "sesame", []string{strings.Replace(url, "mqtt", "mqtts", 1)}, 1, "speaks MQTT without TLS"},
		{"a Unix socket", "", []string{"unix:" + path}, 0, "[ok] TCP " + path},
		{"a wrong path", "", []string{strings.Replace(at(socket.Port), "mqtt", "ws", 1) + "/nowhere?token=swordfish"}, 1, "over WebSocket under /mqtt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, "", []string{"TIDINGS_PASSWORD=" + tt.password}, program, append([]string{"doctor"}, tt.args...)...)
			code, out, errs := p.end()
			if code != tt.code || !strings.Contains(out, tt.says) || !strings.Contains(out, "\nResult: ") || errs != "" {
				t.Errorf("exit %d, %q\n%s", code, errs, out)
			}
			if tt.password != "" && strings.Contains(out+errs, tt.password) || strings.Contains(out, "swordfish") {
				t.Errorf("a secret stands in\n%s", out)
			}
		})
	}
}
