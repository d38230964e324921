package enginetest

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPipeCarriesBytesBothWaysAndEnds(t *testing.T) {
	a, b := Pipe(16)
	if _, err := a.Write([]byte("ping")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Write([]byte("pong")); err != nil {
		t.Fatal(err)
	}
	_ = a.CloseWrite()
	if got, err := io.ReadAll(b); err != nil || string(got) != "ping" {
		t.Errorf("%q %v", got, err)
	}
	_ = b.Close()
	if got, err := io.ReadAll(a); err != nil || string(got) != "pong" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := a.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after CloseWrite: %v", err)
	}
}

func TestPipeBlocksAWriterWhoseReaderIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe(4)
		done := false
		go func() {
			_, _ = a.Write([]byte("123456"))
			done = true
		}()
		synctest.Wait()
		if done {
			t.Error("six bytes went into a buffer of four")
		}
		got := make([]byte, 6)
		if _, err := io.ReadFull(b, got); err != nil || string(got) != "123456" {
			t.Errorf("%q %v", got, err)
		}
		synctest.Wait()
		if !done {
			t.Error("the writer still waits")
		}
	})
}

func TestPipeKeepsDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := Pipe(4)
		start := time.Now()
		_ = a.SetDeadline(start.Add(time.Hour))
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read: %v", err)
		}
		if _, err := a.Write([]byte("12345")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write: %v", err)
		}
		if d := time.Since(start); d != time.Hour {
			t.Errorf("after %v", d)
		}
		_ = a.SetDeadline(time.Time{})
		go func() {
			time.Sleep(time.Hour)
			_ = a.Close()
		}()
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read of a closed end: %v", err)
		}
	})
}
