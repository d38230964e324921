package wal

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// made returns a file of a folder, of some chunks as a segment is, and its name.
func made(t *testing.T) (f *onDisk, name string) {
	t.Helper()
	where := beside(filepath.Join(t.TempDir(), "db"))
	made, err := where.Open(0, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = made.Close() })
	s := segment{file: made}
	if err := s.grow(1 << 20); err != nil {
		t.Fatal(err)
	}
	return made.(*onDisk), where.Name(0)
}

// Whichever way a write took, past the cache or through it, the file is what
// was written last.
func TestBothWaysOfWritingAreOneFile(t *testing.T) {
	f, name := made(t)
	want := make([]byte, 1<<20)
	luck := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		size := blockBytes * (1 + luck.IntN(40))
		if n%6 == 5 {
			size = pastBytes + blockBytes // through it
		}
		at := blockBytes * luck.IntN((len(want)-size)/blockBytes)
		b := bytes.Repeat([]byte{byte(n + 1)}, size)
		if _, err := f.WriteAt(b, int64(at)); err != nil {
			t.Fatal(err)
		}
		copy(want[at:], b)
		if n%3 == 0 {
			if err := f.Sync(); err != nil {
				t.Fatal(err)
			}
		}
		got := make([]byte, size)
		if _, err := f.ReadAt(got, int64(at)); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("write %d is not what is read: %v", n, err)
		}
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file is another: %v", err)
	}
}

// What cannot be written past the cache goes through it, from then on.
func TestADiskThatWantsOtherBlocksGetsThemThroughTheCache(t *testing.T) {
	f, name := made(t)
	for n, b := range []string{"no block", "and no other"} {
		if _, err := f.WriteAt([]byte(b), int64(1000*n)); err != nil {
			t.Fatal(err)
		}
		if !f.dirty && f.past == nil {
			t.Errorf("write %d: nobody knows that it is not on the disk", n)
		}
		if err := f.Sync(); err != nil || f.dirty {
			t.Errorf("Sync: %v", err)
		}
		got, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(got[1000*n:], []byte(b)) {
			t.Errorf("write %d is not there: %v", n, err)
		}
	}
}

// A batch needs no sync where writing is one; what came before its file was
// opened, and a new length, do.
func TestSyncIsForWhatIsNotOnTheDisk(t *testing.T) {
	f, name := made(t)
	if f.dirty {
		t.Error("a segment that has grown")
	}
	if _, err := f.WriteAt(make([]byte, blockBytes), 0); err != nil {
		t.Fatal(err)
	}
	if f.dirty != (f.past == nil) {
		t.Errorf("a batch: dirty is %v", f.dirty)
	}
	if err := f.Truncate(blockBytes); err != nil || !f.dirty {
		t.Errorf("a new length: dirty is %v, %v", f.dirty, err)
	}
	again, err := beside(name[:len(name)-len(".log-1")]).Open(0, false)
	if err != nil {
		t.Fatal(err)
	}
	if !again.(*onDisk).dirty {
		t.Error("nobody syncs what a process left that was killed")
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
