package store

import "errors"

// maxFailures is how many commits of one batch may fail before the rest of it
// is given up: on a full disk each costs writing.
const maxFailures = 24

// apart carries out a batch that failed as a whole, in halves, so that an item
// that is too large or makes no sense fails alone. It returns how many failed.
func (j *Journal) apart(items []Item, err error) (failed int) {
	failures := 0
	var split func(first, last int, err error)
	try := func(first, last int) {
		e := err
		if failures < maxFailures && !final(err) {
			e = j.commit(first, last)
		}
		if e != nil {
			err = e
			failures++
			split(first, last, e)
			return
		}
		for i := first; i < last; i++ {
			j.done(items[i], i, nil)
		}
	}
	split = func(first, last int, e error) {
		if last-first == 1 {
			if len(j.opsOf(first, last)) == 0 {
				j.done(items[first], first, nil)
				return
			}
			j.settle(first)
			failed++
			j.done(items[first], first, e)
			return
		}
		middle := (first + last) / 2
		try(first, middle)
		try(middle, last)
	}
	split(0, len(items), err)
	return failed
}

// final reports whether no further commit can succeed.
func final(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, ErrFailed) || errors.Is(err, ErrClosed)
}

// settle keeps the operations of a failed item if all of them say what has
// already happened elsewhere: a message was acknowledged, a session has ended.
// They go first with every commit until one succeeds, so that the order of
// operations is kept, and a disk that was full for a while leaves nothing
// behind that would be delivered again.
func (j *Journal) settle(i int) {
	ops := j.opsOf(i, i+1)
	for _, op := range ops {
		switch op.(type) {
		case DropQueued, DropSession:
		default:
			return
		}
	}
	j.owed = append(j.owed, ops...)
}
