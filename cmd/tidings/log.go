package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"tidings/app"
)

// maxLog is the size in bytes at which a start sets the log file aside. One
// older file is kept.
const maxLog = 5 << 20

// openLog opens the log file in dir, sends the toolkit's own messages there,
// and the trace of a crash to the file crash. Files are for the user alone.
func openLog(dir, crash string) (*slog.Logger, func(), error) {
	name := filepath.Join(dir, "tidings.log")
	if info, err := os.Stat(name); err == nil && info.Size() > maxLog {
		if err := os.Rename(name, name+".1"); err != nil {
			return nil, nil, unusable(dir, err)
		}
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, unusable(dir, err)
	}
	if c, err := os.OpenFile(crash, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
		_ = debug.SetCrashOutput(c, debug.CrashOptions{})
		_ = c.Close() // the runtime keeps its own handle
	}
	logger := slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelInfo}))
	log.SetFlags(0)
	log.SetOutput(&toolkitLog{log: logger, screen: os.Stderr})
	return logger, func() { _ = f.Close() }, nil
}

// unusable says what is wrong with the folder of the log.
func unusable(dir string, err error) *app.Error {
	return &app.Error{
		What: app.Say("home.unusable", "Folder", dir), Do: app.Say("home.unusable.do"),
		Cause: fmt.Errorf("log: %w", err),
	}
}

// toolkitLog takes what Fyne prints through the standard logger. A failure
// to open a window ends the program inside the toolkit, so the explanation
// has to be given here.
type toolkitLog struct {
	log    *slog.Logger
	screen io.Writer
}

// Write implements io.Writer.
func (t *toolkitLog) Write(line []byte) (int, error) {
	text := bytes.TrimSpace(line)
	t.log.Warn("toolkit", "text", string(text))
	_, _ = t.screen.Write(line)
	if bytes.Contains(text, []byte("GLFW")) || bytes.Contains(text, []byte("indow creation")) || bytes.Contains(text, []byte("OpenGL")) {
		_, _ = fmt.Fprint(t.screen, noWindowHelp)
	}
	return len(line), nil
}

// noWindowHelp is in English only: it follows the toolkit's own English
// message on the terminal.
const noWindowHelp = `tidings: no window could be opened. It needs a display and OpenGL 2.1.
  Linux: set LIBGL_ALWAYS_SOFTWARE=1 and try again (install Mesa's libgl1-mesa-dri if it is missing).
  Windows: put Mesa's opengl32.dll beside tidings.exe.
  Remote or without a screen: xvfb-run tidings
`
