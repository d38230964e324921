package transfer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/internal/keep"
	"tidings/profiles/transfer/internal/draft"
)

var errNotRegular = errors.New("not a regular file")

// There returns those of the places at which there is a regular file.
func There(ctx context.Context, places []moving.Source) (found []moving.Source) {
	for _, p := range places {
		if ctx.Err() != nil {
			return found
		}
		if info, err := os.Stat(p.Path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
			found = append(found, p)
		}
	}
	return found
}

// Load returns the content of the file at path: a regular one of at most
// MaxFile bytes. It never blocks on a pipe or a device and ends with ctx. The
// error is an *app.Error.
func Load(ctx context.Context, path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	if err != nil {
		return nil, notRead(path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, notRead(path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(contextReader{ctx, f}, MaxFile+1))
	switch {
	case err != nil:
		return nil, notRead(path, err)
	case len(data) > MaxFile:
		return nil, draft.TooLarge(MaxFile)
	}
	return data, nil
}

// contextReader is a reader that ends with a context.
type contextReader struct {
	ctx context.Context //nolint:containedctx // it is that of the one call that reads
	r   io.Reader
}

// Read implements io.Reader.
func (c contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

func notRead(path string, cause error) *app.Error {
	do := "moving.not_read.do"
	if errors.Is(cause, fs.ErrNotExist) {
		do = "moving.not_read.missing"
	}
	return &app.Error{What: app.Say("moving.not_read", "File", path), Do: app.Say(do), Cause: cause}
}

// Save writes data to path in one step, for its owner only (0600). Without
// replace it fails with fs.ErrExist when there is something already. The
// error is an *app.Error.
func Save(path string, data []byte, replace bool) error {
	err := save(path, data, replace)
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrExist) {
		return &app.Error{What: app.Say("moving.exists", "File", path), Do: app.Say("moving.exists.do"), Cause: err}
	}
	return &app.Error{What: app.Say("moving.not_saved", "File", path), Do: app.Say("moving.not_saved.do"), Cause: err}
}

func save(path string, data []byte, replace bool) error {
	if !filepath.IsAbs(path) || strings.HasSuffix(path, string(filepath.Separator)) {
		return &fs.PathError{Op: "write", Path: path, Err: fs.ErrInvalid}
	}
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "write", Path: path, Err: errNotRegular}
	}
	if replace {
		return keep.Write(path, data)
	}
	// The name is taken first, and exclusively, so that nothing that came
	// meanwhile is written over.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := keep.Write(path, data); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
