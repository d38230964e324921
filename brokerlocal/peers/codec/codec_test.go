package codec

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

// ours decodes a frame into a packet that nobody else has.
func ours(v app.Version, from wire.Direction, frame []byte) (wire.Packet, error) {
	return (&wire.Decoder{Version: v, From: from}).Decode(frame)
}

// compare returns what o makes of a frame that is valid, but for known
// disagreements, which it notes in met. Empty is agreement.
func compare(o oracle, v app.Version, from wire.Direction, frame []byte, met map[string]bool) string {
	want, err := ours(v, from, frame)
	if err != nil {
		return "we refuse it: " + err.Error()
	}
	readsWrong, writesWrong := false, false
	for _, k := range disagreements() {
		if k.oracle == o.name && k.when(v, want, frame) {
			readsWrong, writesWrong = readsWrong || !k.writes, true
			met[k.oracle+" "+k.what] = true
		}
	}
	if readsWrong {
		return ""
	}
	truth := facts(want)
	p, encode, err := o.read(v, from, frame)
	if err != nil {
		return "refuses it: " + err.Error()
	}
	if got := facts(p); got != truth {
		return "reads\n  " + got + ", not\n  " + truth
	}
	if encode == nil || writesWrong {
		return ""
	}
	b, err := encode()
	if err != nil {
		return "cannot write it: " + err.Error()
	}
	again, err := ours(v, from, b)
	if err != nil {
		return "writes what cannot be read: " + err.Error()
	}
	if got := facts(again); got != truth {
		return "writes\n  " + got + ", not\n  " + truth
	}
	return ""
}

// version is that of the connection a frame stands in: a CONNECT names its own.
func version(v app.Version, frame []byte) app.Version {
	h, err := wire.Header(frame)
	if err != nil || h.Type != wire.CONNECT || h.Length == 0 {
		if v == 0 { // a first packet that is no CONNECT
			v = app.V311
		}
		return v
	}
	body := frame[h.Length:]
	if len(body) > 1 && len(body) > 2+int(body[1]) {
		return app.Version(body[2+int(body[1])])
	}
	return v
}

func TestOthersReadValidPacketsAsWeDo(t *testing.T) {
	met := map[string]bool{}
	for _, o := range oracles() {
		for _, c := range wiretest.Cases() {
			if v := version(c.Version, c.Bytes); c.Packet != nil && o.knows(v) {
				if said := compare(o, v, c.From, c.Bytes, met); said != "" {
					t.Errorf("%s: %s %s", c.Name, o.name, said)
				}
			}
		}
	}
	for _, k := range disagreements() {
		if !met[k.oracle+" "+k.what] {
			t.Errorf("%s %s, it says, but no packet of the table shows it", k.oracle, k.what)
		}
	}
}

func TestOthersRefuseWhatWeRefuse(t *testing.T) {
	agreed, lax := map[string]int{}, map[string]bool{}
	for _, o := range oracles() {
		for _, c := range wiretest.Cases() {
			v := version(c.Version, c.Bytes)
			if c.Packet != nil || !o.knows(v) {
				continue
			}
			mark := initials()[o.name]
			_, _, err := o.read(v, c.From, c.Bytes)
			switch {
			case err != nil:
				agreed[o.name]++
			case strings.Contains(unchecked()[c.Spec], mark):
				lax[mark+c.Spec] = true
			default:
				t.Errorf("%s: %s accepts it; %s", c.Name, o.name, c.Spec)
			}
		}
	}
	for spec, marks := range unchecked() {
		for _, mark := range strings.Split(marks, "") {
			if !lax[mark+spec] {
				t.Errorf("%s does check %s: take it out of the list", mark, spec)
			}
		}
	}
	t.Log("packets that are refused by both:", agreed)
}

func TestOthersReadRandomPacketsAsWeDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom([]app.Version{app.V31, app.V311, app.V5}).Draw(t, "version")
		frame, err := wire.Append(nil, v, randomPacket(t, v))
		if err != nil {
			t.Skip("no valid packet")
		}
		for _, o := range oracles() {
			if said := compare(o, v, wire.Either, frame, map[string]bool{}); o.knows(v) && said != "" {
				t.Fatalf("% x: %s %s", frame, o.name, said)
			}
		}
	})
}

// FuzzOthers: whatever we accept, the others read as the same packet, but for
// known disagreements.
func FuzzOthers(f *testing.F) {
	for _, c := range wiretest.Cases() {
		f.Add(byte(c.Version), byte(c.From), c.Bytes)
	}
	f.Fuzz(func(t *testing.T, level, side byte, frame []byte) {
		v, from := version(app.Version(level), frame), wire.Direction(side%3)
		if len(frame) > 4096 {
			return
		}
		if _, err := ours(v, from, frame); err != nil {
			return
		}
		for _, o := range oracles() {
			if said := compare(o, v, from, frame, map[string]bool{}); o.knows(v) && said != "" {
				t.Errorf("% x: %s %s", frame, o.name, said)
			}
		}
	})
}
