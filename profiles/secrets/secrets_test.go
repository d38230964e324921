package secrets_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/profiles/secrets"
	"tidings/profiles/secrets/secretstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, ignoreBus()...) }

// ignoreBus leaves out the readers of the D-Bus connection, which go-keyring
// keeps open for the life of the process.
func ignoreBus() []goleak.Option {
	return []goleak.Option{
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*Conn).inWorker"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.newConn.func1"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*sequentialSignalChannelData).bufferSignals"),
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestSessionKeepsTheContract(t *testing.T) {
	secretstest.Run(t, func(*testing.T) secrets.Store { return secrets.NewSession() })
}

func TestFakeKeepsTheContract(t *testing.T) {
	secretstest.Run(t, func(*testing.T) secrets.Store { return secretstest.NewFake() })
}

func TestFakeBreaks(t *testing.T) {
	f := secretstest.NewFake()
	f.Break(true)
	if err := f.Set(t.Context(), "a", "x"); !errors.Is(err, secrets.ErrUnavailable) {
		t.Errorf("set: %v", err)
	}
	f.Break(false)
	if err := f.Set(t.Context(), "a", "x"); err != nil {
		t.Errorf("set: %v", err)
	}
}

func TestKeyringKeepsTheContract(t *testing.T) {
	secretstest.Run(t, func(t *testing.T) secrets.Store {
		t.Helper()
		k := secrets.NewKeyringOver("test", newMemory(), quiet())
		t.Cleanup(func() { closeNow(t, k) })
		return k
	})
}

// TestSecretService runs against the Secret Service of the session. It is
// gated because it writes to whatever keyring it finds.
func TestSecretService(t *testing.T) {
	if os.Getenv("TIDINGS_TEST_SECRET_SERVICE") != "1" {
		t.Skip("TIDINGS_TEST_SECRET_SERVICE is not 1: this test writes to the keyring of the session")
	}
	k := secrets.NewKeyring("test-"+app.NewID(), quiet())
	waitFor(t, k)
	secretstest.Run(t, func(t *testing.T) secrets.Store {
		t.Helper()
		t.Cleanup(func() {
			if err := secretstest.Clean(context.Background(), k); err != nil {
				t.Error(err)
			}
		})
		return k
	})
	t.Run("namespaces are apart", func(t *testing.T) {
		other := secrets.NewKeyring("test-"+app.NewID(), quiet())
		if err := k.Set(t.Context(), "contract-a", "mine"); err != nil {
			t.Fatal(err)
		}
		if got, err := other.Get(t.Context(), "contract-a"); !errors.Is(err, secrets.ErrNotFound) {
			t.Errorf("the other home reads %q, %v", got.Reveal(), err)
		}
		if err := k.Delete(t.Context(), "contract-a"); err != nil {
			t.Error(err)
		}
		closeNow(t, other)
	})
	t.Run("behind a router", func(t *testing.T) {
		h := newHouse(t)
		h.Router = secrets.NewRouter(secrets.Params{Keyring: k, Vault: h.vault, Index: filepath.Join(h.dir, "secrets.toml"), Log: quiet()})
		must(t, h.CreateVault(t.Context(), "sesame"))
		h.set(password, "secret", app.PlaceKeyring)
		h.set(key, "pem", app.PlaceVault)
		h.set(keyPass, "open", app.PlaceKeyring)
		h.set(proxy, "geheim", app.PlaceKeyring)
		h.set(app.SecretRef{Profile: "p1", Kind: app.SecretHeaders}, `[{"name":"Authorization","value":"Bearer ü"}]`, app.PlaceKeyring)
		must(t, h.Hold(t.Context(), proxy, "for now"))
		if _, err := k.Get(t.Context(), "p1/proxy-password"); !errors.Is(err, secrets.ErrNotFound) {
			t.Errorf("what is held for this run is still in the keyring: %v", err)
		}
		h.set(password, long, app.PlaceVault)
		if _, err := k.Get(t.Context(), "p1"); !errors.Is(err, secrets.ErrNotFound) {
			t.Errorf("the short password is still in the keyring: %v", err)
		}
		h.set(password, "secret", app.PlaceKeyring)
		must(t, h.ForgetProfile(t.Context(), "p1"))
		for _, ref := range []app.SecretRef{password, key, keyPass, proxy} {
			h.holdsNothing(ref)
		}
	})
	closeNow(t, k)
}

// waitFor gives a service that was started a moment ago time to unlock.
func waitFor(t *testing.T, k *secrets.Keyring) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	var err error
	for range 300 {
		if err = k.Probe(t.Context()); err == nil {
			return
		}
		<-again.C
	}
	t.Fatal(err)
}

// TestServiceMissing asks a session bus that does not exist. It does so in a
// process of its own, because D-Bus connections are shared by the process.
func TestServiceMissing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has its keyring behind D-Bus")
	}
	const marker = "TIDINGS_TEST_NO_BUS"
	if os.Getenv(marker) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServiceMissing$")
		cmd.Env = append(os.Environ(), marker+"=1", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	k := secrets.NewKeyring("test", quiet())
	if err := k.Probe(t.Context()); !errors.Is(err, secrets.ErrUnavailable) {
		t.Errorf("probe: %v", err)
	}
	if _, err := k.Get(t.Context(), "a"); !errors.Is(err, secrets.ErrUnavailable) || errors.Is(err, secrets.ErrNotFound) {
		t.Errorf("get: %v", err)
	}
	if err := k.Set(t.Context(), "a", "hunter2"); !errors.Is(err, secrets.ErrUnavailable) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("set: %v", err)
	}
	closeNow(t, k)
}

func TestSecretsNeverReachLogsOrErrors(t *testing.T) {
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(io.Writer(&out), &slog.HandlerOptions{Level: slog.LevelDebug}))
	p := newMemory()
	p.fail = errors.New("locked")
	k := secrets.NewKeyringOver("test", p, log)
	err := k.Set(t.Context(), "a", "hunter2")
	closeNow(t, k)
	if err == nil || strings.Contains(err.Error()+out.String(), "hunter2") {
		t.Errorf("error %v, log %s", err, out.String())
	}
}

func closeNow(t *testing.T, k *secrets.Keyring) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := k.Close(ctx); err != nil {
		t.Error(err)
	}
}
