// Package message is one application message inside the broker: what came in
// with a PUBLISH or a will, in the form in which it is kept and sent on.
//
// A Message never changes once it is made and is shared by all that receive
// it: 100,000 of them may be queued or retained, so each takes two blocks of
// memory, the struct and one for all its bytes. What differs from receiver to
// receiver (packet identifier, flags, subscription identifiers, alias) is a
// Head, given to Append beside the message.
//
// A QoS 0 message that nobody keeps need not be copied at all: a Borrowed is
// filled with what the reader's buffer holds, and sent on from there.
package message
