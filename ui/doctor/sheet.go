package doctor

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Desk is what the sheet needs of the program. Commands return at once.
type Desk interface {
	Diagnosis() *desk.Diagnosis
	Diagnose(p app.Profile, s app.Secrets, how desk.Examine)
	CancelDiagnosis()
	ForgetDiagnosis()
}

// Params are what a Sheet is made of.
type Params struct {
	Desk    Desk
	Profile app.Profile
	// Secrets are those that a person has typed; those it lacks are the kept
	// ones.
	Secrets app.Secrets
	// Edit opens the connection's settings, where what the diagnosis came to
	// leads; nil: there is no such button.
	Edit func(what app.Text)
	// Clipboard takes the report.
	Clipboard func(string)
}

// width is that of the body, in units at 100 %.
const width = 640

// Sheet shows one diagnosis after the other of one connection. UI goroutine
// only.
type Sheet struct {
	d kit.Deps
	p Params

	sheet   *parts.Sheet
	steps   *fyne.Container
	list    []*row
	verdict *verdict
	topic   *parts.Field
	own     *parts.Check

	copied *kit.Button
	again  *kit.Button
	cancel *kit.Button

	number  int  // of the diagnosis that shows
	running bool // as it shows
}

// Open begins a diagnosis and shows the sheet.
func Open(d kit.Deps, p Params) *Sheet {
	s := &Sheet{d: d, p: p, steps: parts.Column(0), verdict: newVerdict(d)}
	tr := d.Tr
	s.topic = parts.NewField()
	s.topic.SetPlaceHolder(tr.S("diagnosis.topic.placeholder"))
	s.own = parts.NewCheck(tr.S("diagnosis.own_id"), nil)
	s.copied = kit.NewButton(tr.S("diagnosis.copy"), widget.MediumImportance, s.copy)
	s.again = kit.NewButton(tr.S("diagnosis.again"), widget.HighImportance, s.begin)
	s.cancel = kit.NewButton(tr.S("diagnosis.cancel"), widget.MediumImportance, s.p.Desk.CancelDiagnosis)
	done := kit.NewButton(tr.S("sheet.close"), widget.MediumImportance, s.Hide)
	left := []fyne.CanvasObject{s.copied}
	if p.Edit != nil {
		edit := kit.NewButton(tr.S("diagnosis.edit"), widget.MediumImportance, func() {
			var what app.Text
			if now := s.p.Desk.Diagnosis(); now != nil {
				what, _ = now.Report.Conclusion()
			}
			s.Hide()
			s.p.Edit(what)
		})
		d.Names.Set("diagnosis.edit", edit)
		left = append(left, edit)
	}
	body := parts.Column(10,
		kit.NewMuted(p.Profile.URL()+" · MQTT "+p.Profile.Version.String()),
		s.verdict.root, s.steps, s.options(),
	)
	s.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: d.Window.Canvas(), Title: tr.S("diagnosis.title", "Name", cmp.Or(p.Profile.Name, p.Profile.Host)), Width: width,
		Body: parts.Sized(body, 0, 330), Left: left, Right: []fyne.CanvasObject{done, s.cancel, s.again},
		Enter: s.enter, Escape: s.Hide,
	})
	for name, o := range map[string]fyne.CanvasObject{
		"diagnosis.copy": s.copied, "diagnosis.again": s.again, "diagnosis.cancel": s.cancel,
		"diagnosis.close": done, "diagnosis.topic": s.topic, "diagnosis.own_id": s.own,
	} {
		d.Names.Set(name, o)
	}
	s.begin()
	s.sheet.Show(done)
	s.Sync()
	return s
}

// options say what the next diagnosis tries beyond the connection itself.
func (s *Sheet) options() fyne.CanvasObject {
	tr := s.d.Tr
	return parts.Column(4,
		parts.Inset(kit.NewCaption(tr.S("diagnosis.more")), 0, 8, 0, 0),
		kit.NewFormRow(tr.S("diagnosis.topic"), s.topic, tr.S("diagnosis.topic.hint")),
		kit.NewFormRow("", s.own, tr.S("diagnosis.own_id.hint")),
	)
}

// Visible reports whether the sheet is open.
func (s *Sheet) Visible() bool { return s.sheet.Visible() }

// Hide closes the sheet and ends a diagnosis that is under way.
func (s *Sheet) Hide() {
	if !s.Visible() {
		return
	}
	s.p.Desk.ForgetDiagnosis()
	s.sheet.Hide()
	for _, r := range s.list {
		s.d.Names.Set(r.name, nil)
	}
	for _, name := range []string{"copy", "again", "cancel", "close", "topic", "own_id", "edit"} {
		s.d.Names.Set("diagnosis."+name, nil)
	}
}

// begin begins a diagnosis with what is chosen now.
func (s *Sheet) begin() {
	s.p.Desk.Diagnose(s.p.Profile, s.p.Secrets, desk.Examine{Topic: s.topic.Text, OwnID: s.own.Checked})
	s.Sync()
}

func (s *Sheet) enter() {
	if !s.running {
		s.begin()
	}
}

func (s *Sheet) copy() {
	if now := s.p.Desk.Diagnosis(); now != nil {
		s.p.Clipboard(now.Report.Text(s.d.Tr))
		s.copied.SetText(s.d.Tr.S("diagnosis.copied"))
	}
}

// Sync shows the diagnosis as it is now.
func (s *Sheet) Sync() {
	now := s.p.Desk.Diagnosis()
	if now == nil {
		return
	}
	changed := false
	if now.Number != s.number {
		s.number, s.list, s.steps.Objects, changed = now.Number, nil, nil, true
		s.copied.SetText(s.d.Tr.S("diagnosis.copy"))
	}
	for i, step := range now.Report.Steps {
		if i == len(s.list) {
			s.list = append(s.list, newRow(s.d, i, s.sheet.Relayout))
			s.steps.Add(s.list[i].root)
		}
		changed = s.list[i].show(step) || changed
	}
	changed = s.verdict.show(now.Report) || changed
	if running := now.Report.Running; running != s.running || changed {
		s.running = running
		kit.SetShown(s.cancel, running)
		kit.SetShown(s.again, !running)
		s.copied.SetEnabled(!running, s.d.Tr.S("diagnosis.why.running"))
		s.sheet.Relayout()
	}
}
