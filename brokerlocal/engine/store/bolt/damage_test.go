package bolt_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/storetest"
	"tidings/brokerlocal/engine/store/wal"
)

const page = 4096

// filled makes a store with some of everything, and returns its file's bytes.
func filled(t testing.TB) []byte {
	t.Helper()
	p := newPlace(t)
	s, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	ops := []store.Op{storetest.Session(1), storetest.Session(2)}
	for i := range uint64(400) {
		m := storetest.Message("topic/"+strings.Repeat("x", int(i%7)), strings.Repeat("p", int(i*13%9000)))
		ops = append(ops, storetest.Queued(1+i%2, i+1, m), store.PutRetained{Message: m})
		if i%40 == 0 {
			if err := s.Commit(ops); err != nil {
				t.Fatal(err)
			}
			ops = nil
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(p.path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// use does with the store at path what a broker does. Only the error counts;
// a panic, a fault or an endless wait ends the test.
func use(path string) error {
	s, err := bolt.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if _, err := s.Load(func(store.Op) error { return nil }); err != nil {
		return err
	}
	for i := range uint64(5) {
		m := storetest.Message("new", strings.Repeat("n", 5000))
		ops := []store.Op{storetest.Session(1), storetest.Session(9), storetest.Queued(9, i+1, m), store.PutRetained{Message: m}}
		for seq := range uint64(50) {
			ops = append(ops, store.DropQueued{Session: 1, Seqs: []uint64{seq + 50*i}})
		}
		if err := s.Commit(ops); err != nil {
			return err
		}
	}
	return s.Commit([]store.Op{store.DropSession{Session: 1}, store.DropSession{Session: 2}})
}

// damages are ways in which a file goes bad.
var damages = map[string]func(r *rand.Rand, b []byte) []byte{
	"bits flipped": func(r *rand.Rand, b []byte) []byte {
		for range 1 + r.IntN(20) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b
	},
	"bits flipped in page headers": func(r *rand.Rand, b []byte) []byte {
		for range 1 + r.IntN(4) {
			b[page*(2+r.IntN(len(b)/page-2))+r.IntN(48)] ^= 1 << r.IntN(8)
		}
		return b
	},
	"page never written": func(r *rand.Rand, b []byte) []byte {
		clear(somePage(r, b))
		return b
	},
	"page of garbage": func(r *rand.Rand, b []byte) []byte {
		p := somePage(r, b)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		return b
	},
	"page in the place of another": func(r *rand.Rand, b []byte) []byte {
		to := somePage(r, b)
		id := append([]byte(nil), to[:8]...)
		copy(to, somePage(r, b))
		if r.IntN(2) == 0 {
			copy(to, id) // and with its name
		}
		return b
	},
	"end cut off": func(r *rand.Rand, b []byte) []byte { return b[:1+r.IntN(len(b)-1)] },
}

func somePage(r *rand.Rand, b []byte) []byte {
	i := page * (2 + r.IntN(len(b)/page-2))
	return b[i : i+page]
}

func TestDamageIsAnErrorNeverACrash(t *testing.T) {
	good := filled(t)
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	path := filepath.Join(t.TempDir(), "data.db")
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			found := 0
			for seed := range uint64(rounds) {
				b := damage(rand.New(rand.NewPCG(seed, 1)), append([]byte(nil), good...))
				if err := os.WriteFile(path, b, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := use(path); errors.Is(err, store.ErrDamaged) {
					found++
				} else if err != nil {
					t.Errorf("seed %d: %v", seed, err)
				}
			}
			t.Logf("%d of %d found", found, rounds)
			if found == 0 {
				t.Error("no damage was found")
			}
		})
	}
}

// However little is left of a file, it is damaged and not in the way.
func TestAFileCutOffAnywhereIsDamage(t *testing.T) {
	good := filled(t)
	path := filepath.Join(t.TempDir(), "data.db")
	for _, size := range []int{1, 512, 1024, page - 1, page, page + 1, 2*page - 1, 2 * page, 3 * page, 4*page - 1} {
		if err := os.WriteFile(path, good[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := bolt.Open(path); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%d of %d bytes left: %v", size, len(good), err)
			if err == nil {
				_ = s.Close()
			}
		}
		_ = os.Remove(path)
	}
}

func TestDamagedFileIsKeptAside(t *testing.T) {
	p := newPlace(t)
	for n, name := range []string{".damaged-1", ".damaged-2"} {
		bad := []byte(strings.Repeat("no store ", 2000+n))
		if err := os.WriteFile(p.path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, aside, damage, err := bolt.OpenOrSetAside(p.path)
		if err != nil {
			t.Fatal(err)
		}
		if aside != p.path+name || !errors.Is(damage, store.ErrDamaged) || !strings.Contains(damage.Error(), p.path) {
			t.Errorf("kept as %q because of: %v", aside, damage)
		}
		if kept, _ := os.ReadFile(aside); string(kept) != string(bad) {
			t.Error("what was kept is not what was there")
		}
		if err := s.Commit([]store.Op{storetest.Session(1)}); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	s, aside, damage, err := bolt.OpenOrSetAside(p.path)
	if err != nil || aside != "" || damage != nil {
		t.Errorf("a good file: %q, %v, %v", aside, damage, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// killed makes a store at path whose process has ended without Close, so that
// the newest entries are in the log alone, and returns how many there are.
func killed(t *testing.T, path string) (entries uint64) {
	t.Helper()
	p := newPlace(t)
	s, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	for entries < 50 {
		entries++
		ops := []store.Op{storetest.Session(1), storetest.Queued(1, entries, storetest.Message("t", strings.Repeat("p", 900)))}
		if err := s.Commit(ops); err != nil {
			t.Fatal(err)
		}
		if entries == 30 { // these are in the file
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s, err = p.Open(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n, from := range p.files() {
		b, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(place{path: path}.files()[n], b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestDamagedLogIsKeptAsideAndTheRestIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	entries := killed(t, path)
	log := wal.Names(path)[0]
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	b[40*512+100] ^= 4
	if err := os.WriteFile(log, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, aside, damage, err := bolt.OpenOrSetAside(path)
	if err != nil {
		t.Fatal(err)
	}
	if aside != log+".damaged-1" || !errors.Is(damage, store.ErrDamaged) || !strings.Contains(damage.Error(), log) {
		t.Errorf("kept as %q because of: %v", aside, damage)
	}
	if kept, _ := os.ReadFile(aside); string(kept) != string(b) {
		t.Error("what was kept is not what was there")
	}
	found := uint64(0)
	if _, err := s.Load(func(op store.Op) error {
		if q, ok := op.(store.PutQueued); ok {
			if found++; q.Seq != found {
				t.Errorf("entry %d comes after %d", q.Seq, found-1)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if found < 40 || found >= entries {
		t.Errorf("%d of %d entries are left", found, entries)
	}
	if err := errors.Join(s.Commit([]store.Op{storetest.Session(2)}), s.Close()); err != nil {
		t.Error(err)
	}
}

func TestALogThatIsGoneIsDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	killed(t, path)
	if err := os.Remove(wal.Names(path)[1]); err != nil {
		t.Fatal(err)
	}
	if err := use(path); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), wal.Names(path)[1]) {
		t.Errorf("opened: %v", err)
	}
}

// A log without its file is kept aside and reported: it may be all that is
// left, and who took the file away may not know what the log is.
func TestALogWithoutItsFileIsKeptAside(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"gone": os.Remove, "empty": func(path string) error { return os.Truncate(path, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.db")
			killed(t, path)
			if err := lose(path); err != nil {
				t.Fatal(err)
			}
			log, err := os.ReadFile(wal.Names(path)[0])
			if err != nil {
				t.Fatal(err)
			}
			s, aside, damage, err := bolt.OpenOrSetAside(path)
			if err != nil || !errors.Is(damage, store.ErrDamaged) {
				t.Fatalf("%v, because of %v", err, damage)
			}
			if kept, _ := os.ReadFile(aside); len(kept) == 0 || string(kept) != string(log) {
				t.Errorf("%s has %d bytes of %d", aside, len(kept), len(log))
			}
			if err := errors.Join(s.Commit([]store.Op{storetest.Session(2)}), s.Close(), use(path)); err != nil {
				t.Error(err)
			}
		})
	}
}

// When the file is damaged, the log is of no use without it.
func TestDamagedFileTakesItsLogAlong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	killed(t, path)
	if err := os.WriteFile(path, []byte(strings.Repeat("no store ", 2000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, aside, damage, err := bolt.OpenOrSetAside(path)
	if err != nil || aside != path+".damaged-1" || damage == nil {
		t.Fatalf("%q, %v, %v", aside, damage, err)
	}
	for _, name := range (place{path: path}).files() {
		if _, err := os.Stat(name + ".damaged-1"); err != nil {
			t.Error(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
