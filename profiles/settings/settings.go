package settings

import (
	"cmp"
	"math"
	"slices"
)

// Themes that a person can choose.
const (
	ThemeSystem = "system" // as the desktop says
	ThemeLight  = "light"
	ThemeDark   = "dark"
)

// The limits within which values are kept.
const (
	MinMemoryBudgetMB = 16
	MaxMemoryBudgetMB = 64 * 1024
	MinZoom           = 0.5
	MaxZoom           = 3.0
	maxWindow         = 32 * 1024 // pixels
	maxFolded         = 256 << 10 // bytes
)

// Settings are the choices of a person. The zero value is not valid; start
// from Default.
type Settings struct {
	Language       string  // BCP 47 tag; empty: the system's language
	Theme          string  // one of ThemeSystem, ThemeLight, ThemeDark
	MemoryBudgetMB int     // for the messages of all connections, MiB
	Zoom           float64 // 1 is the toolkit's own size
	WindowWidth    int     // density-independent pixels; 0: not known yet
	WindowHeight   int     // density-independent pixels; 0: not known yet
	// Folded are the folders of the sidebar that are folded, one on each
	// line: a slice could not be compared.
	Folded string
	// Restore: open at launch what was open in the last run, and connect what
	// was connected.
	Restore bool
}

// Default returns the settings of a first run.
func Default() Settings {
	return Settings{Theme: ThemeSystem, MemoryBudgetMB: 512, Zoom: 1}
}

// normal returns s with every value that makes no sense replaced by its
// default or by the nearest limit: a mistyped number must not keep the
// program from starting.
func (s Settings) normal() Settings {
	d := Default()
	if len(s.Folded) > maxFolded {
		s.Folded = ""
	}
	if len(s.Language) > 64 {
		s.Language = ""
	}
	if !slices.Contains([]string{ThemeSystem, ThemeLight, ThemeDark}, s.Theme) {
		s.Theme = d.Theme
	}
	if math.IsNaN(s.Zoom) || s.Zoom <= 0 {
		s.Zoom = d.Zoom
	}
	if s.MemoryBudgetMB <= 0 {
		s.MemoryBudgetMB = d.MemoryBudgetMB
	}
	s.Zoom = clamp(s.Zoom, MinZoom, MaxZoom)
	s.MemoryBudgetMB = clamp(s.MemoryBudgetMB, MinMemoryBudgetMB, MaxMemoryBudgetMB)
	s.WindowWidth = clamp(s.WindowWidth, 0, maxWindow)
	s.WindowHeight = clamp(s.WindowHeight, 0, maxWindow)
	return s
}

func clamp[T cmp.Ordered](v, low, high T) T { return max(low, min(v, high)) }
