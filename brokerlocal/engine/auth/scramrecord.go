package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"

	"tidings/app"
)

const (
	// minSCRAMIterations is the least that RFC 7677 §4 allows, and the least
	// that clients accept.
	minSCRAMIterations = 4096
	scramSaltBytes     = 16
	scramPrefix        = "$scram-sha-256"
)

// scramRecord is what the server side of SCRAM-SHA-256 keeps (RFC 5802 §3).
// Who reads it cannot log in with it, but can guess at the password offline,
// as with the hash beside it.
type scramRecord struct {
	iterations           int
	salt, stored, server []byte
}

func (s scramRecord) valid() bool { return s.iterations > 0 }

func newSCRAMRecord(name string, password app.Secret, iterations int) (scramRecord, error) {
	client, err := scram.SHA256.NewClient(name, password.Reveal(), "")
	if err != nil { // SASLprep knows no emoji: take the password as it is
		if client, err = scram.SHA256.NewClientUnprepped(name, password.Reveal(), ""); err != nil {
			return scramRecord{}, errors.New("no SCRAM record can be made of this password")
		}
	}
	salt := make([]byte, scramSaltBytes)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	c, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: max(iterations, minSCRAMIterations)})
	if err != nil {
		return scramRecord{}, fmt.Errorf("make a SCRAM record: %w", err)
	}
	return scramRecord{iterations: c.Iters, salt: salt, stored: c.StoredKey, server: c.ServerKey}, nil
}

// scramCredentials returns what to run an exchange with for this name. One
// that nobody has, or whose user has no record, gets a record that no
// password fits; known is false then.
func (u *Users) scramCredentials(name string) (c scram.StoredCredentials, known bool) {
	decoy := u.decoySCRAM(name) // made for everybody: it takes its time
	s := u.byName[name].scram
	if known = s.valid(); !known {
		s = decoy
	}
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(s.salt), Iters: s.iterations},
		StoredKey:  s.stored, ServerKey: s.server,
	}, known
}

func (u *Users) decoySCRAM(name string) scramRecord {
	s := scramRecord{
		iterations: DefaultIterations,
		salt:       u.decoy(name, "salt", scramSaltBytes),
		stored:     u.decoy(name, "stored", sha256.Size),
		server:     u.decoy(name, "server", sha256.Size),
	}
	if n := len(u.scramIterations); n > 0 {
		s.iterations = u.scramIterations[u.pick(name, n)]
	}
	return s
}

// countSCRAM notes what there is for decoys to look like.
func (u *Users) countSCRAM() *Users {
	u.scramIterations = nil
	for _, name := range u.order {
		if s := u.byName[name].scram; s.valid() {
			u.scramIterations = append(u.scramIterations, s.iterations)
		}
	}
	return u
}

// scramFile returns the records of all users who have one:
//
//	:<secret of the decoys>
//	name:$scram-sha-256$iterations$salt$stored key$server key$binding
//
// The secret is kept so that the salt of a user who does not exist is the
// same after a restart. The binding ties a record to one line of the password
// file: when another program sets a new password there, or takes the user
// out, the old password must not go on to work by SCRAM.
func (u *Users) scramFile() []byte {
	e := base64.StdEncoding.EncodeToString
	var b strings.Builder
	fmt.Fprintf(&b, ":%s\n", e(u.secret[:]))
	for _, name := range u.order {
		if s := u.byName[name].scram; s.valid() {
			fmt.Fprintf(&b, "%s:%s$%d$%s$%s$%s$%s\n", name, scramPrefix, s.iterations,
				e(s.salt), e(s.stored), e(s.server), e(u.binding(name)))
		}
	}
	return []byte(b.String())
}

func (u *Users) binding(name string) []byte {
	sum := sha256.Sum256([]byte(u.line(name)))
	return sum[:]
}

// addSCRAM reads what scramFile wrote into u, which is still nobody else's.
// A record whose user has another hash by now, or is gone, is left out.
func (u *Users) addSCRAM(file string, data []byte) error {
	seen := map[string]bool{}
	defer u.countSCRAM()
	return eachLine(file, data, func(line string) error {
		name, rest, ok := strings.Cut(line, ":")
		if !ok {
			return errors.New("a line is a user name, a colon and a record")
		}
		if seen[name] {
			return fmt.Errorf("user %q is there already", name)
		}
		seen[name] = true
		if name == "" {
			secret, err := decode(rest, len(u.secret))
			copy(u.secret[:], secret)
			return err
		}
		s, binding, err := parseSCRAM(rest)
		if err != nil {
			return err
		}
		if user, ok := u.byName[name]; ok && subtle.ConstantTimeCompare(binding, u.binding(name)) == 1 {
			user.scram = s
			u.byName[name] = user
		}
		return nil
	})
}

func parseSCRAM(text string) (s scramRecord, binding []byte, err error) {
	rest, ok := strings.CutPrefix(text, scramPrefix+"$")
	parts := strings.Split(rest, "$")
	if !ok || len(parts) != 5 {
		return s, nil, errors.New("a record is " + scramPrefix + " with iterations, salt, stored key, server key and binding")
	}
	s.iterations, err = strconv.Atoi(parts[0])
	if err != nil || s.iterations < minSCRAMIterations || s.iterations > MaxIterations {
		return s, nil, fmt.Errorf("the iterations must be a number from %d to %d", minSCRAMIterations, MaxIterations)
	}
	for i, field := range []*[]byte{&s.salt, &s.stored, &s.server, &binding} {
		length := sha256.Size
		if i == 0 {
			length = scramSaltBytes
		}
		if *field, err = decode(parts[i+1], length); err != nil {
			return s, nil, err
		}
	}
	return s, binding, nil
}

func decode(text string, length int) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != length {
		return nil, fmt.Errorf("a field must be Base64 of %d bytes", length)
	}
	return b, nil
}
