package store

// Bucket is one of the ordered maps of a KV.
type Bucket byte

// The buckets, and their keys. Numbers are big-endian, so that order of bytes
// is order of numbers.
const (
	Meta          Bucket = iota // "format", "session"
	Sessions                    // session
	Subscriptions               // session, filter
	Cleared                     // session
	Inbound                     // session, packet identifier
	Queue                       // session, sequence number
	Messages                    // number
	Retained                    // topic
	Log                         // "state" of package wal, out of a Store's sight
	Buckets                     // how many there are
)

// String returns the bucket's name, which a file may use for it.
func (b Bucket) String() string {
	return [...]string{"meta", "sessions", "subscriptions", "cleared", "inbound", "queue", "messages", "retained", "log"}[b]
}

// KV is what a Store is built on: buckets of keys and values that change in
// transactions. It is for one goroutine at a time; but one that package wal is
// to stand in front of allows View beside the Update of another goroutine, of
// which f sees all or nothing.
type KV interface {
	// View calls f with a transaction for reading.
	View(f func(Tx) error) error
	// Update calls f with a transaction for reading and writing, and makes it
	// durable if f returns nil; with an error, of f or its own, nothing is
	// changed. Its own errors wrap ErrFull, ErrDamaged, ErrFailed or ErrClosed.
	Update(f func(Tx) error) error
	// Close ends the use. Calling it again does nothing.
	Close() error
}

// Tx is a transaction. Values that it returns are good until it is over or
// their bucket is changed, and are not to be written to.
type Tx interface {
	// Get returns a value, or nil.
	Get(b Bucket, key []byte) []byte
	// Put sets a value of at least one byte, which must stay as it is until
	// the transaction is over. A key has 1 to 32,768 bytes and is copied.
	Put(b Bucket, key, value []byte) error
	// Add is Put of a key that is not there, which may be cheaper.
	Add(b Bucket, key, value []byte) error
	// Take removes a key and returns the value it had, or nil.
	Take(b Bucket, key []byte) ([]byte, error)
	// Scan calls visit for every key with the prefix, in order, until it
	// returns an error, which Scan returns. visit changes nothing.
	Scan(b Bucket, prefix []byte, visit func(key, value []byte) error) error
}
