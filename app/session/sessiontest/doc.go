// Package sessiontest holds the contract of app.Client as a suite that every
// implementation passes, a real mosquitto to run it against, and scripted
// brokers that break the rules.
package sessiontest
