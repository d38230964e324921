package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tidings/app"
	"tidings/profiles/secrets"
)

const killMarker = "TIDINGS_TEST_KILL_VAULT"

// TestKillDuringAChangeOfPassphrase kills a process that changes the
// passphrase of one vault to and fro, again and again at another moment: the
// file opens with one of the two passphrases and holds everything.
func TestKillDuringAChangeOfPassphrase(t *testing.T) {
	if path := os.Getenv(killMarker); path != "" {
		changeForEver(t, path)
		return
	}
	v, path := newVault(t)
	for i := range 20 {
		must(t, v.Set(t.Context(), fmt.Sprint("id", i), app.Secret(fmt.Sprint("secret ", i))))
	}
	inside, rounds, opened := 0, 25, map[app.Secret]int{}
	if testing.Short() {
		rounds = 5
	}
	for round := range rounds {
		killAfter(t, path, time.Duration(round)*1700*time.Microsecond)
		inside += unfinished(path)
		v := cheapVault(t, path) // fails on a damaged file
		inState(t, v, app.VaultLocked)
		used := app.Secret("sesame")
		err := v.Unlock(t.Context(), used)
		if errors.Is(err, secrets.ErrWrongPassphrase) {
			used = "simsim"
			err = v.Unlock(t.Context(), used)
		}
		must(t, err)
		opened[used]++
		holds(t, v, "a", "kept")
		for i := range 20 {
			holds(t, v, fmt.Sprint("id", i), app.Secret(fmt.Sprint("secret ", i)))
		}
		if used != "sesame" {
			must(t, v.ChangePassphrase(t.Context(), used, "sesame"))
		}
	}
	if n := unfinished(path); n != 0 {
		t.Errorf("%d unfinished files are left", n)
	}
	t.Logf("killed %d times: %d opened with the first passphrase, %d with the second, %d inside a write", rounds, opened["sesame"], opened["simsim"], inside)
}

// unfinished returns how many writes a kill left beside path.
func unfinished(path string) int {
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".tidings-*.tmp"))
	return len(left)
}

// changeForEver is what the process does that is killed.
func changeForEver(t *testing.T, path string) {
	t.Helper()
	v := cheapVault(t, path)
	fmt.Println("ready")
	for old, passphrase := app.Secret("sesame"), app.Secret("simsim"); ; old, passphrase = passphrase, old {
		must(t, v.ChangePassphrase(context.Background(), old, passphrase))
	}
}

// killAfter runs changeForEver in a process of its own and kills it a while
// after its first change can begin.
func killAfter(t *testing.T, path string, a time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKillDuringAChangeOfPassphrase$")
	cmd.Env = append(os.Environ(), killMarker+"="+path)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	<-time.After(a)
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // says that it was killed
}
