package app

// Version is the MQTT protocol level as it stands in the CONNECT packet
// (MQTT 5.0 §3.1.2.2; MQTT 3.1.1 §3.1.2.2).
type Version byte

// The three protocol levels Tidings speaks.
const (
	V31  Version = 3 // MQTT 3.1, protocol name "MQIsdp"
	V311 Version = 4 // MQTT 3.1.1
	V5   Version = 5 // MQTT 5.0
)

// String returns the version as people write it: "3.1", "3.1.1" or "5".
func (v Version) String() string {
	switch v {
	case V31:
		return "3.1"
	case V311:
		return "3.1.1"
	case V5:
		return "5"
	}
	return "?"
}

// ParseVersion is the inverse of String. It reports false for anything else.
func ParseVersion(s string) (Version, bool) {
	for _, v := range []Version{V31, V311, V5} {
		if v.String() == s {
			return v, true
		}
	}
	return 0, false
}
