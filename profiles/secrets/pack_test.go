package secrets_test

import (
	"bytes"
	"errors"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
)

func TestSealedSecretsOpenWithTheirPassphraseOnly(t *testing.T) {
	data, err := secrets.Seal("correct horse", map[string]app.Secret{"a/password": "hunter2", "b": "\xff"})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("hunter2")) || bytes.Contains(data, []byte("a/password")) {
		t.Error("a secret or its name stands in the open")
	}
	if _, err := secrets.Open("wrong", data); !errors.Is(err, secrets.ErrWrongPassphrase) {
		t.Errorf("%v", err)
	}
	kept, err := secrets.Open("correct horse", data)
	if err != nil || len(kept) != 2 || kept["a/password"].Reveal() != "hunter2" || kept["b"].Reveal() != "\xff" {
		t.Errorf("%d, %v", len(kept), err)
	}
	if _, err := secrets.Seal("", nil); !errors.Is(err, secrets.ErrEmptyPassphrase) {
		t.Errorf("%v", err)
	}
	if _, err := secrets.Open("x", data[:len(data)-9]); !errors.Is(err, secrets.ErrDamaged) {
		t.Errorf("%v", err)
	}
}
