// Package engine is a broker for MQTT 3.1, 3.1.1 and 5, without listeners:
// it is given connections and serves each on its caller's goroutine.
//
// # The path of a PUBLISH
//
// The goroutine that called Serve reads a batch of frames and handles each to
// the end; nothing is handed from goroutine to goroutine:
//
//	link reads ─► connection.Frame ─► onPublish (publish.go: alias, limits, ACL)
//	    ─► routes.find (route.go: topic → receivers, cached by generation)
//	    ─► QoS 0: sendNow (deliver.go): encoded once per version and retain
//	       flag, appended to the link of every receiver
//	    ─► QoS 1, 2: deliver (deliver.go): session.Enqueue, then client.pump
//	       appends what the window allows; or, when something durable depends
//	       on it, a work item goes to the journal (durable.go) and the same
//	       happens after its commit
//	    ─► acknowledge (acknowledge.go)
//	connection.EndOfBatch ─► every link that was appended to is kicked; its
//	    flusher writes all of it in one system call
//
// # Who holds what
//
//   - connection: one network connection; its fields belong to the reader.
//   - client: one session by client identifier, with the connection it has at
//     the moment, if any; its fields stand under client.mu.
//   - registry: the clients by identifier, under registry.mu.
//
// # Lock order
//
// registry.mu, then client.mu, then a link's outbound lock. The locks of the
// clock, of the topic index, of the retained messages and of the journal's
// queue are leaves: nothing is taken while one is held. No lock is held over
// a system call, and none while the journal is waited for.
package engine
