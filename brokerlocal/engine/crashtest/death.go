package crashtest

import (
	"fmt"
	"os"

	"tidings/brokerlocal/engine/store"
)

// mortal is a store whose process is killed beside one of its commits: the
// moments that a clock seldom meets.
type mortal struct {
	store.Store
	commits int // until then
	after   bool
}

// death is "5 before" or "5 after" the fifth commit.
func death(commit int, after bool) string {
	when := "before"
	if after {
		when = "after"
	}
	return fmt.Sprintf("%d %s", commit, when)
}

func deathFor(s store.Store, death string) store.Store {
	m := &mortal{Store: s}
	var when string
	_, _ = fmt.Sscan(death, &m.commits, &when)
	m.after = when == "after"
	return m
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
