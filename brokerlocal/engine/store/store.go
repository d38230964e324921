package store

import "errors"

// What can go wrong with a store. Errors of Open, Load and Commit wrap one of
// these where it applies; the text around it names file, bucket or key.
var (
	// ErrFull says that there is no room: nothing of the batch was stored, what
	// was stored before is safe, and the store can be used on.
	ErrFull = errors.New("no room left in the store")
	// ErrDamaged says that what was read is not what was written. The store
	// does nothing more; its file should be kept aside.
	ErrDamaged = errors.New("the store is damaged")
	// ErrLocked says that another program has the file open.
	ErrLocked = errors.New("the store is in use by another program")
	// ErrNewer says that a newer version of the program wrote the store. The
	// file is good and should be left alone.
	ErrNewer = errors.New("the store was written by a newer version")
	// ErrFailed says that the disk refused a write or a sync, so that nobody
	// knows what of it is durable. The store does nothing more.
	ErrFailed = errors.New("the store cannot be written")
	// ErrClosed says that store or journal were closed.
	ErrClosed = errors.New("the store is closed")
)

// Store keeps what outlives the process. Commit and Close are for one
// goroutine, the Journal's; Load is called before it starts.
type Store interface {
	// Load calls visit with operations that, committed to an empty store in
	// this order, give the present state:
	//
	//	for every session, by number: PutSession, its PutSubscription by filter,
	//	  SetCleared if it was ever set, its PutInbound by identifier,
	//	  and its queue by sequence number: PutQueued, or SetReleased for an
	//	  entry whose PUBREC was there;
	//	then PutRetained by topic.
	//
	// Entries for the same message carry the same *message.Message, which has
	// its Number set. Nothing is left out because of its age: expiry is the
	// caller's. next is a session number that was never used, nor any above
	// it. An error of visit ends Load and is returned as it is.
	Load(visit func(Op) error) (next uint64, err error)

	// Commit applies ops in order, whole or, with an error, not at all, and
	// returns when they are on the disk. Messages get their Number here: a
	// message belongs to the open store that first saw it, and to no other.
	// After ErrFull the store can be used on, and so after an operation that
	// makes no sense (a queue entry without a message).
	Commit(ops []Op) error

	// Close ends the use of the store; what was committed is safe without.
	// Calling it again does nothing.
	Close() error
}
