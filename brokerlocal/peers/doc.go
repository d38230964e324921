// Package peers is a module of its own, so that the brokers and client
// libraries it holds Tidings against stay out of the program's go.mod.
//
// load makes MQTT traffic and counts what became of it; fleet runs brokers as
// processes; relay is the ceiling, a broker that only moves bytes; cmd/bench
// puts them together into the table of `make bench-broker`. codec holds the
// wire codec against the codecs of others.
package peers
