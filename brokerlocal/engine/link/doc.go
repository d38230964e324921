// Package link turns a net.Conn into whole MQTT frames coming in and a queue
// of frames going out. It knows the fixed header and the size caps of
// app/mqtt/wire and nothing else of MQTT: no packet, no session.
//
// Inbound (serve.go, inbound.go): one goroutine, that of Serve. Frames alias
// the read buffer. A TCP or Unix connection holds a buffer only while there
// are bytes to read (raw_unix.go); others have one that adapts to the traffic
// (the same file's counterpart). Sizes are held against the caps before
// memory is taken, and memory for a large frame grows with the bytes that
// arrived.
//
// Outbound (out.go, flush.go): Append copies into pooled chunks under a lock
// that no system call is ever made under. Flush tries one write that cannot
// block, on the caller's goroutine; what is left is written by a flusher, a
// goroutine that lives only while there is something to write. So a stalled
// peer blocks its own flusher and nobody else.
//
// Between links (ahead.go, unread_linux.go): a PUBLISH that woke its reader
// lets the SUBSCRIBE of another link that is there already go ahead.
//
// An idle connection is one parked goroutine, one timer and the Conn: no
// buffer, no chunk, no flusher.
package link
