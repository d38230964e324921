package sysproxy

import "strings"

const macOS = "macOS"

// fromScutil reads what "scutil --proxy" prints: "Key : value" in each line,
// lists and dictionaries in braces. What stands in inner dictionaries is about
// single network interfaces.
func fromScutil(out string) settings {
	values, s := map[string]string{}, settings{source: macOS}
	var within []string
	for line := range strings.Lines(out) {
		key, value, found := strings.Cut(strings.TrimSpace(line), " : ")
		switch {
		case strings.HasSuffix(line, "{\n"), strings.HasSuffix(line, "{"):
			within = append(within, key)
		case strings.TrimSpace(line) == "}":
			within = within[:max(0, len(within)-1)]
		case !found:
		case len(within) == 1:
			values[key] = strings.TrimSpace(value)
		case len(within) == 2 && within[1] == "ExceptionsList":
			s.bypass = append(s.bypass, strings.TrimSpace(value))
		}
	}
	at := func(kind string) string {
		host, port := values[kind+"Proxy"], values[kind+"Port"]
		switch {
		case values[kind+"Enable"] != "1" || host == "":
			return ""
		case port == "":
			return host
		}
		return withPort(host, port)
	}
	s.plain, s.secure, s.socks = at("HTTP"), at("HTTPS"), at("SOCKS")
	s.simple = values["ExcludeSimpleHostnames"] == "1"
	s.script = values["ProxyAutoConfigEnable"] == "1" || values["ProxyAutoDiscoveryEnable"] == "1"
	return s
}
