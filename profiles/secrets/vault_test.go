package secrets_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/profiles/secrets"
	"tidings/profiles/secrets/secretstest"
)

// cheapVault opens the vault at path with an scrypt that costs nothing.
func cheapVault(t *testing.T, path string) *secrets.Vault {
	t.Helper()
	v, problem := secrets.OpenCheapVault(path, quiet())
	if problem != nil {
		t.Fatal(problem)
	}
	t.Cleanup(func() { closeVault(t, v) })
	return v
}

func closeVault(t *testing.T, v *secrets.Vault) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := v.Close(ctx); err != nil {
		t.Error(err)
	}
}

// newVault makes a vault under the passphrase "sesame" with one secret in it.
func newVault(t *testing.T) (v *secrets.Vault, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "vault")
	v = cheapVault(t, path)
	must(t, v.Create(t.Context(), "sesame"))
	must(t, v.Set(t.Context(), "a", "kept"))
	return v, path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that err is one a person can read and is all of wants.
func refused(t *testing.T, what string, err error, wants ...error) {
	t.Helper()
	var known *app.Error
	if !errors.As(err, &known) || known.What.IsZero() {
		t.Errorf("%s: %v; want an *app.Error", what, err)
	}
	for _, want := range wants {
		if !errors.Is(err, want) {
			t.Errorf("%s: %v; want %v", what, err, want)
		}
	}
}

func inState(t *testing.T, v *secrets.Vault, want app.VaultState) {
	t.Helper()
	if got, problem := v.State(); got != want || (problem != nil) != (want == app.VaultUnusable) {
		t.Errorf("state %d, %v; want %d", got, problem, want)
	}
}

func holds(t *testing.T, s secrets.Store, id string, want app.Secret) {
	t.Helper()
	if got, err := s.Get(t.Context(), id); err != nil || got != want {
		t.Errorf("%s: got %q, %v; want %q", id, got.Reveal(), err, want.Reveal())
	}
}

func TestVaultKeepsTheContract(t *testing.T) {
	secretstest.Run(t, func(t *testing.T) secrets.Store {
		t.Helper()
		v := cheapVault(t, filepath.Join(t.TempDir(), "vault"))
		must(t, v.Create(t.Context(), "sesame"))
		return v
	})
}

func TestVaultFromNothingToOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	v := cheapVault(t, path)
	inState(t, v, app.VaultNone)
	_, err := v.Get(t.Context(), "a")
	refused(t, "get without a vault", err, secrets.ErrNoVault, secrets.ErrUnavailable)
	refused(t, "set without a vault", v.Set(t.Context(), "a", "x"), secrets.ErrNoVault)
	refused(t, "unlock without a vault", v.Unlock(t.Context(), "x"), secrets.ErrNoVault)
	refused(t, "empty passphrase", v.Create(t.Context(), ""), secrets.ErrEmptyPassphrase)
	must(t, v.Create(t.Context(), "sesame"))
	inState(t, v, app.VaultUnlocked)
	refused(t, "create again", v.Create(t.Context(), "other"), secrets.ErrVaultExists)
	must(t, v.Set(t.Context(), "a", "kept"))

	v.Lock()
	inState(t, v, app.VaultLocked)
	_, err = v.Get(t.Context(), "a")
	refused(t, "get while locked", err, secrets.ErrLocked, secrets.ErrUnavailable)
	refused(t, "set while locked", v.Set(t.Context(), "a", "x"), secrets.ErrLocked)
	refused(t, "delete while locked", v.Delete(t.Context(), "a"), secrets.ErrLocked)
	if ids := v.IDs(); len(ids) != 0 {
		t.Errorf("a locked vault lists %v", ids)
	}

	next := cheapVault(t, path) // the next start
	inState(t, next, app.VaultLocked)
	refused(t, "wrong passphrase", next.Unlock(t.Context(), "simsim"), secrets.ErrWrongPassphrase)
	inState(t, next, app.VaultLocked)
	must(t, next.Unlock(t.Context(), "sesame"))
	holds(t, next, "a", "kept")
}

func TestVaultFileIsForItsOwnerOnly(t *testing.T) {
	_, path := newVault(t)
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestChangePassphrase(t *testing.T) {
	v, path := newVault(t)
	before, _ := os.ReadFile(path)
	refused(t, "wrong old passphrase", v.ChangePassphrase(t.Context(), "simsim", "new"), secrets.ErrWrongPassphrase)
	refused(t, "empty new passphrase", v.ChangePassphrase(t.Context(), "sesame", ""), secrets.ErrEmptyPassphrase)
	if now, _ := os.ReadFile(path); !bytes.Equal(now, before) {
		t.Error("a refused change wrote the file")
	}
	v.Lock()
	must(t, v.ChangePassphrase(t.Context(), "sesame", "new"))
	inState(t, v, app.VaultUnlocked)
	holds(t, v, "a", "kept")
	refused(t, "the old passphrase", v.Unlock(t.Context(), "sesame"), secrets.ErrWrongPassphrase)
	must(t, v.Unlock(t.Context(), "new"))
	holds(t, v, "a", "kept")
}

func TestTwoVaultsAreApart(t *testing.T) {
	a, pathA := newVault(t)
	dir := t.TempDir()
	b := cheapVault(t, filepath.Join(dir, "vault"))
	must(t, b.Create(t.Context(), "sesame")) // the same passphrase makes another key
	must(t, b.Set(t.Context(), "a", "other"))
	holds(t, a, "a", "kept")
	holds(t, b, "a", "other")
	data, _ := os.ReadFile(pathA)
	must(t, os.WriteFile(filepath.Join(dir, "vault"), data, 0o600)) // a backup put in place
	must(t, b.Unlock(t.Context(), "sesame"))
	holds(t, b, "a", "kept")
}

func TestDamagedVaultIsSetAside(t *testing.T) {
	_, path := newVault(t)
	good, _ := os.ReadFile(path)
	for n, broken := range [][]byte{nil, []byte("nonsense"), good[:len(good)/2], append(bytes.Clone(good[:len(good)-20]), make([]byte, 5<<20)...)} {
		must(t, os.WriteFile(path, broken, 0o600))
		v, problem := secrets.OpenCheapVault(path, quiet())
		if problem == nil || !errors.Is(problem, secrets.ErrDamaged) {
			t.Fatalf("case %d: %v", n, problem)
		}
		inState(t, v, app.VaultNone)
		aside := fmt.Sprintf("%s.broken-%d", path, n+1)
		if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, broken) {
			t.Errorf("case %d: set aside %d of %d bytes, %v", n, len(kept), len(broken), err)
		}
		must(t, v.Create(t.Context(), "anew"))
		closeVault(t, v)
	}
}

func TestVaultDamagedWhileItIsLocked(t *testing.T) {
	v, path := newVault(t)
	v.Lock()
	must(t, os.WriteFile(path, []byte("nonsense"), 0o600))
	refused(t, "unlock", v.Unlock(t.Context(), "sesame"), secrets.ErrDamaged)
	inState(t, v, app.VaultNone)
	if _, err := os.Stat(path + ".broken-1"); err != nil {
		t.Error(err)
	}
}

func TestVaultOfANewerVersionIsLeftAlone(t *testing.T) {
	_, path := newVault(t)
	data, _ := os.ReadFile(path)
	data = bytes.Replace(data, []byte("version = 1"), []byte("version = 2"), 1)
	must(t, os.WriteFile(path, data, 0o600))
	v, problem := secrets.OpenCheapVault(path, quiet())
	if problem == nil || !errors.Is(problem, secrets.ErrNewer) {
		t.Fatal(problem)
	}
	inState(t, v, app.VaultUnusable)
	refused(t, "unlock", v.Unlock(t.Context(), "sesame"), secrets.ErrNewer)
	refused(t, "create", v.Create(t.Context(), "x"), secrets.ErrNewer)
	refused(t, "set", v.Set(t.Context(), "a", "x"), secrets.ErrNewer, secrets.ErrUnavailable)
	if now, _ := os.ReadFile(path); !bytes.Equal(now, data) {
		t.Error("the file has changed")
	}
	must(t, v.Replace(t.Context(), "anew"))
	inState(t, v, app.VaultUnlocked)
	if now, _ := os.ReadFile(path + ".old-1"); !bytes.Equal(now, data) {
		t.Error("the file is gone")
	}
}

func TestVaultThatCannotBeReadIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	must(t, os.Mkdir(path, 0o700)) // no regular file
	v, problem := secrets.OpenCheapVault(path, quiet())
	if problem == nil || !errors.Is(problem, secrets.ErrUnavailable) {
		t.Fatal(problem)
	}
	inState(t, v, app.VaultUnusable)
	refused(t, "create", v.Create(t.Context(), "x"), secrets.ErrUnavailable)
}

// A lost passphrase is no dead end, and not the end of the file either.
func TestAReplacedVaultCanBePutBack(t *testing.T) {
	v, path := newVault(t)
	v.Lock()
	refused(t, "empty passphrase", v.Replace(t.Context(), ""), secrets.ErrEmptyPassphrase)
	inState(t, v, app.VaultLocked)
	must(t, v.Replace(t.Context(), "anew"))
	if _, err := v.Get(t.Context(), "a"); !errors.Is(err, secrets.ErrNotFound) {
		t.Error(err)
	}
	must(t, v.Set(t.Context(), "b", "later"))
	must(t, v.Replace(t.Context(), "third")) // open: what is in it goes along
	holds(t, v, "b", "later")
	must(t, os.Rename(path+".old-1", path))
	must(t, v.Unlock(t.Context(), "sesame"))
	holds(t, v, "a", "kept")
	must(t, os.Rename(path+".old-2", path))
	must(t, v.Unlock(t.Context(), "anew"))
	holds(t, v, "b", "later")
}

// A replacement that fails leaves the old vault as it is.
func TestAReplacementThatFailsChangesNothing(t *testing.T) {
	v, path := newVault(t)
	before, _ := os.ReadFile(path)
	closeVault(t, v) // derives no key any more
	refused(t, "closed", v.Replace(t.Context(), "anew"), secrets.ErrUnavailable)
	if now, _ := os.ReadFile(path); !bytes.Equal(now, before) {
		t.Error("the file has changed")
	}
	if list, _ := filepath.Glob(path + ".old-*"); len(list) != 0 {
		t.Errorf("left %v", list)
	}
	next := cheapVault(t, path)
	must(t, next.Unlock(t.Context(), "sesame"))
	holds(t, next, "a", "kept")
}

func TestVaultIsBounded(t *testing.T) {
	v, path := newVault(t)
	must(t, v.Fill(map[string]app.Secret{"a": "kept"}, secrets.MaxSecret*3/4)) // leaves room for less than one
	must(t, v.Unlock(t.Context(), "sesame"))
	full, _ := os.ReadFile(path)
	large := app.Secret(strings.Repeat("\xff", secrets.MaxSecret))
	for i := range 10 << 20 / secrets.MaxSecret { // 10 MB more
		refused(t, "set", v.Set(t.Context(), fmt.Sprint(i), large), secrets.ErrVaultFull, secrets.ErrTooLarge)
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(now, full) {
		t.Error("a refused secret changed the file")
	}
	kept := 0
	for _, id := range v.IDs() {
		s, err := v.Get(t.Context(), id)
		must(t, err)
		kept += len(s)
	}
	if kept > secrets.MaxVault || kept < secrets.MaxVault-secrets.MaxSecret {
		t.Errorf("%d bytes kept, the bound is %d", kept, secrets.MaxVault)
	}
	holds(t, v, "a", "kept")
	t.Logf("%d bytes kept in a file of %d", kept, len(full))
}

func TestManySmallSecretsFitTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	v := cheapVault(t, path)
	must(t, v.Create(t.Context(), "sesame"))
	// What would take minutes by Set: the bound counts what surrounds them.
	if err := v.Fill(map[string]app.Secret{}, 1); err != nil {
		t.Error(err)
	}
	must(t, v.Unlock(t.Context(), "sesame"))
	t.Logf("%d secrets of one byte", len(v.IDs()))
}

func TestUnlockIsGivenUpAndLeavesTheVaultLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	v, problem := secrets.OpenVault(path, quiet()) // at its true cost
	if problem != nil {
		t.Fatal(problem)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	refused(t, "create", v.Create(ctx, "sesame"), secrets.ErrUnavailable, context.Canceled)
	inState(t, v, app.VaultNone)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a create that was given up wrote a file")
	}
	closeVault(t, v) // waits for the scrypt
	refused(t, "create after Close", v.Create(t.Context(), "sesame"), secrets.ErrUnavailable)
}

func TestLockWinsOverAnUnlockUnderWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	v, problem := secrets.OpenVault(path, quiet()) // at its true cost, to be in time
	if problem != nil {
		t.Fatal(problem)
	}
	done := make(chan error)
	go func() { done <- v.Create(t.Context(), "sesame") }()
	for v.Busy() == 0 {
		runtime.Gosched()
	}
	v.Lock()
	refused(t, "create", <-done, secrets.ErrLocked)
	inState(t, v, app.VaultLocked)
	closeVault(t, v)
}
