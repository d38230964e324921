package desk

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"tidings/app"
)

// FileRead is a file that is being read for a screen, which opens none
// itself. It is safe for concurrent use.
type FileRead struct {
	mu   sync.Mutex
	data []byte
	err  *app.Error
	done bool
}

// Result returns what the file holds or why it cannot be read; done is false
// until one of them is known.
func (r *FileRead) Result() (data []byte, err *app.Error, done bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.data, r.err, r.done
}

func (r *FileRead) end(data []byte, err *app.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.data, r.err, r.done = data, err, true
}

// ReadFile starts to read a regular file of at most limit bytes in a worker.
// It returns at once; Touch says when the result is there.
func (d *Desk) ReadFile(path string, limit int64) *FileRead {
	r := &FileRead{}
	d.workers.Go(func(context.Context) {
		r.end(readFile(path, limit))
		d.p.Touch()
	})
	return r
}

// readFile reads no more than limit bytes, whatever the file says of itself;
// a device or a pipe, which may never end or never begin, is refused unopened.
func readFile(path string, limit int64) ([]byte, *app.Error) {
	path = app.ExpandHome(path)
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &app.Error{What: app.Say("file.not_regular", "Name", name), Do: app.Say("file.not_regular.do")}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch size := max(int64(len(data)), info.Size()); {
	case err != nil:
		return nil, unreadable(name, err)
	case size > limit:
		return nil, &app.Error{
			What: app.Say("file.too_large", "Name", name, "Size", app.ByteCount(size), "Max", app.ByteCount(limit)),
			Do:   app.Say("file.too_large.do"),
		}
	}
	return data, nil
}

func unreadable(name string, err error) *app.Error {
	what, do := "file.unreadable", "file.unreadable.do"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		what, do = "file.missing", "file.missing.do"
	case errors.Is(err, fs.ErrPermission):
		what, do = "file.forbidden", "file.forbidden.do"
	}
	return &app.Error{What: app.Say(what, "Name", name), Do: app.Say(do), Cause: err}
}
