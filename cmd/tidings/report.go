package main

import (
	"context"
	"image"
	"slices"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"tidings/app/workers"
	"tidings/cmd/tidings/e2e"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/shell"
)

// reporter follows the window for automated tests: what it shows, where its
// controls are, and how long its frames take. It works on the UI goroutine;
// only the file is written elsewhere.
type reporter struct {
	p     *program
	shell *shell.Shell
	win   fyne.Window
	file  *stateFile
	beat  *workers.Group
	ready bool
	first time.Duration // from the start of the program to the first frame
	pulse *pulse

	probe   *canvas.Raster // painted once a frame
	painted int            // frames so far
	synced  time.Time      // when the frame under way began
	frames  []time.Duration
}

// maxFrames bounds the frames remembered: more than two minutes of them.
const maxFrames = 4096

// newReporter adds a probe of one pixel to the window's content.
func newReporter(p *program, sh *shell.Shell, win fyne.Window) *reporter {
	r := &reporter{p: p, shell: sh, win: win, file: newStateFile(p.options.state, p.log), beat: workers.New(context.Background())}
	r.probe = canvas.NewRaster(r.paint)
	r.probe.Resize(fyne.NewSize(1, 1))
	win.SetContent(kit.NewHost(container.New(below{}, sh.Content(), r.probe))) // tooltips want a host at the root
	r.pulse = startPulse(p.feed.Touch)
	return r
}

func (r *reporter) close() {
	r.pulse.stop()
	r.file.close()
}

// pulseInterval bounds how long a report lags behind the window.
const pulseInterval = 100 * time.Millisecond

// pulse has the window reported when nothing but the window changed: another
// tab in front, a dialog opened. Screens need no such thing.
type pulse struct{ quit, done chan struct{} }

func startPulse(touch func()) *pulse {
	p := &pulse{quit: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(p.done)
		tick := time.NewTicker(pulseInterval)
		defer tick.Stop()
		for {
			select {
			case <-p.quit:
				return
			case <-tick.C:
				touch()
			}
		}
	}()
	return p
}

// stop ends the pulse and waits for it.
func (p *pulse) stop() {
	close(p.quit)
	<-p.done
}

// sync shows the model and reports what is shown then.
func (r *reporter) sync() {
	r.synced = time.Now()
	r.shell.Sync()
	s := readState(r.p.desk)
	s.Ready, s.Painted, s.Read = r.ready, r.painted, r.synced.UnixNano()
	s.Screen, s.Tab = r.shell.Screen(), r.shell.Tab()
	s.Frames = r.figures()
	s.Frames.First = float64(r.first.Microseconds()) / 1000
	s.Controls = map[string]e2e.Rect{}
	for name, c := range r.shell.Positions() {
		s.Controls[name] = e2e.Rect{X: float64(c.X), Y: float64(c.Y), W: float64(c.W), H: float64(c.H)}
	}
	s.Typed = -1
	if entry, ok := r.win.Canvas().Focused().(*parts.Field); ok {
		s.Typed = utf8.RuneCountInString(entry.Text)
	}
	r.file.put(s)
	r.probe.Refresh()
}

// paint is called while a frame is drawn: the probe lies above all else, so
// everything has been painted.
func (r *reporter) paint(w, h int) image.Image {
	r.painted++
	if !r.synced.IsZero() {
		if len(r.frames) == maxFrames {
			r.frames = slices.Delete(r.frames, 0, 1)
		}
		r.frames = append(r.frames, time.Since(r.synced))
	}
	if !r.ready { // the first frame stands: say so with the next report
		r.ready, r.first = true, time.Since(r.p.options.started)
		r.p.feed.Touch()
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

// figures sums the frames up, in milliseconds.
func (r *reporter) figures() e2e.Frames {
	if len(r.frames) == 0 {
		return e2e.Frames{}
	}
	sorted := slices.Sorted(slices.Values(r.frames))
	at := func(share float64) float64 {
		return float64(sorted[int(share*float64(len(sorted)-1))].Microseconds()) / 1000
	}
	return e2e.Frames{Count: len(sorted), Median: at(0.5), P99: at(0.99), Worst: at(1)}
}

// below lays the first object over the whole window and leaves the rest
// alone.
type below struct{}

// MinSize implements fyne.Layout.
func (below) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Layout implements fyne.Layout.
func (below) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
