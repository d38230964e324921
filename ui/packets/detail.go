package packets

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/mqtt/wire"
	"tidings/app/packets"
	"tidings/app/packets/words"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// detail shows one packet field by field.
type detail struct {
	kit.Deps
	packet packets.Packet
	fields []wire.Field
	jumped func(seq uint64)

	root    *fyne.Container
	body    fyne.CanvasObject
	title   *kit.Text
	facts   *kit.LiveText
	wrong   *kit.Text // why it is malformed: the columns cut it in a small window
	fault   fyne.CanvasObject
	partner [2]*kit.Button // what it answers, what answers it
	list    *kit.RowList
}

func newDetail(d kit.Deps, jump func(seq uint64)) *detail {
	v := &detail{Deps: d, jumped: jump}
	v.title = kit.NewText("", kit.TextLook{Bold: true})
	v.facts = kit.NewLiveText(kit.TextLook{Color: theme.ColorMuted}, "")
	v.partner[0] = kit.NewButton("", widget.MediumImportance, func() { v.jumped(v.packet.Answers) })
	v.partner[1] = kit.NewButton("", widget.MediumImportance, func() { v.jumped(v.packet.Answer) })
	copyText := kit.NewButton(d.Tr.S("packets.copy"), widget.MediumImportance, func() { v.copy(v.text()) })
	copyHex := kit.NewButton(d.Tr.S("packets.copy_hex"), widget.MediumImportance, func() {
		v.copy(hex.EncodeToString(v.packet.Bytes))
	})
	v.list = kit.NewRowList([]kit.Column{
		{Title: d.Tr.S("column.field"), Width: 210},
		{Title: d.Tr.S("column.bytes"), Width: 3, Flex: true, Mono: true},
		{Title: d.Tr.S("column.value"), Width: 4, Flex: true, Mono: true},
		{Title: d.Tr.S("column.section"), Width: 150, Muted: true},
	}, v)
	v.list.OnCopy = func(i int) { v.copy(v.line(i)) }
	for name, o := range map[string]fyne.CanvasObject{
		"fields": v.list, "copy": copyText, "copy_hex": copyHex, "answers": v.partner[0], "answer": v.partner[1],
	} {
		d.Names.Set("packets."+name, o)
	}
	bar := kit.NewBar(parts.Stretch(1, 8, v.title, v.facts, v.partner[0], v.partner[1], copyText, copyHex))
	v.wrong = kit.NewText("", kit.TextLook{Color: ftheme.ColorNameError, Cut: true})
	v.fault = parts.Pad(v.wrong, 10, 4)
	v.body = container.NewBorder(parts.Column(0, bar, v.fault), nil, nil, nil, v.list)
	v.root = container.NewStack(kit.NewEmptyState("", d.Tr.S("packets.select_hint")))
	return v
}

// show opens a packet.
func (v *detail) show(p packets.Packet) {
	v.packet, v.fields = p, p.Fields()
	v.title.SetText(p.Type.String())
	v.facts.SetText(v.factsText())
	v.wrong.SetText("")
	if p.Broken != "" {
		v.wrong.SetText(words.MainFields(v.Tr, p.Row))
	}
	kit.SetShown(v.fault, p.Broken != "")
	v.body.Refresh()
	v.tell()
	if v.root.Objects[0] != v.body {
		v.root.Objects = []fyne.CanvasObject{v.body}
	}
	v.list.SetSource(v)
	v.root.Refresh()
}

// follow notices that the answer came.
func (v *detail) follow(ring *packets.Ring) {
	if v.packet.Seq == 0 || v.packet.Answer != 0 {
		return
	}
	if p, ok := ring.Packet(v.packet.Seq); ok && p.Answer != 0 {
		v.packet.Answer = p.Answer
		v.tell()
		v.root.Refresh()
	}
}

// factsText says whence, when, how large, and what is missing or wrong.
func (v *detail) factsText() string {
	p := v.packet
	way := "packets.to_broker"
	if p.From == wire.FromServer {
		way = "packets.from_broker"
	}
	facts := []string{v.Tr.S(way), "MQTT " + p.Version.String(), clock(p.At), v.Tr.Bytes(int64(p.Size))}
	if p.Kept < p.Size {
		facts = append(facts, v.Tr.S("packets.cut", "Kept", v.Tr.Bytes(int64(p.Kept))))
	}
	return strings.Join(facts, " · ")
}

// tell puts the packets that belong to this one on the buttons.
func (v *detail) tell() {
	p := v.packet
	if p.Answers != 0 {
		v.partner[0].SetText(v.Tr.S("packets.answers", "Took", time.Duration(p.Took)))
	}
	if p.Answer != 0 {
		v.partner[1].SetText(v.Tr.S("packets.answered"))
	}
	kit.SetShown(v.partner[0], p.Answers != 0)
	kit.SetShown(v.partner[1], p.Answer != 0)
}

func (v *detail) copy(text string) { fyne.CurrentApp().Clipboard().SetContent(text) }

// text is the packet as text, a line per field.
func (v *detail) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", v.packet.Type, v.factsText())
	for i := range v.fields {
		b.WriteString(strings.Repeat("  ", v.fields[i].Depth) + v.line(i) + "\n")
	}
	return b.String()
}

func (v *detail) line(i int) string {
	f := v.fields[i]
	parts := []string{words.FieldName(v.Tr, f.Name), v.bytes(f), f.Value, f.Spec, f.Violation}
	out := parts[:1]
	for _, s := range parts[1:] {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\t")
}

// Len implements kit.RowSource.
func (v *detail) Len() int { return len(v.fields) }

// Row implements kit.RowSource.
func (v *detail) Row(i int, row *kit.Row) {
	f := v.fields[i]
	row.Indent = max(f.Depth-1, 0)
	c := row.Cells
	c[0] = kit.Cell{Text: words.FieldName(v.Tr, f.Name), Bold: f.Group}
	c[1] = kit.Cell{Text: v.bytes(f), Color: theme.ColorRetained}
	c[2].Text = f.Value
	c[3].Text = f.Spec
	if f.Violation != "" {
		row.Tint = theme.ColorDangerSoft
		c[0].Color, c[2].Color = ftheme.ColorNameError, ftheme.ColorNameError
		c[2].Text = strings.TrimPrefix(f.Value+" — "+f.Violation, " — ")
	}
}

// maxHex is how many bytes of a field the list shows.
const maxHex = 48

// bytes returns the bytes of a field, or the bits that count, or nothing for
// a group whose parts have lines of their own, unless these are bits.
func (v *detail) bytes(f wire.Field) string {
	if f.Group && f.Length != 1 || f.Offset >= len(v.packet.Bytes) {
		return ""
	}
	b := v.packet.Bytes[f.Offset:min(f.Offset+f.Length, len(v.packet.Bytes))]
	if f.Bits != 0 && len(b) == 1 {
		return words.BitPattern(b[0], f.Bits)
	}
	if len(b) > maxHex {
		return fmt.Sprintf("% x …", b[:maxHex])
	}
	return fmt.Sprintf("% x", b)
}
