package wal

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"tidings/brokerlocal/engine/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// contents is what a KV must have, by bucket and key.
type contents map[string]string

// run is one random run: a log in front of a map, on a disk that may fail.
type run struct {
	options Options
	disk    *disk
	base    *small
	log     *Log
	want    contents
	random  *rand.Rand
}

// However it is used, killed, filled up, and cut off from power, what a log has
// said to be safe is there, and nothing else but the batch under way.
func TestWhatWasCommittedIsThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := &run{disk: &disk{}, base: &small{Map: store.NewMap()}, want: contents{}}
		r.options.Chunk = rapid.SampledFrom([]int64{512, 2048, 4096}).Draw(rt, "chunk")
		r.options.Segment = r.options.Chunk * rapid.SampledFrom([]int64{2, 8, 32}).Draw(rt, "chunks")
		r.random = rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "luck"), 0))
		r.open(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"update":  func(rt *rapid.T) { _, _ = r.update(rt) },
			"again":   func(rt *rapid.T) { _, _ = r.update(rt) },
			"refuse":  r.refuse,
			"reopen":  func(rt *rapid.T) { r.close(rt); r.open(rt) },
			"kill":    func(rt *rapid.T) { r.die(rt, r.disk.kept()) },
			"cut off": func(rt *rapid.T) { r.die(rt, r.disk.left(r.random)) },
			"fail":    r.fail,
			"fill":    r.fill,
			"empty":   func(*rapid.T) { r.empty() },
			"":        r.compare,
		})
		r.empty()
		_, _ = r.update(rt)
		r.close(rt)
		if n := len(r.disk.files[0].now) + len(r.disk.files[1].now); n > 0 {
			rt.Fatalf("%d bytes of log are left", n)
		}
		r.open(rt)
		r.compare(rt)
		r.close(rt)
	})
}

func (r *run) open(t *rapid.T) {
	var err error
	if r.log, err = open(r.base, r.disk, r.options); err != nil {
		t.Fatal(err)
	}
}

func (r *run) close(t *rapid.T) {
	if err := r.log.Close(); err != nil {
		t.Fatal(err)
	}
}

// step is a change of a random transaction.
type step struct {
	Bucket store.Bucket
	Key    string
	Letter string
	Size   int // of a value of these letters; 0: the key is taken
}

func (s *step) value() string { return strings.Repeat(s.Letter, s.Size) }

func steps(t *rapid.T) []step {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		s := step{
			Bucket: rapid.SampledFrom([]store.Bucket{store.Meta, store.Queue, store.Retained}).Draw(t, "bucket"),
			Key:    rapid.StringMatching(`[ab]{1,3}`).Draw(t, "key"),
		}
		s.Letter = rapid.StringMatching(`[a-z]`).Draw(t, "letter")
		s.Size = rapid.SampledFrom([]int{0, 0, 1, 30, 490, 3000}).Draw(t, "size")
		return s
	}), 1, 6).Draw(t, "steps")
}

func (s *step) place() string { return string(rune('0'+s.Bucket)) + s.Key }

// apply makes the changes in tx and in c.
func apply(t store.Tx, c contents, list []step) error {
	for _, s := range list {
		old, there := c[s.place()]
		if s.Size == 0 {
			got, err := t.Take(s.Bucket, []byte(s.Key))
			if err != nil || string(got) != old {
				return fmt.Errorf("took %q of %q, want %q: %w", got, s.Key, old, err)
			}
			delete(c, s.place())
			continue
		}
		put := t.Put
		if !there {
			put = t.Add
		}
		if err := put(s.Bucket, []byte(s.Key), []byte(s.value())); err != nil {
			return err
		}
		c[s.place()] = s.value()
		if got := t.Get(s.Bucket, []byte(s.Key)); string(got) != s.value() {
			return fmt.Errorf("put %q, found %q", s.value(), got)
		}
	}
	return nil
}

// update makes a random change and returns what there is if it is made.
func (r *run) update(t *rapid.T) (next contents, err error) {
	list := steps(t)
	next = maps.Clone(r.want)
	err = r.log.Update(func(tx store.Tx) error { return apply(tx, next, list) })
	switch {
	case err == nil:
		r.want = next
	case errors.Is(err, store.ErrFull) && (r.disk.room > 0 || r.base.room > 0):
	case errors.Is(err, errCut):
	default:
		t.Fatal(err)
	}
	return next, err
}

// refuse makes a change that ends with an error.
func (r *run) refuse(t *rapid.T) {
	list, no := steps(t), errors.New("no")
	err := r.log.Update(func(tx store.Tx) error {
		return errors.Join(no, apply(tx, maps.Clone(r.want), list))
	})
	if !errors.Is(err, no) && !errors.Is(err, store.ErrFull) {
		t.Fatal(err)
	}
}

// die goes on with what is left on a disk.
func (r *run) die(t *rapid.T, left *disk) {
	base := r.base.Clone()
	_ = r.log.settle(true)
	r.disk, r.base = left, &small{Map: base}
	r.open(t)
}

// fail has the disk fail within the next few operations, in whichever it is:
// then the process is killed, or the power is cut.
func (r *run) fail(t *rapid.T) {
	r.disk.cut = 2 + rapid.IntRange(0, 12).Draw(t, "operations")
	for range 12 {
		next, err := r.update(t)
		if !errors.Is(err, errCut) {
			continue
		}
		left := r.disk.kept()
		if rapid.Bool().Draw(t, "power") {
			left = r.disk.left(r.random)
		}
		r.die(t, left)
		if got := r.contents(t); maps.Equal(got, next) {
			r.want = next // nobody was told, but it is there as a whole
		}
		return
	}
	r.disk.cut = 0
}

// fill leaves no room on the disk, or below.
func (r *run) fill(t *rapid.T) {
	r.disk.room = int64(rapid.IntRange(1, 4000).Draw(t, "room"))
	r.base.limit(rapid.SampledFrom([]int{0, 100, 2000, 10_000}).Draw(t, "room below"))
}

// empty makes room, and has the log try at once what it would after a pause.
func (r *run) empty() {
	_ = r.log.settle(true)
	r.disk.room = 0
	r.log.again, r.log.full, r.log.unready = time.Time{}, time.Time{}, time.Time{}
	r.base.limit(0)
}

func (r *run) contents(t *rapid.T) contents {
	got := contents{}
	err := r.log.View(func(tx store.Tx) error {
		for b := range store.Log {
			var last []byte
			err := tx.Scan(b, nil, func(key, value []byte) error {
				if bytes.Compare(last, key) >= 0 {
					return fmt.Errorf("%q comes after %q", key, last)
				}
				last = slices.Clone(key)
				got[string(rune('0'+b))+string(key)] = string(value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (r *run) compare(t *rapid.T) {
	if got := r.contents(t); !maps.Equal(got, r.want) {
		t.Fatal(difference(got, r.want))
	}
	if err := r.log.View(func(tx store.Tx) error {
		n := 0
		for place := range r.want {
			if strings.HasPrefix(place, string(rune('0'+store.Queue))+"a") {
				n++
			}
		}
		return errors.Join(nil, tx.Scan(store.Queue, []byte("a"), func(key, value []byte) error {
			if n--; n < 0 || string(value) != string(tx.Get(store.Queue, key)) {
				return fmt.Errorf("%q was scanned", key)
			}
			return nil
		}))
	}); err != nil {
		t.Fatal(err)
	}
}

// difference says what is wrong, in short.
func difference(got, want contents) string {
	var b strings.Builder
	for place, v := range want {
		if g := got[place]; g != v {
			fmt.Fprintf(&b, "%s is %.3q (%d), want %.3q (%d)\n", place, g, len(g), v, len(v))
		}
	}
	for place, g := range got {
		if want[place] == "" {
			fmt.Fprintf(&b, "%s is %.3q (%d), want nothing\n", place, g, len(g))
		}
	}
	return b.String()
}
