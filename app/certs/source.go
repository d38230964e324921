package certs

import (
	"bytes"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"tidings/app"
)

// maxSize is the largest file that is read, in bytes: the bundle of all
// authorities of a system has a quarter of it.
const maxSize = 1 << 20

// source is the content of a file or of a pasted text.
type source struct {
	name any // for sentences: a path, or an app.Text
	data []byte
}

// read returns what c holds.
func read(c app.CertSource) (source, *app.Error) {
	if c.File == "" {
		return pasted([]byte(c.PEM))
	}
	c.File = app.ExpandHome(c.File)
	s := source{name: c.File}
	if failed := s.isFile(c.File); failed != nil {
		return s, failed
	}
	f, err := os.Open(c.File)
	if err != nil {
		return s, s.unreadable(err)
	}
	defer func() { _ = f.Close() }()
	s.data, err = io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return s, s.unreadable(err)
	}
	return s, s.fits()
}

// isFile refuses what only looks like a file: opening a named pipe waits for
// its other end, perhaps for ever. What a shell hands over as a file
// (/dev/fd/63) has its other end.
func (s source) isFile(path string) *app.Error {
	is, err := os.Stat(path)
	switch {
	case err != nil:
		return s.unreadable(err)
	case is.IsDir():
		return s.wrong("certs.folder", nil)
	case !is.Mode().IsRegular() && !strings.HasPrefix(path, "/dev/fd/") && !strings.HasPrefix(path, "/proc/self/fd/"):
		return s.wrong("certs.no_file", nil)
	}
	return nil
}

// unreadable says why a file cannot be read.
func (s source) unreadable(err error) *app.Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.wrong("certs.missing", err)
	case errors.Is(err, fs.ErrPermission):
		return s.wrong("certs.denied", err)
	}
	return s.wrong("certs.unreadable", err, "Detail", plainCause(err))
}

func (s source) fits() *app.Error {
	if len(s.data) > maxSize {
		return s.wrong("certs.too_large", nil, "Max", app.ByteCount(maxSize))
	}
	return nil
}

// plainCause returns the reason without the path, which the sentence names.
func plainCause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

// wrong makes the error of a key of the translations about s.
func (s source) wrong(key string, cause error, pairs ...any) *app.Error {
	return &app.Error{What: app.Say(key, append(pairs, "Source", s.name)...), Do: app.Say(key + ".do"), Cause: cause}
}

// isPEM reports whether there is a block of PEM, with whatever text around.
func (s source) isPEM() bool { return bytes.Contains(s.data, []byte("-----BEGIN ")) }

// blocks returns the PEM blocks.
func (s source) blocks() (all []*pem.Block) {
	for rest := s.data; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return all
		}
		all = append(all, b)
	}
}
