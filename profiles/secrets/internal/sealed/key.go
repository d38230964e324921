package sealed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"filippo.io/age"
	"golang.org/x/text/unicode/norm"

	"tidings/app"
)

const (
	// Cost is the work of scrypt as a power of two: half a second to a second
	// and 128 MiB for one guess (N = 2^17, r = 8, p = 1).
	Cost = 17
	// maxCost bounds what a file can make us spend, which nobody can cancel:
	// twice as much.
	maxCost = 18
)

// Key opens and seals the body of one vault. Safe for concurrent use.
type Key struct {
	identity *age.X25519Identity
	wrapped  []byte // the identity as it stands in the file
}

// NewKey makes a random key that passphrase opens. cost is Cost but in tests.
// It takes as long as scrypt does and cannot be cancelled.
func NewKey(passphrase app.Secret, cost int) (*Key, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	recipient, err := age.NewScryptRecipient(normal(passphrase))
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	recipient.SetWorkFactor(cost)
	wrapped, err := encrypt([]byte(identity.String()), recipient)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return &Key{identity: identity, wrapped: wrapped}, nil
}

// Unlock returns the key of the file. The error wraps ErrWrongPassphrase or
// ErrDamaged. It takes as long as scrypt does and cannot be cancelled.
func (f File) Unlock(passphrase app.Secret) (*Key, error) {
	opener, err := age.NewScryptIdentity(normal(passphrase))
	if err != nil { // it is empty
		return nil, fmt.Errorf("%w: %w", ErrWrongPassphrase, err)
	}
	opener.SetMaxWorkFactor(maxCost)
	text, err := decrypt(f.key, opener)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, ErrWrongPassphrase
	case err != nil:
		return nil, fmt.Errorf("%w: key: %w", ErrDamaged, err)
	}
	identity, err := age.ParseX25519Identity(string(text))
	if err != nil { // its error would quote the text
		return nil, fmt.Errorf("%w: the key holds no identity", ErrDamaged)
	}
	return &Key{identity: identity, wrapped: f.key}, nil
}

// Open returns the secrets of the file by their IDs. The error wraps
// ErrDamaged.
func (k *Key) Open(f File) (map[string]app.Secret, error) {
	text, err := decrypt(f.body, k.identity)
	if err != nil {
		return nil, fmt.Errorf("%w: body: %w", ErrDamaged, err)
	}
	var b body
	if err := json.Unmarshal(text, &b); err != nil { // its error may quote the text
		return nil, fmt.Errorf("%w: the body cannot be understood", ErrDamaged)
	}
	kept := make(map[string]app.Secret, len(b.Secrets))
	for id, secret := range b.Secrets {
		kept[id] = app.Secret(secret)
	}
	return kept, nil
}

// Seal returns the content of a vault file that holds the secrets.
func (k *Key) Seal(kept map[string]app.Secret) ([]byte, error) {
	b := body{Secrets: make(map[string][]byte, len(kept))}
	for id, secret := range kept {
		b.Secrets[id] = []byte(secret.Reveal())
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil, errors.New("the secrets cannot be encoded")
	}
	sealed, err := encrypt(text, k.identity.Recipient())
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return File{key: k.wrapped, body: sealed}.encode()
}

// body is the plain text of the second part. Bytes, because a secret need not
// be UTF-8.
type body struct {
	Secrets map[string][]byte `json:"secrets"`
}

// Format implements fmt.Formatter, so that no verb shows the identity.
func (*Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "sealed.Key") }

// LogValue implements slog.LogValuer.
func (*Key) LogValue() slog.Value { return slog.StringValue("sealed.Key") }

// normal gives one passphrase one spelling: keyboards differ in how they
// compose "é" (NFC, as RFC 8265 wants it of passwords).
func normal(passphrase app.Secret) string { return norm.NFC.String(passphrase.Reveal()) }

func encrypt(text []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	if _, err = w.Write(text); err != nil {
		return nil, err
	}
	if err = w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func decrypt(data []byte, by age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), by)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
