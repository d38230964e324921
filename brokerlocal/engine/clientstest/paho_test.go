package clientstest

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// python returns a Python that has paho.mqtt, or skips the test. The system's
// own comes second, where another one is first in PATH.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err == nil && program(t, path, "-c", "import paho.mqtt.client").Run() == nil {
			return path
		}
	}
	t.Skip("no Python with paho.mqtt: install python3-paho-mqtt (Debian, Fedora) or python-paho-mqtt (Arch)")
	return ""
}

// TestPahoForPython runs testdata/paho_client.py, which says what it proves.
func TestPahoForPython(t *testing.T) {
	python := python(t)
	script := filepath.Join("testdata", "paho_client.py")
	for _, v := range versions {
		t.Run(v.flag, func(t *testing.T) {
			b := start(t, options{})
			does(t, program(t, python, script, v.level, "tcp", b.url.Hostname(), b.url.Port()))
		})
		t.Run(v.flag+" over WebSocket", func(t *testing.T) {
			b := start(t, options{url: "ws://127.0.0.1:0/mqtt"})
			does(t, program(t, python, script, v.level, "websockets", b.url.Hostname(), b.url.Port()))
		})
	}
}
