package shell

import "fyne.io/fyne/v2"

// Dropped drops files, which no test window can.
func (s *Shell) Dropped(at fyne.Position, files []fyne.URI) { s.dropped(at, files) }

// Duplicate is what the menu of a connection does.
func (s *Shell) Duplicate(id string) { s.duplicate(id) }
