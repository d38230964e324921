package certs

import (
	"bytes"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"

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
	s := source{name: c.File}
	f, err := os.Open(c.File)
	if err != nil {
		return s, s.wrong("certs.unreadable", err, "Detail", plainCause(err))
	}
	defer func() { _ = f.Close() }()
	s.data, err = io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return s, s.wrong("certs.unreadable", err, "Detail", plainCause(err))
	}
	return s, s.fits()
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
