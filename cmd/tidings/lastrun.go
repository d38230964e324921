package main

import (
	"context"
	"sync"

	"tidings/app/desk"
	"tidings/app/workers"
	"tidings/profiles/settings"
	"tidings/ui/shell"
)

// lastRun remembers what is open, so that the next run can open it again. It
// writes whenever that changes: a program may end in many ways.
type lastRun struct {
	p       *program
	shell   *shell.Shell
	kept    *keptSettings
	workers *workers.Group
	turns   *workers.Turns

	mu      sync.Mutex
	known   settings.LastRun // what is to stand in the file
	written settings.LastRun // what stands in it
}

func newLastRun(p *program, sh *shell.Shell, kept *keptSettings) *lastRun {
	l := &lastRun{p: p, shell: sh, kept: kept, workers: workers.New(context.Background())}
	l.turns = workers.NewTurns(l.workers)
	return l
}

// begin opens what was open, as far as it is wanted, and returns at once. It
// belongs to the UI goroutine, as follow does.
func (l *lastRun) begin() {
	if l.p.options.noConnect {
		return
	}
	var open []desk.OpenWorkspace
	if last, err := settings.ReadLastRun(l.p.home.LastRun()); err != nil {
		l.p.log.Warn("read what was open", "err", err)
	} else if l.kept.Values().Restore {
		connected := map[string]bool{}
		for _, id := range last.Connected {
			connected[id] = true
		}
		for _, id := range last.Open {
			open = append(open, desk.OpenWorkspace{ID: id, Connected: connected[id]})
		}
		l.shell.Bring(last.Front, last.Tab)
		l.known, l.written = last, last
	}
	l.p.desk.Launch(open)
}

// follow writes what is open, if that is wanted and has changed. A safe start
// leaves the file alone: what it did not open is still wanted.
func (l *lastRun) follow() {
	if l.p.options.noConnect || !l.kept.Values().Restore {
		return
	}
	now := settings.LastRun{Front: l.shell.Selected(), Tab: l.shell.Tab()}
	for _, o := range l.p.desk.OpenWorkspaces() {
		now.Open = append(now.Open, o.ID)
		if o.Connected {
			now.Connected = append(now.Connected, o.ID)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Equal(l.known) {
		return
	}
	l.known = now
	l.turns.Go("", func(context.Context) { l.write() })
}

// write writes what is known by then.
func (l *lastRun) write() {
	l.mu.Lock()
	now, old := l.known, l.written
	l.written = now
	l.mu.Unlock()
	if now.Equal(old) {
		return
	}
	if err := settings.WriteLastRun(l.p.home.LastRun(), now); err != nil {
		l.p.log.Warn("remember what is open", "err", err)
	}
}

// close writes what is open at the end, and waits for it.
func (l *lastRun) close() {
	l.follow()
	l.workers.Close()
	l.write()
}
