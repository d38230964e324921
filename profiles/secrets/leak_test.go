package secrets_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
	"tidings/profiles/secrets/secretstest"
)

// canary is in every secret and passphrase of these tests.
const canary = "hunter2canary"

// shown reports whether text holds the canary, as it is or in a disguise.
func shown(text string) bool {
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprintf("%d", []byte(canary))} {
		if strings.Contains(text, form) {
			return true
		}
	}
	for i := range 3 { // Base64 depends on what stands before
		if strings.Contains(text, base64.StdEncoding.EncodeToString([]byte("__" + canary)[2-i:])[4:12]) {
			return true
		}
	}
	return false
}

func TestTheCanaryIsFoundInEveryDisguise(t *testing.T) {
	for _, text := range []string{
		"a " + canary, fmt.Sprintf("%x", "a"+canary), fmt.Sprintf("%d", []byte(canary)),
		base64.StdEncoding.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte("1" + canary)),
		base64.StdEncoding.EncodeToString([]byte("12" + canary)), base64.StdEncoding.EncodeToString([]byte("123" + canary)),
	} {
		if !shown(text) {
			t.Errorf("not found in %s", text)
		}
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	var log strings.Builder
	both := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	text := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))

	dir := t.TempDir()
	vault, problem := secrets.OpenCheapVault(filepath.Join(dir, "vault"), both)
	if problem != nil {
		t.Fatal(problem)
	}
	t.Cleanup(func() { closeVault(t, vault) })
	fake := secretstest.NewFake()
	router := secrets.NewRouter(secrets.Params{Keyring: fake, Vault: vault, Index: filepath.Join(dir, "secrets.toml"), Log: text})
	session := secrets.NewSession()
	keyring := secrets.NewKeyringOver("test", newMemory(), both)
	t.Cleanup(func() { closeNow(t, keyring) })

	must(t, router.CreateVault(t.Context(), canary))
	var errs []error
	for _, s := range []secrets.Store{fake, vault, session, keyring} {
		must(t, s.Set(t.Context(), "a", canary))
		errs = append(errs, s.Set(t.Context(), "a", app.Secret(strings.Repeat(canary, 10_000))), s.Set(t.Context(), "", canary))
	}
	place, err := router.Set(t.Context(), key, "-----BEGIN PRIVATE KEY-----"+canary)
	must(t, err)
	_, _, err = router.Get(t.Context(), key)
	must(t, err)
	router.LockVault()
	_, err = router.Set(t.Context(), proxy, canary)
	errs = append(errs, err, router.UnlockVault(t.Context(), canary+"x"), router.ChangePassphrase(t.Context(), canary+"y", canary),
		router.CreateVault(t.Context(), canary))
	fake.Break(true)
	_, err = router.Set(t.Context(), password, canary)
	errs = append(errs, err, router.UnlockVault(t.Context(), canary), router.Probe(t.Context()))

	values := []any{fake, vault, session, keyring, router, router.Status(), place, secrets.PassphraseStrength(canary), app.Secret(canary),
		map[string]any{"vault": vault, "session": session}, []secrets.Store{fake, vault, session, keyring},
		struct{ R *secrets.Router }{router}, struct{ r *secrets.Router }{router}}
	for _, err := range errs {
		values = append(values, err)
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			if got := fmt.Sprintf(verb, v); shown(got) {
				t.Errorf("%s of %T shows the secret", verb, v)
			}
		}
		both.Info("value", "v", v)
		text.Info("value", "v", v)
		if data, err := json.Marshal(v); err == nil && shown(string(data)) {
			t.Errorf("JSON of %T shows the secret", v)
		}
	}
	if shown(log.String()) {
		t.Errorf("the log shows the secret: %s", log.String())
	}
}

// TestNothingSecretIsWritten looks through every file of a home after all
// kinds of secret went through it.
func TestNothingSecretIsWritten(t *testing.T) {
	h := newHouse(t)
	h.keyring.Break(true) // what a keyring writes is its own business
	must(t, h.CreateVault(t.Context(), "first "+canary))
	for i, kind := range app.SecretKinds() {
		ref := app.SecretRef{Profile: "p1", Kind: kind}
		h.set(ref, app.Secret(strings.Repeat("x", i)+canary), app.PlaceVault)
	}
	must(t, h.ChangePassphrase(t.Context(), "first "+canary, "second "+canary))
	must(t, h.Delete(t.Context(), proxy))
	h.LockVault()
	h.set(key, canary, app.PlaceSession)
	grep(t, h.dir)
	must(t, h.UnlockVault(t.Context(), "second "+canary))
	must(t, os.WriteFile(filepath.Join(h.dir, "secrets.toml"), []byte("broken"), 0o600))
	h.restart()
	must(t, h.UnlockVault(t.Context(), "second "+canary))
	h.holds(key, canary)
	grep(t, h.dir)
}

func grep(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if shown(string(data)) {
			t.Errorf("%s holds a secret", d.Name())
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("looked through %d files, %v", files, err)
	}
}
