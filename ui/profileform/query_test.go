package profileform_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/profileform"
)

// web is a connection over WebSocket whose address has a query, which is kept
// at a place.
func web(t *testing.T, place app.SecretPlace) *bench {
	p := saved()
	p.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt", SecretQuery: true}
	return openWith(t, p, keyring(true), func(f *profileform.FormParams) {
		f.Place = func(k app.SecretKind) app.SecretPlace {
			return map[app.SecretKind]app.SecretPlace{app.SecretPassword: app.PlaceKeyring, app.SecretQuery: place}[k]
		}
	})
}

// The query of an address is kept like a password: who writes it into the path
// finds it in an entry of its own, and what is saved is what the form says.
func TestTheQueryIsKeptApart(t *testing.T) {
	type changes = []desk.SecretChange
	given := func(text string) changes {
		return changes{{Kind: app.SecretQuery, Value: app.Secret(text), Remember: true}}
	}
	path := func(text string) func(*bench) {
		return func(b *bench) {
			b.field("path").SetText(text)
			b.field("path").FocusLost()
		}
	}
	host := func(b *bench) { b.field("host").SetText("other.example") }
	for _, tt := range []struct {
		name  string
		place app.SecretPlace
		steps []func(*bench)
		entry bool // there is one to write into
		query bool // the address has one afterwards
		want  changes
	}{
		{"kept, nothing done", app.PlaceKeyring, nil, false, true, nil},
		{"kept, another path", app.PlaceKeyring, []func(*bench){path("/other")}, false, true, nil},
		{"kept, another in the path", app.PlaceKeyring, []func(*bench){path("/mqtt?token=lime")}, true, true, given("token=lime")},
		{"kept, none in the path", app.PlaceKeyring, []func(*bench){path("/mqtt?")}, true, false, given("")},
		{"kept, changed", app.PlaceKeyring, []func(*bench){func(b *bench) { b.tap("query.change"); test.Type(b.field("query"), "?a=1") }}, true, true, given("a=1")},
		{"kept, forgotten", app.PlaceKeyring, []func(*bench){func(b *bench) { b.tap("query.forget") }}, true, false, given("")},
		{"kept for another host", app.PlaceKeyring, []func(*bench){host}, true, true, given("")},
		{"agreed", app.PlaceKeyring, []func(*bench){host, func(b *bench) { b.tap("query.use_here") }}, false, true, nil},
		{"kept, over TCP now", app.PlaceKeyring, []func(*bench){func(b *bench) { b.pick("transport", overTCP) }}, false, false, nil},
		{"nowhere", app.PlaceNone, nil, true, true, nil},
		{"nowhere, given", app.PlaceNone, []func(*bench){func(b *bench) { test.Type(b.field("query"), "a=1") }}, true, true, given("a=1")},
		{"nowhere, and none", app.PlaceNone, []func(*bench){func(b *bench) { b.tap("query.remove") }}, true, false, given("")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := web(t, tt.place)
			for _, step := range tt.steps {
				step(b)
			}
			if b.seen("query") != tt.entry {
				t.Errorf("there is an entry: %t", !tt.entry)
			}
			p := b.save()
			if got := slices.DeleteFunc(b.changes, func(c desk.SecretChange) bool { return c.Kind != app.SecretQuery }); !slices.Equal(got, tt.want) {
				t.Errorf("%d changes, want %d", len(got), len(tt.want))
			}
			if _, left := app.TakeQuery(p.Link); left != "" || p.Link.SecretQuery != tt.query {
				t.Errorf("saved %+v", p.Link)
			}
		})
	}
}

// Most addresses have no query, and no row for one; who types one and saves at
// once has it kept too.
func TestAnAddressWithoutAQueryHasNoRowForIt(t *testing.T) {
	p := saved()
	p.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt"}
	b := open(t, p, keyring(true))
	if b.seen("query") || b.seen("query.remove") {
		t.Error("there is a row")
	}
	b.field("path").SetText("/mqtt?token=lime")
	if got := b.save(); got.Link.Path != "/mqtt" || !got.Link.SecretQuery || len(b.changes) != 1 || b.changes[0].Value != "token=lime" {
		t.Errorf("saved %+v", got.Link)
	}
}

func TestAQueryThatNoURLCanHoldIsRefused(t *testing.T) {
	b := web(t, app.PlaceNone)
	b.field("query").SetText("a b")
	b.tap("save")
	if b.saves != 0 || len(b.errors()) != 1 {
		t.Errorf("saved %d times, complaints %v", b.saves, b.errors())
	}
}
