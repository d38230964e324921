package app

import (
	"crypto/rand"
	"strings"
)

// NewID returns a new random identifier: 26 lower-case letters and digits,
// safe as a file name on every system.
func NewID() string { return strings.ToLower(rand.Text()) }

// RandomClientID returns a client identifier of 16 letters and digits: within
// the 23 that every broker must take (MQTT 3.1.1 §3.1.3.1, [MQTT-3.1.3-5]).
func RandomClientID() string { return "tidings" + NewID()[:9] }
