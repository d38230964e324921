package auth

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tidings/app"
)

const (
	// DefaultIterations is how often a new password is hashed. mosquitto reads
	// any number; its own 101 is a matter of microseconds to guess at.
	DefaultIterations = 100_000
	// MaxIterations is the highest number accepted from a file: more would
	// keep one login busy for longer than a broker may take to stop.
	MaxIterations = 500_000

	saltBytes     = 12 // the one length that all versions of mosquitto read
	saltBytesLong = 64 // what mosquitto 2.1 writes
)

// hash is a stored password in one of mosquitto's formats. It never changes.
type hash struct {
	iterations int // 0: $6$, a single salted SHA-512
	salt, sum  []byte
}

// newHash hashes a password as $7$ with a fresh salt.
func newHash(password app.Secret, iterations int) (hash, error) {
	h := hash{iterations: iterations, salt: make([]byte, saltBytes)}
	_, _ = rand.Read(h.salt) // never fails (crypto/rand)
	var err error
	h.sum, err = h.derive(password)
	return h, err
}

// parseHash reads "$7$iterations$salt$sum" or "$6$salt$sum". Its errors quote
// nothing of s, which may be a password in plain text.
func parseHash(s string) (hash, error) {
	parts := strings.Split(s, "$")
	if len(parts) < 2 || parts[0] != "" {
		return hash{}, errors.New("the password is not hashed: run mosquitto_passwd -U on the file")
	}
	h, rest := hash{}, parts[2:]
	switch parts[1] {
	case "7":
		if len(rest) != 3 {
			return hash{}, errors.New("a $7$ hash has iterations, salt and hash")
		}
		n, err := strconv.Atoi(rest[0])
		if err != nil || n < 1 || n > MaxIterations {
			return hash{}, fmt.Errorf("the iterations must be a number from 1 to %d", MaxIterations)
		}
		h.iterations, rest = n, rest[1:]
	case "6":
		if len(rest) != 2 {
			return hash{}, errors.New("a $6$ hash has salt and hash")
		}
	default:
		return hash{}, errors.New("the hash is neither $6$ nor $7$: set the password again, with mosquitto_passwd -H sha512-pbkdf2")
	}
	var err error
	if h.salt, err = base64.StdEncoding.Strict().DecodeString(rest[0]); err != nil ||
		len(h.salt) != saltBytes && len(h.salt) != saltBytesLong {
		return hash{}, fmt.Errorf("the salt must be Base64 of %d or %d bytes", saltBytes, saltBytesLong)
	}
	if h.sum, err = base64.StdEncoding.Strict().DecodeString(rest[1]); err != nil || len(h.sum) != sha512.Size {
		return hash{}, fmt.Errorf("the hash must be Base64 of %d bytes", sha512.Size)
	}
	return h, nil
}

// String returns the hash as it stands in mosquitto's file.
func (h hash) String() string {
	salt, sum := base64.StdEncoding.EncodeToString(h.salt), base64.StdEncoding.EncodeToString(h.sum)
	if h.iterations == 0 {
		return "$6$" + salt + "$" + sum
	}
	return "$7$" + strconv.Itoa(h.iterations) + "$" + salt + "$" + sum
}

func (h hash) derive(password app.Secret) ([]byte, error) {
	if h.iterations == 0 {
		sum := sha512.Sum512(append([]byte(password.Reveal()), h.salt...))
		return sum[:], nil
	}
	return pbkdf2.Key(sha512.New, password.Reveal(), h.salt, h.iterations, sha512.Size)
}

// matches compares in constant time.
func (h hash) matches(password app.Secret) bool {
	sum, err := h.derive(password)
	return err == nil && subtle.ConstantTimeCompare(sum, h.sum) == 1
}
