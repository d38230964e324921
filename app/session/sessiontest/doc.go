// Package sessiontest holds the contract of app.Client as a suite that every
// implementation passes, and a real mosquitto to run it against.
package sessiontest
