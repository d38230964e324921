// Package fleet runs brokers as processes of their own on free ports of the
// loopback, each in an empty folder, and reads from the system what they
// cost. It knows how every peer is started; what is not installed says so.
package fleet
