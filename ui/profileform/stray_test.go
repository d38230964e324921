package profileform_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
)

// A kept password goes to nobody whom it was not given for, unless a person
// says so; who types the old address again has it back.
func TestAKeptPasswordDoesNotStray(t *testing.T) {
	type changes = []desk.SecretChange
	ask := changes{{Kind: app.SecretPassword}}
	host := func(name string) func(*bench) { return func(b *bench) { b.field("host").SetText(name) } }
	for _, tt := range []struct {
		name   string
		steps  []func(*bench)
		strays bool
		want   changes
	}{
		{"another host", []func(*bench){host("other.example")}, true, ask},
		{"another user", []func(*bench){func(b *bench) { b.field("user").SetText("bob") }}, true, ask},
		{"and back", []func(*bench){host("other.example"), host("BROKER.example")}, false, nil},
		{"another port", []func(*bench){func(b *bench) { b.field("port").SetText("1884") }}, false, nil},
		{"typed again", []func(*bench){host("other.example"), func(b *bench) { test.Type(b.field("password"), "lime") }}, true, changes{{Kind: app.SecretPassword, Value: "lime", Remember: true}}},
		{"agreed", []func(*bench){host("other.example"), func(b *bench) { b.tap("password.use_here") }}, false, nil},
		{"agreed to another", []func(*bench){host("other.example"), func(b *bench) { b.tap("password.use_here") }, host("third.example")}, true, ask},
		{"asked for instead", []func(*bench){host("other.example"), func(b *bench) { test.Tap(b.check("remember")) }}, true, ask},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, saved(), keyring(true))
			for _, step := range tt.steps {
				step(b)
			}
			if got := b.seen("password.use_here"); got != tt.strays || b.seen("password.change") == tt.strays {
				t.Errorf("said that it strays: %t", got)
			}
			b.tap("save")
			if !slices.Equal(b.changes, tt.want) {
				t.Errorf("changes %+v, want %+v", b.changes, tt.want)
			}
		})
	}
}
