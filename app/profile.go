package app

import "time"

// Profile is a saved connection. It never holds the password: that is a
// secret kept under the profile's ID. Not safe for concurrent modification.
type Profile struct {
	ID       string // stable, made once by NewID; names the file and the secret
	Name     string
	Host     string
	Port     int
	TLS      bool
	Version  Version
	ClientID string // empty: a random one for every connection
	User     string
	// AskPassword: the broker wants a password, and it is not kept.
	AskPassword   bool
	Clean         bool
	SessionExpiry uint32 // seconds, MQTT 5
	KeepAlive     time.Duration
	Will          *Will
	Subscriptions []Subscription
	// LocalBroker marks the profile of the broker inside Tidings: its port
	// follows the running broker.
	LocalBroker bool
}

// DefaultProfile returns what a new connection starts from: MQTT 5, port
// 1883, clean start, keep alive 60 s.
func DefaultProfile() Profile {
	return Profile{Port: 1883, Version: V5, Clean: true, KeepAlive: 60 * time.Second}
}

// Options returns the connect options of the profile with the given
// password. Sink is left for the caller to set; an empty ClientID is replaced
// by a random one.
func (p Profile) Options(password Secret) ConnectOptions {
	id := p.ClientID
	if id == "" {
		id = RandomClientID()
	}
	return ConnectOptions{
		Host: p.Host, Port: p.Port, TLS: p.TLS, Version: p.Version, ClientID: id,
		User: p.User, Password: password, Clean: p.Clean, KeepAlive: p.KeepAlive,
		SessionExpiry: p.SessionExpiry, Will: p.Will,
	}
}

// URL returns the address as a person reads it: "mqtt://host:1883" or
// "mqtts://host:8883", without user or password.
func (p Profile) URL() string {
	scheme := "mqtt://"
	if p.TLS {
		scheme = "mqtts://"
	}
	return scheme + ConnectOptions{Host: p.Host, Port: p.Port}.Address()
}
