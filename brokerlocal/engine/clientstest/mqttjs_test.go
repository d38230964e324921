package clientstest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// mqttJS is what is asked of npm.
const mqttJS = "mqtt@5.16.0"

// nodePath returns the folder that has MQTT.js, or skips the test.
func nodePath(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no cache folder for MQTT.js: %v", err)
	}
	cache = filepath.Join(cache, "tidings-tests", mqttJS)
	modules := filepath.Join(cache, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "mqtt", "package.json")); err == nil {
		return modules
	}
	npm, err := exec.LookPath("npm")
	if err != nil || os.Getenv("TIDINGS_NPM") != "1" {
		t.Skip("MQTT.js is not there: with npm installed, TIDINGS_NPM=1 lets this test fetch it into " + cache)
	}
	fresh := cache + ".new" // what is cut short is not taken for whole
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		t.Fatal(err)
	}
	install := program(t, npm, "install", "--prefix", fresh, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", mqttJS)
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm install %s: %v\n%s", mqttJS, err, out)
	}
	if err := os.Rename(fresh, cache); err != nil {
		t.Fatal(err)
	}
	return modules
}

// TestMQTTjsOverWebSocket runs testdata/mqttjs.js, which says what it proves.
func TestMQTTjsOverWebSocket(t *testing.T) {
	node := find(t, "node")
	modules := nodePath(t)
	c := makeCerts(t)
	for _, v := range versions {
		for _, scheme := range []string{"ws", "wss"} {
			t.Run(v.flag+" over "+scheme, func(t *testing.T) {
				o := options{url: scheme + "://127.0.0.1:0/mqtt", tls: c.config(t, false)}
				b := start(t, o)
				js := program(t, node, filepath.Join("testdata", "mqttjs.js"), v.level, b.url.String(), c.ca)
				js.Env = append(os.Environ(), "NODE_PATH="+modules)
				does(t, js)
			})
		}
	}
}
