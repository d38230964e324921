// Package crashtest kills brokers and wears them out.
//
// Run is the crash test: a broker process with a store on disk lives many
// lives, each ended by SIGKILL at a random moment or beside a random commit,
// while publishers and subscribers with sessions keep the rules of the
// standard across all of them. Their own state is safe, for they live in the
// parent, and it is what judges the broker: nothing acknowledged is lost,
// QoS 2 comes exactly once, QoS 1 again only with DUP or because its publisher
// sent it again, all in order, and so on (subscriber.go, inspect.go).
//
//	chapter: set up ─► life ─ kill ─► inspect ─► life ─ kill ─► … ─► drain
//
// Nothing is guessed from time: every stream of a publisher is numbered, and
// first arrivals of a stream have to be 1, 2, 3, … at each subscriber.
//
// Soak is the wear test: clients of all kinds come and go for a long time, and
// memory, goroutines and open files of the process have to stay what they
// were.
//
// Main is the broker process: the test binary itself, started with Environment
// set.
package crashtest
