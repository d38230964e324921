package main

import (
	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session/link"
	"tidings/app/workspace"
	"tidings/assets"
	"tidings/profiles/settings"
	"tidings/ui/dispatch"
	"tidings/ui/kit"
	"tidings/ui/messages"
	"tidings/ui/packets"
	"tidings/ui/retained"
	"tidings/ui/shell"
	"tidings/ui/sys"
	"tidings/ui/topics"
)

// appID names the program to the desktop; FyneApp.toml has the same.
const appID = "io.github.tidings.Tidings"

// The size of the window on the first start, in density-independent pixels.
const (
	firstWidth  = 1280
	firstHeight = 800
)

// run shows the window until it is closed, and ends everything after it.
func (p *program) run() error {
	if p.home.Portable() {
		confineToolkit(p.home.Dir())
	}
	fyneapp.SetMetadata(fyne.AppMetadata{ID: appID, Name: "Tidings", Version: version, Release: true, Icon: icon()})
	a := fyneapp.NewWithID(appID)
	a.SetIcon(icon())
	endAtOnce(a.Lifecycle())
	choices := p.settings.Get()
	kept := newKeptSettings(p)
	win := a.NewWindow("Tidings")
	win.SetMaster()
	win.SetPadded(false)
	sh := shell.New(shell.Params{
		App: a, Window: win, Desk: p.desk, Moving: p.moving, Settings: kept, Tr: i18n.New(choices.Language),
		Version: version, KeyLog: p.keyLog(),
		Tabs: map[string]shell.TabFactory{
			shell.TabSubscribe: func(d kit.Deps, w *workspace.Workspace) shell.Tab { return messages.New(d, w) },
			shell.TabTopics:    func(d kit.Deps, w *workspace.Workspace) shell.Tab { return topics.New(d, w) },
			shell.TabRetained:  func(d kit.Deps, w *workspace.Workspace) shell.Tab { return retained.New(d, w) },
			shell.TabSys:       func(d kit.Deps, w *workspace.Workspace) shell.Tab { return sys.New(d, w) },
			shell.TabPackets:   func(d kit.Deps, w *workspace.Workspace) shell.Tab { return packets.New(d, w) },
		},
	})
	win.SetContent(sh.Content())
	win.Resize(firstSize(choices))

	screen := dispatch.New(nil)
	sync := sh.Sync
	if p.options.state != "" {
		report := newReporter(p, sh, win)
		defer report.close()
		sync = report.sync
	}
	last := newLastRun(p, sh, kept)
	a.Lifecycle().SetOnStarted(func() {
		last.begin()
		screen.Follow(p.feed, func() {
			sync()
			last.follow()
		})
		p.feed.Touch()
	})
	win.ShowAndRun() // ends with the window, and with an interrupt or SIGTERM
	screen.Close()
	last.close()
	kept.keepSize(win.Canvas().Size())
	kept.workers.Close()
	return p.close()
}

func icon() fyne.Resource { return fyne.NewStaticResource("tidings.png", assets.IconPNG()) }

func firstSize(s settings.Settings) fyne.Size {
	if s.WindowWidth > 0 && s.WindowHeight > 0 {
		return fyne.NewSize(float32(s.WindowWidth), float32(s.WindowHeight))
	}
	return fyne.NewSize(firstWidth, firstHeight)
}

// keyLog returns the file to which the keys of TLS are written, if one is, and
// says so when it cannot be written: nobody should look for them in vain.
func (p *program) keyLog() string {
	path, err := link.KeyLog()
	if err != nil {
		p.desk.Notify(&app.Error{What: app.Say("keylog.unwritable", "Path", path), Do: app.Say("keylog.unwritable.do"), Cause: err})
		return ""
	}
	return path
}
