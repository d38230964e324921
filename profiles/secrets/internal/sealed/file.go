package sealed

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"tidings/profiles/internal/keep"
)

// version is the version of the file that this program writes.
const version = 1

const about = `The secrets of Tidings, encrypted with a passphrase. Do not edit.
"key" and "body" are files of the tool age (age-encryption.org) in Base64:
"key" opens with the passphrase and holds the identity that opens "body".`

// The errors that callers tell apart with errors.Is.
var (
	// ErrDamaged says that the content is no vault, or only a part of one.
	ErrDamaged = errors.New("the vault is damaged")
	// ErrNewer says that a newer version wrote the vault.
	ErrNewer = errors.New("the vault is of a newer version")
	// ErrWrongPassphrase says that the passphrase does not open the vault.
	ErrWrongPassphrase = errors.New("wrong passphrase")
)

// File is a vault file that has been read and not yet opened.
type File struct{ key, body []byte }

// fields are the keys of the file.
type fields struct {
	Version int    `toml:"version"`
	Key     string `toml:"key"`
	Body    string `toml:"body"`
	Sum     string `toml:"sum"`
}

// Parse reads the content of a vault file. The error wraps ErrDamaged or
// ErrNewer. It is quick: nothing is decrypted.
func Parse(data []byte) (File, error) {
	var f fields
	if _, err := keep.Decode(data, &f); err != nil && f.Version <= version {
		return File{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	switch {
	case f.Version > version:
		return File{}, fmt.Errorf("%w: %d, this program knows %d", ErrNewer, f.Version, version)
	case f.Version != version:
		return File{}, fmt.Errorf("%w: version %d", ErrDamaged, f.Version)
	case f.Sum != sum(f.Key, f.Body):
		return File{}, fmt.Errorf("%w: the sum does not match", ErrDamaged)
	}
	key, err := base64.StdEncoding.DecodeString(f.Key)
	if err != nil {
		return File{}, fmt.Errorf("%w: key: %w", ErrDamaged, err)
	}
	body, err := base64.StdEncoding.DecodeString(f.Body)
	if err != nil {
		return File{}, fmt.Errorf("%w: body: %w", ErrDamaged, err)
	}
	return File{key: key, body: body}, nil
}

// encode returns the content of the file.
func (f File) encode() ([]byte, error) {
	key, body := base64.StdEncoding.EncodeToString(f.key), base64.StdEncoding.EncodeToString(f.body)
	return keep.Document{About: about, Keys: []keep.Key{
		{Name: "version", Value: int64(version)},
		{Name: "sum", Value: sum(key, body)},
		{Name: "key", Value: key},
		{Name: "body", Value: body},
	}}.Encode(nil)
}

func sum(key, body string) string {
	h := sha256.Sum256([]byte(key + "\n" + body))
	return hex.EncodeToString(h[:])
}
