package sysproxy

import (
	"context"
	"errors"

	"golang.org/x/sys/windows/registry"
)

// read reads what a person chose under "Proxy" in the settings of Windows.
func read(context.Context) (settings, error) {
	none := settings{source: windows}
	k, err := registry.OpenKey(registry.CURRENT_USER, `Software\Microsoft\Windows\CurrentVersion\Internet Settings`, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	defer func() { _ = k.Close() }()
	var v internetSettings
	on, _, err := k.GetIntegerValue("ProxyEnable")
	v.enable = on != 0
	for name, to := range map[string]*string{"ProxyServer": &v.server, "ProxyOverride": &v.override, "AutoConfigURL": &v.at} {
		var wrong error
		if *to, _, wrong = k.GetStringValue(name); wrong != nil && !errors.Is(wrong, registry.ErrNotExist) {
			err = wrong
		}
	}
	if err != nil && !errors.Is(err, registry.ErrNotExist) {
		return none, err
	}
	return v.settings(), nil
}
