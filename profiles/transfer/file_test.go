package transfer_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer"
)

func key(err error) string {
	var known *app.Error
	if !errors.As(err, &known) {
		return ""
	}
	return known.What.Key
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	f, err := os.Create(large)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(transfer.MaxFile+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none"): "moving.not_read", dir: "moving.not_read", large: "moving.too_large", os.DevNull: "moving.not_read",
	} {
		if _, err := transfer.Load(t.Context(), path); key(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := transfer.Load(ctx, large); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
}

func TestSaveAsksBeforeItReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.toml")
	if err := transfer.Save(path, []byte("one"), false); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read it: %v %v", info.Mode(), err)
	}
	if err := transfer.Save(path, []byte("two"), false); !errors.Is(err, fs.ErrExist) || key(err) != "moving.exists" {
		t.Errorf("over an existing file: %v", err)
	}
	if got := string(read(t, path)); got != "one" {
		t.Errorf("it was written over all the same: %q", got)
	}
	if err := transfer.Save(path, []byte("two"), true); err != nil || string(read(t, path)) != "two" {
		t.Errorf("asked to replace: %v", err)
	}
	for _, bad := range []string{"", "relative.toml", filepath.Dir(path), filepath.Join(filepath.Dir(path), "no", "such", "x")} {
		if err := transfer.Save(bad, nil, true); key(err) != "moving.not_saved" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("rubbish is left: %v %v", left, err)
	}
}

func TestPlaces(t *testing.T) {
	none := func(string) string { return "" }
	config := t.TempDir() // an absolute path on every system
	tests := []struct {
		system transfer.System
		want   []string
	}{
		{transfer.System{GOOS: "linux", Home: "/home/ana", Env: none}, []string{
			"/home/ana/mqtt-spy/mqtt-spy-configuration.xml", "/home/ana/.config/MQTT-Explorer/settings.json",
			"/home/ana/snap/mqtt-explorer/current/.config/MQTT-Explorer/settings.json", "/home/ana/MQTT-FX/mqttfx-config.xml",
			"/home/ana/.config/mosquitto_sub", "/home/ana/.config/mosquitto_pub",
		}},
		{transfer.System{GOOS: "linux", Home: "/home/ana", Env: func(n string) string { return map[string]string{"XDG_CONFIG_HOME": config}[n] }}, []string{
			filepath.ToSlash(config) + "/MQTT-Explorer/settings.json", filepath.ToSlash(config) + "/mosquitto_sub",
		}},
		{transfer.System{GOOS: "windows", Home: "/u/ana", Env: none}, []string{
			"/u/ana/AppData/Roaming/MQTT-Explorer/settings.json", "/u/ana/AppData/Local/MQTT-FX/mqttfx-config.xml", "/u/ana/MQTT-FX/mqttfx-config.xml", "/u/ana/mosquitto_pub",
		}},
		{transfer.System{GOOS: "darwin", Home: "/Users/ana", Env: none}, []string{
			"/Users/ana/Library/Application Support/MQTT-Explorer/settings.json",
			"/Users/ana/Library/Containers/de.t7n.apps.mqtt-explorer/Data/Library/Application Support/MQTT-Explorer/settings.json",
			"/Users/ana/Library/Application Support/MQTT-FX/mqttfx-config.xml",
		}},
		{transfer.System{GOOS: "linux", Env: none}, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range transfer.Places(tt.system) {
			got = append(got, filepath.ToSlash(p.Path))
		}
		for _, want := range tt.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %s is not looked for, only %v", tt.system.GOOS, want, got)
			}
		}
		if tt.want == nil && len(got) > 0 {
			t.Errorf("without a home: %v", got)
		}
	}
}

func TestThere(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "mqtt-spy", "mqtt-spy-configuration.xml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	places := transfer.Places(transfer.System{GOOS: "linux", Home: home, Env: func(string) string { return "" }})
	if found := transfer.There(t.Context(), places); found != nil {
		t.Errorf("nothing is there, found %v", found)
	}
	if err := os.WriteFile(path, []byte("<x/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	found := transfer.There(t.Context(), places)
	if len(found) != 1 || found[0] != (moving.Source{Format: moving.FormatMQTTSpy, Path: path}) || strings.Contains(path, "..") {
		t.Errorf("found %v", found)
	}
}
