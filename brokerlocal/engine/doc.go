// Package engine is a broker for MQTT 3.1, 3.1.1 and 5, without listeners:
// it is given connections and serves each on its caller's goroutine.
//
// # The path of a PUBLISH
//
// The goroutine that called Serve reads a batch of frames and handles each to
// the end; nothing is handed from goroutine to goroutine:
//
//	link reads ─► connection.Frame ─► onPublish (publish.go: alias, ACL, limits)
//	    ─► router.find (route.go: topic → receivers, cached by generation)
//	    ─► forward (QoS 0) or take (QoS 1, 2), then
//	       router.deliver ─► hand, once per receiver (deliver.go):
//	         QoS 0: the frame, encoded once per version and retain flag
//	                (frames.go), is appended to the receiver's link
//	         QoS 1, 2: session.Enqueue, then client.pump appends what the
//	                receiver's window allows
//	    ─► acknowledge (acknowledge.go)
//	connection.EndOfBatch ─► every link that was appended to is flushed; what
//	    the socket does not take is left to a flusher of that link's own
//
// When something durable depends on a message, take makes a publication of it
// instead (durable.go). The journal asks it for its operations (Prepare: the
// numbers in the sessions that are stored), commits them with those of others,
// and tells it (Done): only then it is delivered and acknowledged.
//
// # Who holds what
//
//   - connection: one network connection; its fields belong to the reader,
//     but for those that say otherwise.
//   - client: one session by client identifier, with the connection it has at
//     the moment, if any; its fields stand under client.mu.
//   - registry: the clients by identifier, and whose turn it is: connect,
//     take-over, loss, will and end of one identifier happen one at a time
//     (lifecycle.go).
//
// # Lock order
//
// A turn of the registry, then client.mu, then outbound.mu, then a link's own
// lock. All others are leaves: the registry's map, clock, topic index, retained
// messages, the journal's queue. No lock is held over a system call, and none
// but a turn while the journal is waited for. What the journal calls takes no
// turn.
package engine
