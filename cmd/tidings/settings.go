package main

import (
	"context"
	"errors"
	"sync"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/workers"
	"tidings/profiles/settings"
	"tidings/ui/theme"

	uisettings "tidings/ui/settings"
)

// keptSettings shows the settings file as the window knows it. What the
// window sets holds at once; the file is written in a worker.
type keptSettings struct {
	p       *program
	workers *workers.Group

	mu  sync.Mutex
	now settings.Settings
}

func newKeptSettings(p *program) *keptSettings {
	return &keptSettings{p: p, workers: workers.New(context.Background()), now: p.settings.Get()}
}

// look returns the look that a setting names.
func look(name string) theme.Variant {
	switch name {
	case settings.ThemeLight:
		return theme.Light
	case settings.ThemeDark:
		return theme.Dark
	}
	return theme.System
}

// themeName is the inverse of look.
func themeName(v theme.Variant) string {
	for _, name := range []string{settings.ThemeLight, settings.ThemeDark} {
		if look(name) == v {
			return name
		}
	}
	return settings.ThemeSystem
}

// Values implements the window's Settings.
func (k *keptSettings) Values() uisettings.Values {
	k.mu.Lock()
	defer k.mu.Unlock()
	return uisettings.Values{
		Language: k.now.Language, Look: look(k.now.Theme), MemoryMB: k.now.MemoryBudgetMB, Zoom: float32(k.now.Zoom),
		Folded: k.now.Folded, Restore: k.now.Restore,
	}
}

// Set implements the window's Settings.
func (k *keptSettings) Set(v uisettings.Values) {
	k.p.limitMemory(v.MemoryMB)
	k.change(func(s *settings.Settings) {
		s.Language, s.Theme, s.MemoryBudgetMB, s.Zoom = v.Language, themeName(v.Look), v.MemoryMB, float64(v.Zoom)
		s.Folded = v.Folded
		s.Restore = v.Restore
	})
}

// keepSize remembers the size of the window.
func (k *keptSettings) keepSize(size fyne.Size) {
	k.change(func(s *settings.Settings) { s.WindowWidth, s.WindowHeight = int(size.Width), int(size.Height) })
}

// change changes the settings now and writes what they are then: whichever
// of two writes comes last writes the newest.
func (k *keptSettings) change(f func(*settings.Settings)) {
	k.mu.Lock()
	f(&k.now)
	k.mu.Unlock()
	k.workers.Go(func(context.Context) {
		err := k.p.settings.Update(func(s *settings.Settings) {
			k.mu.Lock()
			defer k.mu.Unlock()
			*s = k.now
		})
		var e *app.Error
		if errors.As(err, &e) {
			k.p.desk.Notify(e)
		}
	})
}
