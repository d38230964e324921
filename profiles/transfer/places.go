package transfer

import (
	"path/filepath"

	"tidings/app/moving"
)

// System says where programs keep their files.
type System struct {
	GOOS string
	Home string                   // the person's folder; empty: unknown
	Env  func(name string) string // as os.Getenv
}

// Places returns where other clients leave their files on a system, whether
// there are such files or not. MQTTX is not among them: it has a database,
// from which a person exports. Safe for concurrent use.
func Places(s System) []moving.Source {
	if s.Home == "" {
		return nil
	}
	under := func(f moving.Format, parts ...string) moving.Source {
		return moving.Source{Format: f, Path: filepath.Join(parts...)}
	}
	const fx, spy = "mqttfx-config.xml", "mqtt-spy-configuration.xml"
	explorer := filepath.FromSlash("MQTT-Explorer/settings.json")
	either := func(name string, otherwise ...string) string {
		if v := s.Env(name); filepath.IsAbs(v) {
			return v
		}
		return filepath.Join(append([]string{s.Home}, otherwise...)...)
	}
	list := []moving.Source{under(moving.FormatMQTTSpy, s.Home, "mqtt-spy", spy)}
	client := func(dir string) {
		list = append(list, under(moving.FormatMosquittoClient, dir, "mosquitto_sub"), under(moving.FormatMosquittoClient, dir, "mosquitto_pub"))
	}
	switch s.GOOS {
	case "windows":
		roaming, local := either("APPDATA", "AppData", "Roaming"), either("LOCALAPPDATA", "AppData", "Local")
		list = append(list, under(moving.FormatExplorer, roaming, explorer),
			under(moving.FormatMQTTfx, local, "MQTT-FX", fx), under(moving.FormatMQTTfx, s.Home, "MQTT-FX", fx))
		client(s.Home)
	case "darwin":
		support := []string{"Library", "Application Support"}
		sandbox := filepath.Join(s.Home, "Library", "Containers", "de.t7n.apps.mqtt-explorer", "Data")
		for _, base := range []string{s.Home, sandbox} {
			list = append(list, under(moving.FormatExplorer, base, support[0], support[1], explorer))
		}
		list = append(list, under(moving.FormatMQTTfx, s.Home, support[0], support[1], "MQTT-FX", fx))
		client(either("XDG_CONFIG_HOME", ".config"))
	default:
		config := either("XDG_CONFIG_HOME", ".config")
		list = append(list, under(moving.FormatExplorer, config, explorer),
			under(moving.FormatExplorer, s.Home, "snap", "mqtt-explorer", "current", ".config", explorer),
			under(moving.FormatMQTTfx, s.Home, "MQTT-FX", fx))
		client(config)
	}
	return list
}
