package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"

	"tidings/app"
	"tidings/profiles/secrets"
)

// memory is a keyring that keeps its secrets in memory, fails, or hangs.
type memory struct {
	mu      sync.Mutex
	kept    map[string]string
	fail    error
	release chan struct{} // calls wait for it when it is not nil
	inside  int
	most    int // so many calls were inside at once
	total   int
}

func newMemory() *memory { return &memory{kept: map[string]string{}} }

func (m *memory) enter() error {
	m.mu.Lock()
	m.inside++
	m.total++
	m.most = max(m.most, m.inside)
	release := m.release
	m.mu.Unlock()
	if release != nil {
		<-release
	}
	m.mu.Lock()
	m.inside--
	return m.fail
}

func (m *memory) Get(service, user string) (string, error) {
	err := m.enter()
	defer m.mu.Unlock()
	text, ok := m.kept[service+"|"+user]
	if err == nil && !ok {
		err = keyring.ErrNotFound
	}
	return text, err
}

func (m *memory) Set(service, user, password string) error {
	err := m.enter()
	defer m.mu.Unlock()
	if err == nil {
		m.kept[service+"|"+user] = password
	}
	return err
}

func (m *memory) Delete(service, user string) error {
	err := m.enter()
	defer m.mu.Unlock()
	if _, ok := m.kept[service+"|"+user]; err == nil && !ok {
		err = keyring.ErrNotFound
	}
	delete(m.kept, service+"|"+user)
	return err
}

func (m *memory) hang(release chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.release = release
}

// counts returns how many calls came in, and how many were inside at once.
func (m *memory) counts() (total, most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.total, m.most
}

func TestNamesInTheKeyring(t *testing.T) {
	p := newMemory()
	k := secrets.NewKeyringOver("home1", p, quiet())
	if err := k.Set(t.Context(), "profile", "x"); err != nil {
		t.Fatal(err)
	}
	if p.kept["Tidings|home1/profile"] != "x" {
		t.Errorf("kept as %v", p.kept)
	}
}

func TestProbe(t *testing.T) {
	p := newMemory()
	k := secrets.NewKeyringOver("test", p, quiet())
	if err := k.Probe(t.Context()); err != nil {
		t.Errorf("an empty keyring works: %v", err)
	}
	if len(p.kept) != 0 {
		t.Errorf("the probe wrote %v", p.kept)
	}
	p.fail = errors.New("no such service")
	err := k.Probe(t.Context())
	var known *app.Error
	if !errors.Is(err, secrets.ErrUnavailable) || !errors.Is(err, p.fail) || !errors.As(err, &known) {
		t.Errorf("probe: %v", err)
	}
}

func TestTooBigForTheSystem(t *testing.T) {
	p := newMemory()
	p.fail = fmt.Errorf("wrapped: %w", keyring.ErrSetDataTooBig)
	k := secrets.NewKeyringOver("test", p, quiet())
	if err := k.Set(t.Context(), "a", "x"); !errors.Is(err, secrets.ErrTooLarge) {
		t.Errorf("set: %v", err)
	}
}

// go-keyring refuses more than 2,560 bytes on Windows, and a command of more
// than 4,096 on macOS, where the secret stands in Base64.
func TestLimitFitsTheKeyringsOfAllSystems(t *testing.T) {
	const windows, mac, namespace, id = 2560, 4096, 64, 200
	command := len("add-generic-password -U -s Tidings -a '' -w 'go-keyring-base64:'\n") + namespace + len("/") + id + (secrets.MaxKeyring+2)/3*4
	if secrets.MaxKeyring > windows || command > mac {
		t.Errorf("%d bytes of %d on Windows, %d of %d on macOS", secrets.MaxKeyring, windows, command, mac)
	}
}

func TestPromptNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newMemory()
		k := secrets.NewKeyringOver("test", p, quiet())
		release := make(chan struct{})
		p.hang(release)

		start := time.Now()
		if err := k.Set(t.Context(), "a", "late"); !errors.Is(err, secrets.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("set: %v", err)
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("gave up after %v, want 1 min", took)
		}
		start = time.Now()
		if err := k.Probe(t.Context()); !errors.Is(err, secrets.ErrUnavailable) {
			t.Errorf("probe: %v", err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("the probe gave up after %v, want 5 s", took)
		}
		if k.Stuck() != 2 {
			t.Errorf("%d stuck, want 2", k.Stuck())
		}

		// Others go on, the stuck ID does not: its write may still come.
		p.hang(nil)
		if err := k.Set(t.Context(), "b", "x"); err != nil {
			t.Errorf("another ID: %v", err)
		}
		start = time.Now()
		if _, err := k.Get(t.Context(), "a"); !errors.Is(err, secrets.ErrUnavailable) || time.Since(start) != 0 {
			t.Errorf("the stuck ID: %v after %v", err, time.Since(start))
		}

		close(release)
		synctest.Wait()
		if k.Stuck() != 0 {
			t.Errorf("%d stuck after the answer", k.Stuck())
		}
		if got, err := k.Get(t.Context(), "a"); err != nil || got != "late" {
			t.Errorf("after the answer: %q, %v", got.Reveal(), err)
		}
		closeNow(t, k)
	})
}

func TestFewCallsHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newMemory()
		k := secrets.NewKeyringOver("test", p, quiet())
		release := make(chan struct{})
		p.hang(release)
		start := time.Now()
		for i := range 20 {
			if _, err := k.Get(t.Context(), fmt.Sprint("id", i)); !errors.Is(err, secrets.ErrUnavailable) {
				t.Errorf("get %d: %v", i, err)
			}
		}
		if total, _ := p.counts(); total != 3 || k.Stuck() != 3 || time.Since(start) != 3*time.Minute {
			t.Errorf("%d calls reached the system, %d stuck, after %v; want 3, 3, 3 min", total, k.Stuck(), time.Since(start))
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := k.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("close while calls hang: %v", err)
		}
		if _, err := k.Get(t.Context(), "x"); !errors.Is(err, secrets.ErrUnavailable) {
			t.Errorf("get after close: %v", err)
		}
		close(release)
		closeNow(t, k)
	})
}

func TestACancelledCallReturnsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newMemory()
		k := secrets.NewKeyringOver("test", p, quiet())
		release := make(chan struct{})
		p.hang(release)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		if _, err := k.Get(ctx, "a"); !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("get: %v after %v", err, time.Since(start))
		}
		close(release)
		closeNow(t, k)
	})
}

func TestOnePromptAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newMemory()
		k := secrets.NewKeyringOver("test", p, quiet())
		release := make(chan struct{})
		p.hang(release)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if err := k.Set(t.Context(), fmt.Sprint("id", i), "x"); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if total, _ := p.counts(); total != 1 {
			t.Errorf("%d prompts at once", total)
		}
		close(release)
		wg.Wait()
		if total, most := p.counts(); most != 1 || total != 5 {
			t.Errorf("%d at once of %d", most, total)
		}
		closeNow(t, k)
	})
}
