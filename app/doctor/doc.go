// Package doctor finds out why a connection does not come about: it goes the
// way of a connection step by step, and says of each step how it went, what
// that means and what to do. It stands on the very code that connects
// (app/session/link, app/certs) and speaks MQTT by hand (app/mqtt/wire), so
// that it can look at whatever a stranger answers.
//
// A Doctor examines one connection once. Run does the work; Report may be read
// meanwhile, and shows the steps as they run. examination.go is the order of
// the steps; reach.go, open.go, connect.go and rights.go are the steps;
// further.go tries after a failure what may explain it. talk.go reads packets
// within bounds, speaks.go tells by a few bytes what somebody speaks.
//
// The broker is asked as a client of its own: with a random client identifier,
// a clean session and no last will, so that no running connection is thrown
// out and no session touched, unless Params say otherwise.
package doctor
