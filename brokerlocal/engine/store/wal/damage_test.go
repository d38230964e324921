package wal

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidings/brokerlocal/engine/store"
)

// written is a log that was killed: contents after each of its batches, of which
// the first are in base already, and the rest in both segments.
func written(t testing.TB) (base *store.Map, d *disk, after []contents, o Options) {
	t.Helper()
	o = Options{Segment: 32 << 10, Chunk: 4 << 10}
	below, d := &small{Map: store.NewMap()}, &disk{}
	l, err := open(below, d, o)
	if err != nil {
		t.Fatal(err)
	}
	now := contents{}
	r := rand.New(rand.NewPCG(7, 7))
	for n := range 240 {
		if err := l.settle(true); err != nil {
			t.Fatal(err)
		}
		if n == 220 {
			below.limit(1) // so that nothing gets there any more
		}
		list := []step{{Bucket: store.Queue, Key: fmt.Sprintf("k%03d", n), Letter: "v", Size: 1 + r.IntN(1200)}}
		if n > 20 && n%3 == 0 {
			list = append(list, step{Bucket: store.Queue, Key: fmt.Sprintf("k%03d", n-20)})
		}
		if err := l.Update(func(tx store.Tx) error { return apply(tx, now, list) }); err != nil {
			t.Fatal(err)
		}
		after = append(after, maps.Clone(now))
	}
	if l.back == nil || l.front.count == 0 {
		t.Fatal("one segment is empty")
	}
	return below.Clone(), d.kept(), after, o
}

// stateOf is what a log has.
func stateOf(t testing.TB, l *Log) contents {
	t.Helper()
	got := contents{}
	if err := l.View(func(tx store.Tx) error {
		return tx.Scan(store.Queue, nil, func(key, value []byte) error {
			got[string(rune('0'+store.Queue))+string(key)] = string(value)
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return got
}

// Wherever one bit of the log is wrong, that is said, and what is salvaged is
// the state after one of the batches; only damage that nothing depended on may
// leave all of them.
func TestAFlippedBitIsNeverSilent(t *testing.T) {
	base, good, after, o := written(t)
	for n, f := range good.files {
		for at := 0; at < len(f.now); at += 61 {
			d := good.kept()
			d.files[n].now[at] ^= 1 << (at % 8)
			b := base.Clone()
			l, damage, err := recovered(b, d, o)
			if err != nil {
				t.Fatal(err)
			}
			if damage == nil {
				t.Fatalf("segment %d, byte %d: no damage was found", n, at)
			}
			if !errors.Is(damage, store.ErrDamaged) || !strings.Contains(damage.Error(), d.Name(n)) {
				t.Fatalf("segment %d, byte %d: %v", n, at, damage)
			}
			if got := stateOf(t, l); !slices.ContainsFunc(after, func(c contents) bool { return maps.Equal(c, got) }) {
				t.Fatalf("segment %d, byte %d: what is left was never there", n, at)
			}
			if _, err := open(b, d, o); !errors.Is(err, ErrDamaged) {
				t.Fatalf("opened: %v", err)
			}
		}
	}
}

// A sector that was never written, one in the place of another, and an end
// that is missing, are damage unless they can be what the last write left.
func TestWrongSectorsAreDamage(t *testing.T) {
	base, good, after, o := written(t)
	last := after[len(after)-1]
	before := after[len(after)-2]
	r := rand.New(rand.NewPCG(1, 1))
	for round := range 2000 {
		d := good.kept()
		n := r.IntN(2)
		b := d.files[n].now
		at := r.IntN(len(b)/blockBytes) * blockBytes
		what := round % 4
		switch what {
		case 0:
			clear(b[at : at+blockBytes])
		case 1:
			copy(b[at:], b[r.IntN(len(b)/blockBytes)*blockBytes:][:blockBytes])
		case 2:
			d.files[n].now = b[:r.IntN(len(b))]
		case 3:
			d.files[n] = nil
		}
		l, damage, err := recovered(base.Clone(), d, o)
		if err != nil {
			t.Fatal(err)
		}
		got := stateOf(t, l)
		switch {
		case damage != nil && !errors.Is(damage, ErrDamaged):
			t.Fatal(damage)
		case damage == nil && !maps.Equal(got, last) && !maps.Equal(got, before):
			t.Fatalf("round %d: something is lost, silently: segment %d, byte %d, %d", round, n, at, what)
		case !slices.ContainsFunc(after, func(c contents) bool { return maps.Equal(c, got) }):
			t.Fatalf("round %d: what is left was never there", round)
		}
	}
}

// A segment never loses its beginning, so one that is empty has been emptied,
// the only one of a young log too.
func TestALogThatSomebodyEmptiedIsDamage(t *testing.T) {
	old, kept, _, o := written(t)
	young, d := store.NewMap(), &disk{}
	l, err := open(young, d, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Update(func(tx store.Tx) error { return tx.Put(store.Queue, []byte("k"), []byte("v")) }); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		base *store.Map
		disk *disk
		n    int
	}{
		"the first of two":  {old, kept.kept(), 0},
		"the second of two": {old, kept.kept(), 1},
		"the only one":      {young, d.kept(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			tt.disk.files[tt.n].now = nil
			_, damage, err := recovered(tt.base.Clone(), tt.disk, o)
			if err != nil || !errors.Is(damage, ErrDamaged) {
				t.Errorf("found %v, %v", damage, err)
			}
		})
	}
}

func TestWhatIsGoodOfADamagedLogIsSalvaged(t *testing.T) {
	base, good, after, o := written(t)
	path := filepath.Join(t.TempDir(), "db")
	names := Names(path)
	last := good.files[0] // of the segments, the one with the last batches
	other := 1
	if f, _ := (&segment{file: last}).read(idOf(t, base), 0, o.Chunk); f.last != uint64(len(after)) {
		other = 0
	}
	good.files[1-other].now[3*blockBytes+40] ^= 1
	for n, f := range good.files {
		if err := os.WriteFile(names[n], f.now, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(base, path, o); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), names[1-other]) {
		t.Fatalf("opened: %v", err)
	}
	lost, err := Salvage(base, path, ".damaged-1", o)
	if err != nil || !errors.Is(lost, ErrDamaged) {
		t.Fatal(lost, err)
	}
	for n, f := range good.files {
		if kept, err := os.ReadFile(names[n] + ".damaged-1"); err != nil || string(kept) != string(f.now) {
			t.Errorf("what was kept aside is not what was there: %v", err)
		}
	}
	l, err := Open(base, path, o)
	if err != nil {
		t.Fatal(err)
	}
	got := stateOf(t, l)
	if i := slices.IndexFunc(after, func(c contents) bool { return maps.Equal(c, got) }); i < 220 || i > len(after)-2 {
		t.Errorf("what is left is of batch %d", i+1)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func idOf(t *testing.T, base store.KV) (id uint32) {
	t.Helper()
	if err := base.View(func(tx store.Tx) (err error) {
		state, _, err := getState(tx)
		id = state.id
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}
