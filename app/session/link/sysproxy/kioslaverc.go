package sysproxy

import (
	"errors"
	"fmt"
	"strings"
)

const kde = "KDE"

// fromKioslaverc reads KDE's kioslaverc from files, each of which may be empty.
func fromKioslaverc(files ...string) (settings, error) {
	values := kdeValues(files)
	s := settings{source: kde}
	switch kind := values["ProxyType"]; kind {
	case "", "0", "4": // none, and the environment, which has been asked
		return s, nil
	case "1":
	case "2", "3":
		s.script = true
		return s, nil
	default:
		return s, fmt.Errorf("kioslaverc names the ProxyType %q", kind)
	}
	if values["ReversedException"] == "true" {
		return s, errors.New("kioslaverc uses its proxies for exceptions alone")
	}
	s.plain, s.secure = kdeAddress(values["httpProxy"]), kdeAddress(values["httpsProxy"])
	s.socks = strings.TrimPrefix(kdeAddress(values["socksProxy"]), "socks://")
	var hosts []string
	for host := range strings.FieldsFuncSeq(values["NoProxyFor"], func(r rune) bool { return r == ',' || r == ' ' }) {
		hosts = append(hosts, host)
	}
	s.bypass = andBelow(hosts)
	return s, nil
}

// kdeValues reads the keys of one group. What stands in a later file replaces
// what stands in those before, unless these say with "[$i]" that it may not.
func kdeValues(files []string) map[string]string {
	values, fixed := map[string]string{}, map[string]bool{}
	for _, text := range files {
		group := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") {
				group = line
			}
			key, value, found := strings.Cut(line, "=")
			if !found || strings.TrimSuffix(group, "[$i]") != "[Proxy Settings]" {
				continue
			}
			key, flags, _ := strings.Cut(key, "[")
			key = strings.TrimSpace(key)
			if fixed[key] {
				continue
			}
			values[key] = strings.TrimSpace(value)
			fixed[key] = flags == "$i]" || strings.HasSuffix(group, "[$i]")
		}
	}
	return values
}

// kdeAddress reads "http://host 8080", the port apart or not.
func kdeAddress(value string) string {
	host, port, found := strings.Cut(value, " ")
	if port = strings.TrimSpace(port); !found || port == "" {
		return host
	}
	return withPort(host, port)
}
