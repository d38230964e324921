package wal

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"tidings/brokerlocal/engine/store"
)

// counting is a KV that counts what is put into it, and can be held up.
type counting struct {
	*store.Map
	puts    int
	entered chan struct{} // one for each Update, if there is one
	leave   chan error    // what Update returns, if there is one
}

type countingTx struct {
	store.Tx
	c *counting
}

func (t countingTx) Put(b store.Bucket, key, value []byte) error {
	if b != store.Log {
		t.c.puts++
	}
	return t.Tx.Put(b, key, value)
}

func (c *counting) Update(change func(store.Tx) error) error {
	if c.entered != nil {
		c.entered <- struct{}{}
		if err := <-c.leave; err != nil {
			return err
		}
	}
	return c.Map.Update(func(t store.Tx) error { return change(countingTx{t, c}) })
}

func add(t testing.TB, l *Log, n uint64, size int) {
	t.Helper()
	if err := l.Update(func(tx store.Tx) error {
		return tx.Add(store.Queue, binary.BigEndian.AppendUint64(nil, n), make([]byte, size))
	}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatComesAndGoesNeverReachesTheKVBelow(t *testing.T) {
	base := &counting{Map: store.NewMap()}
	l, err := open(base, &disk{}, Options{Segment: 64 << 10, Chunk: 4 << 10})
	if err != nil {
		t.Fatal(err)
	}
	const ahead, all = 5, 3000
	rotations, active := 0, 0
	for n := range uint64(all) {
		add(t, l, n, 200)
		if n < ahead {
			continue
		}
		if err := l.Update(func(tx store.Tx) error {
			_, err := tx.Take(store.Queue, binary.BigEndian.AppendUint64(nil, n-ahead))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if l.active != active {
			rotations, active = rotations+1, l.active
		}
		if l.front.count > 2*(ahead+1) {
			t.Fatalf("%d changes are in memory", l.front.count)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if limit := (rotations + 1) * (ahead + 1); base.puts > limit || rotations < 3 {
		t.Errorf("%d of %d were put below, in %d checkpoints", base.puts, all, rotations)
	}
}

func TestUpdateWaitsForAKVThatIsTooSlow(t *testing.T) {
	o := Options{Segment: 32 << 10, Chunk: 4 << 10}
	base, d := &counting{Map: store.NewMap()}, &disk{}
	l, err := open(base, d, o)
	if err != nil {
		t.Fatal(err)
	}
	add(t, l, 0, 1)
	base.entered, base.leave = make(chan struct{}, 1), make(chan error)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := uint64(1); n <= 300; n++ {
			add(t, l, n, 300)
		}
	}()
	checkpoints := 0
	for over := false; !over; {
		select {
		case <-base.entered:
			checkpoints++
			for _, f := range d.files {
				if size, _ := f.Size(); size > o.Segment {
					t.Errorf("a segment has %d bytes", size)
				}
			}
			base.leave <- nil
		case <-done:
			over = true
		}
	}
	if checkpoints < 5 {
		t.Errorf("%d checkpoints", checkpoints)
	}
	go func() {
		for range base.entered {
			base.leave <- nil
		}
	}()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	close(base.entered)
}

func TestAKVThatFailsBelowEndsTheLog(t *testing.T) {
	base := &counting{Map: store.NewMap()}
	d := &disk{}
	l, err := open(base, d, Options{Segment: 8 << 10, Chunk: 1 << 10})
	if err != nil {
		t.Fatal(err)
	}
	add(t, l, 0, 1)
	base.entered, base.leave = make(chan struct{}, 100), make(chan error, 100)
	base.leave <- store.ErrDamaged
	n := uint64(1)
	for err = nil; err == nil; n++ {
		err = l.Update(func(tx store.Tx) error {
			return tx.Add(store.Queue, binary.BigEndian.AppendUint64(nil, n), make([]byte, 300))
		})
	}
	if !errors.Is(err, store.ErrDamaged) {
		t.Fatal(err)
	}
	if err := l.View(func(store.Tx) error { return nil }); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("View: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	// What was committed is still in the log.
	again, err := open(&small{Map: base.Map}, d, Options{Segment: 8 << 10, Chunk: 1 << 10})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(stateOf(t, again)); got != int(n)-1 {
		t.Errorf("%d entries are left of %d", got, n-1)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestALogIsSmallWhenItIsClosedAndForNobodyElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	base := store.NewMap()
	l, err := Open(base, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Names(path) {
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a log that nobody used: %v", err)
		}
	}
	add(t, l, 1, 100)
	if info, err := os.Stat(Names(path)[0]); err != nil || info.Size() != defaultChunk || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range Names(path) {
		if info, err := os.Stat(name); err != nil || info.Size() != 0 {
			t.Errorf("closed: %v, %v", info, err)
		}
	}
}

func TestAPanicLeavesHalfATransactionNowhere(t *testing.T) {
	base, d := store.NewMap(), &disk{}
	l, err := open(base, d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, l, 1, 1)
	func() {
		defer func() { _ = recover() }()
		_ = l.Update(func(tx store.Tx) error {
			_ = tx.Put(store.Queue, []byte("half"), []byte("1"))
			panic("at the seams")
		})
	}()
	if err := l.Update(func(store.Tx) error { return nil }); err == nil {
		t.Error("it is used on")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = open(base, d, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := stateOf(t, l); len(got) != 1 {
		t.Error(got)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}
