//go:build linux

package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/storetest"
)

// fullPath in the environment makes the test binary the process that finds
// the disk full.
const fullPath = "TIDINGS_STORE_TO_FILL"

// fillUp fills a store whose file may not grow beyond a limit, twice, and
// checks that it can be used on each time. It is a process of its own because
// the limit is the process's.
func fillUp(path string) error {
	if os.Getenv("TIDINGS_STORE_LIMIT") != "" {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 2 << 20, Max: 2 << 20}); err != nil {
			return err
		}
	}
	o := bolt.Options{}
	if os.Getenv("TIDINGS_STORE_SEGMENTS") != "" { // both are in use when the disk is full
		o = bolt.Options{Segment: 1 << 20, Chunk: 64 << 10}
	}
	s, err := bolt.OpenWith(path, o)
	if err != nil {
		return err
	}
	if err := s.Commit([]store.Op{storetest.Session(1)}); err != nil {
		return err
	}
	first, last := uint64(1), uint64(0)
	for range 3 {
		for err = nil; err == nil; {
			err = s.Commit([]store.Op{entryOf(last + 1)})
			if err == nil {
				last++
			}
		}
		if !errors.Is(err, store.ErrFull) {
			return fmt.Errorf("after %d entries: %w", last-first+1, err)
		}
		if last-first < 50 {
			return fmt.Errorf("full after %d entries", last-first+1)
		}
		if err := holds(s, first, last); err != nil {
			return err
		}
		// Who fetches what fills the disk is noted first, and how far it is sent.
		for range 5 {
			back := storetest.Session(1)
			if err := s.Commit([]store.Op{back, store.SetCleared{Session: 1, Seq: first}}); err != nil {
				return fmt.Errorf("a client that comes back: %w", err)
			}
		}
		for ; last-first > 20; first++ { // makes room
			if err := s.Commit([]store.Op{store.DropQueued{Session: 1, Seqs: []uint64{first}}}); err != nil {
				return fmt.Errorf("dropping %d of %d: %w", first, last, err)
			}
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = bolt.OpenWith(path, o); err != nil {
		return err
	}
	return errors.Join(holds(s, first, last), s.Close())
}

func entryOf(seq uint64) store.Op {
	return storetest.Queued(1, seq, storetest.Message(fmt.Sprint("t/", seq), strings.Repeat("x", 20_000)))
}

func holds(s store.Store, first, last uint64) error {
	next := first
	_, err := s.Load(func(op store.Op) error {
		q, ok := op.(store.PutQueued)
		if !ok {
			return nil
		}
		if q.Seq != next || q.Message.Topic != fmt.Sprint("t/", next) {
			return fmt.Errorf("entry %d is %d with %s", next, q.Seq, q.Message.Topic)
		}
		next++
		return nil
	})
	if err == nil && next != last+1 {
		err = fmt.Errorf("the last of %d entries is %d", last, next-1)
	}
	return err
}

func TestFullDiskLosesNothingAndIsUsedOn(t *testing.T) {
	p := newPlace(t)
	run := func(t *testing.T, path string, env ...string) {
		t.Helper()
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(append(os.Environ(), fullPath+"="+path), env...)
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	t.Run("file size limit", func(t *testing.T) { run(t, p.path, "TIDINGS_STORE_LIMIT=1") })
	if small := smallDisk(t, 3); small != "" {
		t.Run("disk of 3 MiB", func(t *testing.T) { run(t, small+"/data.db") })
		t.Run("disk of 3 MiB, short segments", func(t *testing.T) { run(t, smallDisk(t, 3)+"/data.db", "TIDINGS_STORE_SEGMENTS=1") })
		// where the first segment of the log is filled as the disk is
		t.Run("disk of 6 MiB", func(t *testing.T) { run(t, smallDisk(t, 6)+"/data.db") })
	}
}

// smallDisk returns the folder of a file system of some MiB, or "" where none
// may be mounted.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", size)); err != nil {
		t.Logf("no small disk here: %v", err)
		return ""
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}
