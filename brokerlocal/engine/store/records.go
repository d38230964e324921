package store

import (
	"fmt"
	"maps"
	"slices"
)

// records is a Store of records in a KV.
type records struct {
	kv     KV
	closed bool

	sessions    map[uint64]struct{} // that are there
	refs        map[uint64]uint32   // by message number: who refers to it
	last        map[uint64]uint64   // by session: no entry of its queue has a higher number
	nextSession uint64
	nextMessage uint64

	key   []byte            // memory for one
	arena []byte            // values of the batch at work
	marks map[uint64]uint64 // by session: what SetCleared said last in it
	undo  []before
}

// before is how sessions or refs were before a batch changed them.
type before struct {
	session bool // else a message
	number  uint64
	refs    uint32 // 0: was not there
}

const formatVersion = 1

var (
	formatKey  = []byte("format")
	sessionKey = []byte("session")
)

// New returns the store that is in kv. It reads all of it: damage is found
// here (ErrDamaged), and what nothing refers to any more is removed. A format
// it does not know is ErrNewer.
func New(kv KV) (Store, error) {
	s := &records{
		kv: kv, sessions: map[uint64]struct{}{}, refs: map[uint64]uint32{}, last: map[uint64]uint64{},
		nextSession: 1, nextMessage: 1, marks: map[uint64]uint64{},
	}
	fresh := false
	var orphans []place
	err := kv.View(func(tx Tx) (err error) {
		if fresh, err = checkFormat(tx); err != nil || fresh {
			return err
		}
		orphans, err = s.survey(tx)
		return err
	})
	if err != nil || !fresh && len(orphans) == 0 {
		return s, err
	}
	return s, kv.Update(func(tx Tx) error {
		if fresh {
			return s.put(tx, Meta, formatKey, []byte{formatVersion})
		}
		for _, o := range orphans {
			if _, err := tx.Take(o.bucket, o.key); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkFormat reports whether tx is of an empty KV.
func checkFormat(tx Tx) (fresh bool, err error) {
	sealed := tx.Get(Meta, formatKey)
	if sealed == nil {
		for b := range Log {
			err := tx.Scan(b, nil, func(key, _ []byte) error { return damaged(b, key, "no format for the record") })
			if err != nil {
				return false, err
			}
		}
		return true, nil
	}
	v, err := unseal(Meta, formatKey, sealed)
	switch {
	case err != nil:
		return false, err
	case len(v) != 1 || v[0] == 0:
		return false, damaged(Meta, formatKey, "value")
	case v[0] > formatVersion:
		return false, fmt.Errorf("%w: its format is %d, this one knows %d", ErrNewer, v[0], formatVersion)
	}
	return false, nil
}

// place is where a record is.
type place struct {
	bucket Bucket
	key    []byte
}

// survey reads everything once: it checks every seal, counts who refers to
// what, and returns the records that nothing refers to.
func (s *records) survey(tx Tx) (orphans []place, err error) {
	if err := s.surveyNumbers(tx); err != nil {
		return nil, err
	}
	add := func(b Bucket, key []byte) { orphans = append(orphans, place{b, slices.Clone(key)}) }
	refs := map[uint64]uint32{}
	for _, b := range []Bucket{Subscriptions, Cleared, Inbound, Queue} {
		err := tx.Scan(b, nil, func(key, value []byte) error {
			session, n, err := owned(b, key, value)
			if err != nil {
				return err
			}
			if _, ok := s.sessions[session]; !ok {
				add(b, key)
				return nil
			}
			if b == Queue {
				s.last[session] = max(s.last[session], number(key[8:]))
			}
			if n != 0 && n != inline {
				refs[n]++
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	err = tx.Scan(Retained, nil, func(key, value []byte) error {
		n, err := retainedNumber(key, value)
		refs[n]++
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.Scan(Messages, nil, func(key, value []byte) error {
		if _, err := unseal(Messages, key, value); err != nil {
			return err
		}
		if len(key) != 8 {
			return damaged(Messages, key, "key")
		}
		n := number(key)
		s.nextMessage = max(s.nextMessage, n+1)
		if refs[n] == 0 {
			add(Messages, key)
			return nil
		}
		s.refs[n] = refs[n]
		delete(refs, n)
		return nil
	})
	if err == nil && len(refs) > 0 {
		n := slices.Min(slices.Collect(maps.Keys(refs)))
		err = fmt.Errorf("%w: message %d is missing", ErrDamaged, n)
	}
	return orphans, err
}

// surveyNumbers learns which sessions there are, and the next number.
func (s *records) surveyNumbers(tx Tx) error {
	err := tx.Scan(Sessions, nil, func(key, value []byte) error {
		if _, err := unseal(Sessions, key, value); err != nil {
			return err
		}
		if len(key) != 8 || number(key) == 0 {
			return damaged(Sessions, key, "key")
		}
		s.sessions[number(key)] = struct{}{}
		s.nextSession = max(s.nextSession, number(key)+1)
		return nil
	})
	if err != nil {
		return err
	}
	if sealed := tx.Get(Meta, sessionKey); sealed != nil {
		v, err := unseal(Meta, sessionKey, sealed)
		if err != nil {
			return err
		}
		if len(v) != 8 {
			return damaged(Meta, sessionKey, "value")
		}
		s.nextSession = max(s.nextSession, number(v))
	}
	return nil
}

// owned returns the session that a record belongs to, and the number of the
// message it refers to, or 0.
func owned(b Bucket, key, value []byte) (session, n uint64, err error) {
	v, err := unseal(b, key, value)
	if err != nil {
		return 0, 0, err
	}
	want := map[Bucket]int{Cleared: 8, Inbound: 10, Queue: 16}[b]
	if want == 0 && len(key) <= 8 || want != 0 && len(key) != want {
		return 0, 0, damaged(b, key, "key")
	}
	if b == Queue {
		if len(v) < 8 {
			return 0, 0, damaged(b, key, "value")
		}
		n = number(v)
	}
	return number(key), n, nil
}

// retainedNumber returns the number of the message that is retained.
func retainedNumber(key, value []byte) (uint64, error) {
	v, err := unseal(Retained, key, value)
	if err == nil && (len(v) != 8 || number(v) == 0) {
		err = damaged(Retained, key, "value")
	}
	if err != nil {
		return 0, err
	}
	return number(v), nil
}

// Close implements Store.
func (s *records) Close() error {
	s.closed = true
	return s.kv.Close()
}
