package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"unicode"

	"tidings/app"
)

// Users are the users who may log in. They never change, and are safe for
// concurrent use: With and Without return others.
//
// A broker with Users, even with none in them, lets nobody claim a name
// without its password.
type Users struct {
	byName map[string]user
	order  []string // as in the file
	// secret makes decoys: what is answered for a name that nobody has is
	// always the same for that name, and not to be told from the real thing.
	secret [sha256.Size]byte
	// scramIterations are those of all SCRAM records.
	scramIterations []int
}

type user struct {
	hash  hash
	scram scramRecord // the zero one: this user cannot do SCRAM
}

// NewUsers returns no users.
func NewUsers() *Users {
	u := &Users{byName: map[string]user{}}
	_, _ = rand.Read(u.secret[:]) // never fails (crypto/rand)
	return u
}

// Names returns the names of all users in the order of the file.
func (u *Users) Names() []string { return slices.Clone(u.order) }

// Has reports whether there is a user of this name.
func (u *Users) Has(name string) bool {
	_, ok := u.byName[name]
	return ok
}

// CanSCRAM reports whether this user can log in by SCRAM-SHA-256. Users whose
// hash was imported cannot until their password is set here: a SCRAM record
// cannot be made from the hash alone.
func (u *Users) CanSCRAM(name string) bool { return u.byName[name].scram.valid() }

// With returns the users with this password for this user, who is new or had
// another. It hashes twice (for PBKDF2-HMAC-SHA512 and SCRAM-SHA-256) with
// iterations each, DefaultIterations in normal use, which takes a while. The
// error says what is wrong with the name or the number.
func (u *Users) With(name string, password app.Secret, iterations int) (*Users, error) {
	if err := ValidateUser(name); err != nil {
		return nil, err
	}
	if iterations < 1 || iterations > MaxIterations {
		return nil, errIterations
	}
	h, err := newHash(password, iterations)
	if err != nil {
		return nil, err
	}
	s, err := newSCRAMRecord(name, password, iterations)
	if err != nil {
		return nil, err
	}
	next := u.clone()
	if !next.Has(name) {
		next.order = append(next.order, name)
	}
	next.byName[name] = user{hash: h, scram: s}
	return next.countSCRAM(), nil
}

// Without returns the users without this one.
func (u *Users) Without(name string) *Users {
	next := u.clone()
	delete(next.byName, name)
	next.order = slices.DeleteFunc(next.order, func(s string) bool { return s == name })
	return next.countSCRAM()
}

func (u *Users) clone() *Users {
	return &Users{byName: maps.Clone(u.byName), order: slices.Clone(u.order), secret: u.secret}
}

// ValidateUser says what is wrong with the name of a user, nil for nothing. It
// refuses what no client could have, and what a line of mosquitto's file cannot
// hold: that would come back as another name, as a comment, or not at all.
func ValidateUser(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if name[0] == '#' || strings.Contains(name, ":") || strings.TrimSpace(name) != name ||
		strings.ContainsFunc(name, unicode.IsControl) {
		return errName
	}
	return nil
}

// verify says whether this is the user's password. For a name that nobody has
// it works just as long, on the hash of some user that the name picks, and
// says no.
func (u *Users) verify(name string, password app.Secret) bool {
	h, known := u.hashFor(name)
	return h.matches(password) && known
}

// hashFor returns the hash to check a password of name against.
func (u *Users) hashFor(name string) (h hash, known bool) {
	if user, ok := u.byName[name]; ok {
		return user.hash, true
	}
	if len(u.order) == 0 {
		return hash{iterations: DefaultIterations, salt: make([]byte, saltBytes)}, false
	}
	return u.byName[u.order[u.pick(name, len(u.order))]].hash, false
}

// decoy returns n bytes that belong to name, and that nobody else can know.
func (u *Users) decoy(name, use string, n int) []byte {
	mac := hmac.New(sha256.New, u.secret[:])
	_, _ = mac.Write([]byte(use + "\x00" + name))
	return mac.Sum(nil)[:n]
}

// pick returns a number below n that belongs to name.
func (u *Users) pick(name string, n int) int {
	return int(binary.BigEndian.Uint32(u.decoy(name, "pick", 4)) % uint32(n))
}
