package crashtest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/wal"
)

// mortal is a store whose process is killed beside one of its commits: the
// moments that a clock seldom meets.
type mortal struct {
	store.Store
	commits int // until then; 0 or less: never
	after   bool
}

// atLog are the moments of the log in front of the store, by name.
var atLog = map[string]wal.Moment{
	"growing": wal.Growing, "writing": wal.Writing, "written": wal.Written,
	"rotating": wal.Rotating, "checkpointing": wal.Checkpointing, "checkpointed": wal.Checkpointed,
}

// someDeath is "5 before" or "5 after" the fifth commit, or "5 rotating" for
// the fifth time of that in the log.
func someDeath(r *rand.Rand) string {
	switch chance := r.IntN(4); {
	case chance == 0:
		names := slices.Sorted(maps.Keys(atLog))
		return fmt.Sprint(1+r.IntN(12), " ", names[r.IntN(len(names))])
	case chance == 1:
		return fmt.Sprint(1+r.IntN(3), " ", []string{"rotating", "checkpointing", "checkpointed"}[r.IntN(3)])
	case chance == 2:
		return fmt.Sprint(1+r.IntN(40), " before")
	}
	return fmt.Sprint(1+r.IntN(40), " after")
}

// openMortal opens a store whose log is so short that its segments change
// places often, and which dies as death says, if it does.
func openMortal(path, death string) (store.Store, error) {
	o := bolt.Options{Segment: 256 << 10, Chunk: 16 << 10}
	m := &mortal{}
	var when string
	_, _ = fmt.Sscan(death, &m.commits, &when)
	if moment, ok := atLog[when]; ok {
		var left atomic.Int64
		left.Store(int64(m.commits))
		m.commits = 0
		o.Moment = func(now wal.Moment) {
			if now == moment && left.Add(-1) == 0 {
				die()
			}
		}
	}
	m.after = when == "after"
	var err error
	m.Store, err = bolt.OpenWith(path, o)
	return m, err
}

// Commit is that of the store, or the end of the process.
func (m *mortal) Commit(ops []store.Op) error {
	m.commits--
	if m.commits == 0 && !m.after {
		die()
	}
	err := m.Store.Commit(ops)
	if m.commits == 0 {
		die()
	}
	return err
}

// die kills the process: nothing is flushed and no deferred call runs.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}
