package main

import (
	"log/slog"
	"os"
)

// raiseFileLimit does nothing: Windows has no such limit.
func raiseFileLimit(*slog.Logger, int) {}

// reloadSignals are none: Windows ends a program instead.
func reloadSignals() []os.Signal { return []os.Signal{nosignal{}} }

// nosignal never comes. signal.Notify takes an empty list for all signals.
type nosignal struct{}

func (nosignal) Signal()        {}
func (nosignal) String() string { return "none" }
