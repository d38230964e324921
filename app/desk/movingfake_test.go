package desk_test

import (
	"context"
	"sync"

	"tidings/app"
	"tidings/app/moving"
)

// fakeMover holds what a test wants to be read, and notes what is written.
type fakeMover struct {
	*folder
	preview moving.Preview
	hold    chan struct{}    // reading waits for it; nil: it does not
	endless chan struct{}    // closed when Read has seen its end, nil: it has one of its own
	looking chan struct{}    // Usual waits for it; nil: it does not
	failing map[string]error // of SaveWith, by the profile's name
	saveErr error            // of Save
	written []moving.Entry
	sealed  int // of Write
	mu      sync.Mutex
}

func (f *fakeMover) Usual(ctx context.Context) []moving.Source {
	if f.looking != nil {
		select {
		case <-f.looking:
		case <-ctx.Done():
			return nil
		}
	}
	return []moving.Source{{Format: moving.FormatExplorer, Path: "/x"}}
}

func (f *fakeMover) Load(ctx context.Context, path string) ([]byte, error) {
	if f.hold == nil {
		return []byte(path), nil
	}
	select {
	case <-f.hold:
		return []byte(path), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *fakeMover) Read(ctx context.Context, _ string, _ []byte, _ app.Secret) moving.Preview {
	if f.endless != nil {
		<-ctx.Done()
		close(f.endless)
	}
	return f.preview
}

func (f *fakeMover) Compare(*moving.Preview, []moving.Local)        {}
func (f *fakeMover) Keys(string) map[string]any                     { return nil }
func (f *fakeMover) ExportPath() string                             { return "/out" }
func (f *fakeMover) Strength(app.Secret) (level int, hint app.Text) { return 0, app.Text{} }

func (f *fakeMover) SaveWith(p app.Profile, _ map[string]any) error {
	if err := f.failing[p.Name]; err != nil {
		return err
	}
	return f.folder.Save(p)
}

func (f *fakeMover) SaveOnly(p app.Profile, keys map[string]any) error { return f.SaveWith(p, keys) }

func (f *fakeMover) Write(list []moving.Entry, _ app.Secret) (moving.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.written = list
	return moving.File{Secrets: f.sealed}, nil
}

func (f *fakeMover) Save(string, []byte, bool) error { return f.saveErr }

func (f *fakeMover) Snippet(_ moving.SnippetKind, in moving.SnippetInput) (moving.Snippet, error) {
	return moving.Snippet{Text: in.Profile.Name + " " + in.Password.Reveal() + in.Query.Reveal()}, nil
}
