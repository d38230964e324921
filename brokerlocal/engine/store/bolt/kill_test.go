package bolt_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/storetest"
)

// killPath in the environment makes the test binary the process that is
// killed.
const killPath = "TIDINGS_STORE_TO_KILL"

// entries is how many of them each batch has; its number is in each.
const entries = 20

// commitForEver commits batches, the first numbered from, and prints the
// number of each when it is durable. It drops old ones, so that pages are used
// again, and shares one message with a retained topic.
func commitForEver(path string) error {
	// The segments of so short a log change places with almost every batch.
	s, err := bolt.OpenWith(path, bolt.Options{Segment: 256 << 10, Chunk: 16 << 10})
	if err != nil {
		return err
	}
	from := uint64(0)
	if _, err := s.Load(func(op store.Op) error {
		if c, ok := op.(store.SetCleared); ok {
			from = c.Seq / entries
		}
		return nil
	}); err != nil {
		return err
	}
	if err := s.Commit([]store.Op{storetest.Session(1)}); err != nil {
		return err
	}
	for n := from + 1; ; n++ {
		if err := s.Commit(numbered(n)); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// kept is how many batches stay in the store.
const kept = 30

func numbered(n uint64) []store.Op {
	m := storetest.Message("shared", strconv.FormatUint(n, 10))
	ops := []store.Op{store.PutRetained{Message: m}, store.SetCleared{Session: 1, Seq: n * entries}}
	for i := range uint64(entries) {
		ops = append(ops, storetest.Queued(1, (n-1)*entries+i+1, m))
		if n > kept {
			ops = append(ops, store.DropQueued{Session: 1, Seqs: []uint64{(n-kept-1)*entries + i + 1}})
		}
		m = storetest.Message("own", strconv.FormatUint(n, 10)+string(make([]byte, 300*i)))
	}
	return ops
}

func TestKilledAtAnyMoment(t *testing.T) {
	rounds := 100
	if testing.Short() {
		rounds = 10
	}
	p := newPlace(t)
	printed := uint64(0)
	for round := range rounds {
		last := killOne(t, p.path, time.Duration(rand.IntN(60_000))*time.Microsecond)
		if last != 0 && last < printed {
			t.Fatalf("round %d: batch %d came after %d", round, last, printed)
		}
		printed = max(printed, last)
		check(t, p.path, printed)
	}
	t.Logf("%d batches of %d in %d rounds", printed, entries, rounds)
	if printed == 0 {
		t.Error("nothing was ever committed")
	}
}

// killOne runs the child until it has printed its first number and delay has
// passed, and returns the last number it printed; 0: none.
func killOne(t *testing.T, path string, delay time.Duration) (last uint64) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), killPath+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var kill *time.Timer
	for lines.Scan() {
		if kill == nil {
			kill = time.AfterFunc(delay, func() { _ = child.Process.Kill() })
		}
		n, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			continue // cut short by the kill
		}
		last = n
	}
	_ = child.Wait() // it was killed
	if kill == nil {
		t.Fatal("the child committed nothing")
	}
	return last
}

// check finds the batches up to the last one whole: printed, or one more.
func check(t *testing.T, path string, printed uint64) {
	t.Helper()
	s, err := bolt.OpenWith(path, bolt.Options{Chunk: 16 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	cleared, retained, next := uint64(0), uint64(0), uint64(0)
	if _, err := s.Load(func(op store.Op) error {
		switch op := op.(type) {
		case store.SetCleared:
			cleared = op.Seq / entries
			next = max(cleared, kept)*entries - kept*entries + 1
		case store.PutQueued:
			if want := (op.Seq-1)/entries + 1; op.Seq != next || numberOf(op.Message.Payload) != want {
				return fmt.Errorf("entry %d of batch %d is %d of %d", next, want, op.Seq, numberOf(op.Message.Payload))
			}
			next++
		case store.PutRetained:
			retained = numberOf(op.Message.Payload)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if cleared < printed || cleared > printed+1 || retained != cleared || next != cleared*entries+1 {
		t.Fatalf("printed %d, stored: cleared %d, retained %d, entries up to batch %d", printed, cleared, retained, (next-1)/entries)
	}
}

// numberOf returns the batch number that a payload begins with.
func numberOf(payload []byte) (n uint64) {
	for _, c := range payload {
		if c == 0 {
			break
		}
		n = n*10 + uint64(c-'0')
	}
	return n
}
