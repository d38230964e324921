package parts_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/ui/kit/parts"
)

func TestRailIsChosenFromByMouseAndKeys(t *testing.T) {
	test.NewTempApp(t)
	var heard []int
	r := parts.NewRail([]parts.RailItem{{Title: "a"}, {Title: "b"}, {Title: "c"}}, func(i int) { heard = append(heard, i) })
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(160, 300))
	tap := func(at fyne.Position) { r.Tapped(&fyne.PointEvent{Position: at}) }
	tap(r.At(2))
	if r.Selected() != 2 || w.Canvas().Focused() != fyne.Focusable(r) {
		t.Errorf("item %d, keyboard at %v", r.Selected(), w.Canvas().Focused())
	}
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp} {
		r.TypedKey(&fyne.KeyEvent{Name: k})
	}
	tap(fyne.NewPos(10, 299)) // below the last one
	if want := []int{2, 1, 0}; len(heard) != 3 || heard[0] != want[0] || heard[2] != want[2] || r.Selected() != 0 {
		t.Errorf("heard %v", heard)
	}
}

func TestPairsKeepWhatIsTyped(t *testing.T) {
	test.NewTempApp(t)
	changes := 0
	p := parts.NewPairs(parts.PairsParams{Add: "Add", Secret: "Hide", Open: "Show", Kept: "kept", Changed: func() { changes++ }})
	w := test.NewTempWindow(t, p)
	w.Resize(fyne.NewSize(500, 300))
	p.Fill([]parts.Pair{{Name: "a", Value: "1"}, {Name: "Key", Secret: true, Kept: true}})
	test.Tap(p.Button())
	name, value := p.Fields(2)
	if w.Canvas().Focused() != fyne.Focusable(name) {
		t.Error("a new row has not got the keyboard")
	}
	if got := p.Read(); len(got) != 2 {
		t.Errorf("an empty row counts: %v", got)
	}
	test.Type(value, "3")
	if got := p.Read(); len(got) != 3 || got[2] != (parts.Pair{Value: "3"}) || !got[1].Kept {
		t.Errorf("read %v", got)
	}
	_, remove := p.Buttons(0)
	test.Tap(remove)
	name, value = p.Fields(0)
	if w.Canvas().Focused() != fyne.Focusable(name) || len(p.Read()) != 2 {
		t.Error("the row after the one that went has not got the keyboard")
	}
	name.SetText("Other")
	if got := p.Read()[0]; got.Kept || value.PlaceHolder == "kept" {
		t.Errorf("a value that is kept for another name counts: %+v", got)
	}
	name.SetText("KEY") // header names differ by more than the case of letters
	if got := p.Read()[0]; !got.Kept || value.PlaceHolder != "kept" {
		t.Errorf("read %+v", got)
	}
	if p.SetKept("again"); value.PlaceHolder != "again" {
		t.Errorf("the entry of a kept value says %q", value.PlaceHolder)
	}
	mark, _ := p.Buttons(0)
	test.Tap(mark)
	if got := p.Read()[0]; got.Kept || got.Secret || value.Password {
		t.Errorf("a kept value was opened: %+v", got)
	}
	if changes == 0 {
		t.Error("nobody heard of it")
	}
}
