package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"

	"tidings/app"
)

const cheap = 1 // cost of scrypt in tests

var some = map[string]app.Secret{"one": "hunter2", "two/key": "-----BEGIN PRIVATE KEY-----\n…", "three": "", "raw": "\xff\x00\xfe"}

func sealedFile(t testing.TB, passphrase app.Secret, kept map[string]app.Secret) []byte {
	t.Helper()
	key, err := NewKey(passphrase, cheap)
	if err != nil {
		t.Fatal(err)
	}
	data, err := key.Seal(kept)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func unseal(data []byte, passphrase app.Secret) (map[string]app.Secret, error) {
	file, err := Parse(data)
	if err != nil {
		return nil, err
	}
	key, err := file.Unlock(passphrase)
	if err != nil {
		return nil, err
	}
	return key.Open(file)
}

func TestWhatIsSealedComesBack(t *testing.T) {
	for _, kept := range []map[string]app.Secret{{}, some} {
		got, err := unseal(sealedFile(t, "open sesame", kept), "open sesame")
		if err != nil || !maps.Equal(got, kept) {
			t.Errorf("%d secrets came back as %d, %v", len(kept), len(got), err)
		}
	}
}

func TestPassphrase(t *testing.T) {
	data := sealedFile(t, "caf\u00e9", some)
	for _, tc := range []struct {
		name, try string
		want      error
	}{
		{"the same", "caf\u00e9", nil},
		{"é as another keyboard composes it", "cafe\u0301", nil},
		{"another", "cafe", ErrWrongPassphrase},
		{"in capitals", "CAF\u00c9", ErrWrongPassphrase},
		{"empty", "", ErrWrongPassphrase},
	} {
		if _, err := unseal(data, app.Secret(tc.try)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}

func TestEverySealIsDifferent(t *testing.T) {
	key, err := NewKey("p", cheap)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := key.Seal(some)
	b, _ := key.Seal(some)
	if bytes.Equal(a, b) {
		t.Error("two saves of the same secrets are the same bytes: the nonce repeats")
	}
}

// A change of the passphrase makes a new key: the old one opens nothing that
// is sealed later.
func TestOldKeyDoesNotOpenWhatANewOneSealed(t *testing.T) {
	old, err := NewKey("p", cheap)
	if err != nil {
		t.Fatal(err)
	}
	file, err := Parse(sealedFile(t, "p", some))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := old.Open(file); !errors.Is(err, ErrDamaged) {
		t.Errorf("opened %d secrets, %v", len(got), err)
	}
}

func TestDamageIsToldFromAWrongPassphrase(t *testing.T) {
	data := sealedFile(t, "p", some)
	start := bytes.Index(data, []byte("version"))
	for i := start; i < len(data); i += 7 {
		broken := bytes.Clone(data)
		broken[i] ^= 0x04
		if got, err := unseal(broken, "p"); errors.Is(err, ErrWrongPassphrase) || err == nil && !maps.Equal(got, some) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	for n := 0; n < len(data)-1; n += 11 {
		if _, err := Parse(data[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(data), err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	good := string(sealedFile(t, "p", some))
	for _, tc := range []struct {
		name, text string
		want       error
	}{
		{"empty", "", ErrDamaged},
		{"no TOML", "\x00\x01", ErrDamaged},
		{"no version", strings.Replace(good, "version = 1\n", "", 1), ErrDamaged},
		{"version 0", strings.Replace(good, "version = 1", "version = 0", 1), ErrDamaged},
		{"a newer version", strings.Replace(good, "version = 1", "version = 2", 1), ErrNewer},
		{"a newer version that we cannot read further", "version = 9\nkey = 3\n", ErrNewer},
		{"no Base64", "version = 1\nkey = '*'\nbody = ''\nsum = '" + sum("*", "") + "'\n", ErrDamaged},
	} {
		if _, err := Parse([]byte(tc.text)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}

// Who can write the file must not make us spend memory without end.
func TestCostOfAForeignFileIsBounded(t *testing.T) {
	for _, cost := range []int{maxCost + 1, 30, 63} {
		key := fmt.Sprintf("age-encryption.org/v1\n-> scrypt %s %d\n%s\n--- %s\n", strings.Repeat("A", 22), cost, strings.Repeat("A", 43), strings.Repeat("A", 43))
		if _, err := (File{key: []byte(key)}).Unlock("p"); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), strconv.Itoa(cost)) {
			t.Errorf("cost %d: %v", cost, err)
		}
	}
}

func TestKeySectionOfSomethingElse(t *testing.T) {
	to, err := age.NewScryptRecipient("p")
	if err != nil {
		t.Fatal(err)
	}
	to.SetWorkFactor(cheap)
	key, err := encrypt([]byte("AGE-SECRET-hunter2"), to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (File{key: key}).Unlock("p"); !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("unlock: %v", err)
	}
}

func TestKeyIsNeverShown(t *testing.T) {
	key, err := NewKey("p", cheap)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(verb, key); got != "sealed.Key" {
			t.Errorf("%s shows %s", verb, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	good := sealedFile(f, "p", some)
	f.Add(good)
	f.Add([]byte("version = 2"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(data)
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatalf("unknown error %v", err)
			}
			return
		}
		again, err := file.encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(again)
		if err != nil || !bytes.Equal(back.key, file.key) || !bytes.Equal(back.body, file.body) {
			t.Fatalf("what was read does not survive a save: %v", err)
		}
	})
}

// FuzzUnlock goes past the sum, as somebody who can write the file would.
func FuzzUnlock(f *testing.F) {
	good, err := Parse(sealedFile(f, "p", some))
	if err != nil {
		f.Fatal(err)
	}
	key, err := good.Unlock("p")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.key, good.body)
	f.Add([]byte("age-encryption.org/v1\n"), []byte{})
	f.Fuzz(func(t *testing.T, wrapped, body []byte) {
		if bytes.Contains(wrapped, []byte("-> scrypt")) && !bytes.Equal(wrapped, good.key) {
			t.Skip("costs whole seconds of scrypt; the bound has its own test")
		}
		file := File{key: wrapped, body: body}
		if _, err := file.Unlock("p"); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrWrongPassphrase) {
			t.Fatalf("unlock: %v", err)
		}
		if kept, err := key.Open(file); err == nil && !maps.Equal(kept, some) || err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatalf("open: %d secrets, %v", len(kept), err)
		}
	})
}
