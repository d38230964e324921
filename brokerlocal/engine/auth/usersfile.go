package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"tidings/brokerlocal/engine/internal/givenfile"
)

var (
	errName       = errors.New("a user name has no colon, no # at its beginning, no control characters, and no blanks around it")
	errIterations = fmt.Errorf("the iterations must be from 1 to %d", MaxIterations)
)

// SCRAMSuffix is added to the name of a password file to name the file with
// the SCRAM records of its users. They are not kept as comments among the
// hashes, which mosquitto would skip, because mosquitto_passwd takes a file
// with comments for corrupt and cuts it at the first.
const SCRAMSuffix = ".scram"

// LoadUsers reads a mosquitto password file and, if there is one, the file of
// SCRAM records beside it. Errors of content are *FileError.
func LoadUsers(path string) (*Users, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	u, err := ParseUsers(path, data)
	if err != nil {
		return nil, err
	}
	data, err = readFile(path + SCRAMSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return nil, err
	}
	if err := u.addSCRAM(path+SCRAMSuffix, data); err != nil {
		return nil, err
	}
	return u, nil
}

func readFile(path string) ([]byte, error) {
	data, err := givenfile.Read(path, MaxFileBytes)
	if errors.Is(err, givenfile.ErrTooLarge) {
		return nil, &FileError{File: path, Reason: fmt.Sprintf("larger than %d MiB", MaxFileBytes>>20)}
	}
	return data, err
}

// ParseUsers reads a mosquitto password file, lines of "name:hash" with $6$
// or $7$ hashes; file is its name in errors, which are *FileError. Lines that
// are empty or begin with "#" are skipped, and blanks around name and hash do
// not count, as for mosquitto. Where mosquitto leaves out a line it does not
// understand, or the second line of one user, this is an error: a user who is
// missing, or has another password than the file seems to say, is not a thing
// to find out later.
func ParseUsers(file string, data []byte) (*Users, error) {
	u := NewUsers()
	err := eachLine(file, data, func(line string) error {
		name, rest, ok := strings.Cut(line, ":")
		name = strings.Trim(name, blanks)
		if !ok {
			return errors.New("a line is a user name, a colon and a hash")
		}
		if err := ValidateUser(name); err != nil {
			return err
		}
		if u.Has(name) {
			return fmt.Errorf("user %q is there already", name)
		}
		h, err := parseHash(strings.Trim(rest, blanks))
		if err != nil {
			return err
		}
		u.byName[name] = user{hash: h}
		u.order = append(u.order, name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}

// PasswordFile returns the users as a password file for mosquitto 2.0 and
// later.
func (u *Users) PasswordFile() []byte {
	var b strings.Builder
	for _, name := range u.order {
		b.WriteString(u.line(name) + "\n")
	}
	return []byte(b.String())
}

// line is what a SCRAM record is bound to as well.
func (u *Users) line(name string) string { return name + ":" + u.byName[name].hash.String() }

// Save writes the password file and the file of SCRAM records beside it. New
// ones are for the owner's eyes only (0600), in a folder that exists; where
// there is a password file, both get its permissions and its owner. Each is
// replaced as a whole; when the power fails between them, a user whose password
// was new cannot do SCRAM until it is set again.
func (u *Users) Save(path string) error {
	was, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		was = nil
	case err != nil:
		return err
	case !was.Mode().IsRegular():
		return &FileError{File: path, Reason: "not a regular file"}
	}
	if err := replaceFile(path+SCRAMSuffix, u.scramFile(), was); err != nil {
		return err
	}
	return replaceFile(path, u.PasswordFile(), was)
}
