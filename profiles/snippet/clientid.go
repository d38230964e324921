package snippet

import (
	"unicode/utf8"

	"tidings/app"
)

// ending tells the copies of a connection apart: two clients with one
// identifier end each other's connection [MQTT-3.1.4-3].
func ending(k Kind) string {
	switch k {
	case Subscribe, SubscribeW, CtlSubscribe:
		return "-sub"
	case Publish, PublishW, CtlPublish:
		return "-pub"
	case Go:
		return "-go"
	case Python:
		return "-py"
	case JavaScript:
		return "-js"
	}
	return "-esp32"
}

// maxID31 is the longest client identifier of MQTT 3.1 (§3.1), in bytes.
const maxID31 = 23

// clientID returns the profile's identifier, "" for a random one.
func clientID(p app.Profile) string {
	if p.IDMode == app.ClientIDRandom {
		return ""
	}
	return p.ClientID
}

// ownID returns an identifier for a copy of the connection, "" for a random
// one: not the profile's own, which may be connected.
func ownID(k Kind, p app.Profile) string {
	id, end := clientID(p), ending(k)
	if id == "" {
		return ""
	}
	if room := maxID31 - len(end); p.Version == app.V31 && len(id) > room {
		for room > 0 && !utf8.RuneStart(id[room]) {
			room--
		}
		id = id[:room]
	}
	return id + end
}

// lasting reports whether the copy has the same identifier each time it runs.
func lasting(k Kind, p app.Profile) bool {
	return clientID(p) != "" && (p.IDMode == app.ClientIDFixed || k == Go || k == Python || k == JavaScript)
}

// keepsSession reports whether the copy asks for the session of its last
// connection: nobody can under an identifier that is another one each time.
func keepsSession(k Kind, p app.Profile) bool { return !p.Clean && lasting(k, p) }

// expiry returns for how long the session of the copy is kept, in seconds.
func expiry(k Kind, p app.Profile) uint32 {
	if !lasting(k, p) {
		return 0
	}
	return p.SessionExpiry
}
