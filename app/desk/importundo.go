package desk

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/moving"
)

// importNews is how long the undo of an import is offered.
const importNews = 3 * time.Minute

// came is what an import has done, to be undone.
type came struct {
	report ImportReport
	items  []cameItem
	held   int // secrets that nothing but the memory took
	number int // another one for each import

	all    int           // items there were when the undo began
	undone chan struct{} // closed when the undo has ended; nil: it has not begun
}

// cameItem is one connection that came, and what it replaced.
type cameItem struct {
	id       string
	after    app.Profile // as it came
	replaced bool
	before   app.Profile     // what was replaced
	keys     map[string]any  // of its file
	secrets  []moving.Secret // those of it that were replaced or forgotten
	kinds    []app.SecretKind
	held     int // of its secrets, those that only the memory took
}

// Imported is the last import, as long as its undo is offered.
type Imported struct {
	N int // connections that came
	// Number is another one for each import, and First the ID of the first
	// connection that came with it.
	Number int
	First  string
	// Undoing: they are being taken back, and Done are behind us.
	Undoing bool
	Done    int
}

// Imported returns what UndoImport would take back; zero when there is
// nothing.
func (m *Moving) Imported() Imported {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch c := m.came; {
	case c == nil || m.imp.Stage == ImportSaving:
		return Imported{}
	case c.undone != nil:
		return Imported{N: c.all, Number: c.number, Undoing: true, Done: c.all - len(c.items)}
	default:
		return Imported{N: len(c.items), Number: c.number, First: c.items[0].id}
	}
}

// offerUndo gives the undo its time. The caller holds mu.
func (m *Moving) offerUndo() {
	c := m.came
	if c == nil || c.undone != nil {
		return
	}
	m.start(&m.news, func(ctx context.Context) {
		select {
		case <-ctx.Done():
		case <-time.After(importNews):
			m.change(func() {
				if m.came == c && c.undone == nil {
					m.came = nil
				}
			})
		}
	})
}

// ForgetImport gives the undo up, unless it has begun.
func (m *Moving) ForgetImport() {
	m.change(func() {
		if m.came != nil && m.came.undone == nil {
			m.came = nil
			m.news.halt()
		}
	})
}

// UndoImport takes back what the last import did: what it added goes, what
// it replaced comes back. What has been changed since stays as it is. That,
// and what cannot be taken back, becomes a notice.
func (m *Moving) UndoImport() {
	m.change(func() {
		if m.imp.Stage == ImportDone {
			m.imp = importing{ImportState: ImportState{Number: m.imp.Number}}
		}
		c := m.came
		if c == nil || c.undone != nil || m.imp.Stage == ImportSaving {
			return
		}
		m.news.halt()
		c.all, c.undone = len(c.items), make(chan struct{})
		m.start(&m.undo, func(ctx context.Context) { m.takeAllBack(ctx, c) })
	})
}

// StopUndo stops UndoImport after the connection it is at. The rest can still
// be taken back.
func (m *Moving) StopUndo() { m.change(m.undo.halt) }

func (m *Moving) takeAllBack(ctx context.Context, c *came) {
	var changed []string
	for ctx.Err() == nil && len(c.items) > 0 {
		item := c.items[len(c.items)-1]
		kept, err := m.takeBack(item)
		if err != nil {
			m.d.notify(&app.Error{What: app.Say("moving.not_undone", "Name", item.after.Name), Cause: err})
		}
		if kept {
			changed = append(changed, item.after.Name)
		}
		m.change(func() { c.items = c.items[:len(c.items)-1] })
	}
	if n := len(changed); n > 0 {
		slices.Reverse(changed)
		if n > maxNamed {
			changed = append(changed[:maxNamed], "…")
		}
		m.d.notify(&app.Error{
			What: app.Say("moving.undo_kept", "N", n, "Names", strings.Join(changed, ", ")),
			Do:   app.Say("moving.undo_kept.do"),
		})
	}
	m.change(func() {
		close(c.undone)
		if c.undone = nil; len(c.items) == 0 && m.came == c {
			m.came = nil
		}
		m.offerUndo()
	})
}

// maxNamed is how many connections a notice names.
const maxNamed = 10

// takeBack takes one connection back. It reports kept when the connection is
// no longer as it came: then it stays. One that was deleted since is none of
// its business. A kill at any moment leaves no connection with the secrets of
// another one: those that came go before what was replaced is back.
func (m *Moving) takeBack(item cameItem) (kept bool, err error) {
	var gone bool
	inTurn(m.d.turns, turnFiles, func(context.Context) { kept, gone = m.takeOut(item) })
	if kept || gone {
		return kept, nil
	}
	if item.replaced {
		inTurn(m.d.turns, turnSecret+item.id, func(ctx context.Context) { err = m.forgetKinds(ctx, item.id, item.kinds) })
	}
	if err == nil {
		inTurn(m.d.turns, turnFiles, func(context.Context) { err = m.takeFile(item) })
	}
	if err != nil {
		m.putIn(item)
		return false, err
	}
	inTurn(m.d.turns, turnSecret+item.id, func(ctx context.Context) { err = m.restoreSecrets(ctx, item) })
	m.d.p.Touch()
	return false, err
}

// takeFile removes the file of what was added, or puts that of what was replaced
// in its place, which asks for its password until it has it back. A kill leaves
// no secrets of nobody: the next start forgets those of a condemned profile that
// has no file.
func (m *Moving) takeFile(item cameItem) error {
	before := item.before
	if item.replaced {
		before.AskPassword = before.AskPassword || before.User != "" && slices.Contains(item.kinds, app.SecretPassword)
		if err := m.m.SaveOnly(m.d.withClear(before), item.keys); err != nil {
			return err
		}
	} else {
		m.d.p.Secrets.Condemn(item.id)
		if _, err := m.d.p.Profiles.Delete(item.id); err != nil {
			m.d.p.Secrets.Spare(item.id)
			return err
		}
	}
	m.d.mu.Lock()
	if m.d.forgetClosed(item.id); item.replaced {
		m.d.insert(before)
	}
	m.d.mu.Unlock()
	m.d.p.Touch()
	return nil
}

// putIn puts a connection that could not be taken back into the list again. It
// asks for a password that is forgotten by now.
func (m *Moving) putIn(item cameItem) {
	p := item.after
	if item.replaced && p.User != "" && m.d.SecretPlace(app.SecretRef{Profile: p.ID, Kind: app.SecretPassword}) == app.PlaceNone {
		p.AskPassword = true
	}
	m.d.put(p)
}

// takeOut takes a connection that is as it came out of the list.
func (m *Moving) takeOut(item cameItem) (kept, gone bool) {
	d := m.d
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.index(item.id)
	if i < 0 {
		return false, true
	}
	// Its place, and where its password is kept, are not the connection.
	now := d.profiles[i]
	now.Position, now.AskPassword = item.after.Position, item.after.AskPassword
	if !reflect.DeepEqual(now, item.after) {
		return true, false
	}
	d.letGo(item.id)
	d.profiles = slices.Delete(d.profiles, i, i+1)
	d.listed()
	return false, false
}

// restoreSecrets forgets the secrets of what was added, or puts back those
// that were replaced.
func (m *Moving) restoreSecrets(ctx context.Context, item cameItem) (err error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	if !item.replaced {
		return m.d.p.Secrets.ForgetProfile(ctx, item.id)
	}
	for _, kind := range item.kinds {
		ref := app.SecretRef{Profile: item.id, Kind: kind}
		i := slices.IndexFunc(item.secrets, func(s moving.Secret) bool { return s.Kind == kind })
		if i < 0 {
			err = errors.Join(err, m.d.p.Secrets.Delete(ctx, ref))
			continue
		}
		_, e := m.d.p.Secrets.Set(ctx, ref, item.secrets[i].Value)
		err = errors.Join(err, e)
	}
	if err == nil {
		m.d.update(item.id, func(p *app.Profile) bool {
			changed := p.AskPassword != item.before.AskPassword
			p.AskPassword = item.before.AskPassword
			return changed
		})
	}
	return err
}
