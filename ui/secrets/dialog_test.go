package secrets_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/secrets"
	"tidings/ui/theme"
)

type fake struct {
	status app.SecretStatus
	calls  []string
}

func (f *fake) SecretStatus() app.SecretStatus { return f.status }
func (f *fake) Profile(id string) (app.Profile, bool) {
	return app.Profile{ID: "a", Name: "Greenhouse"}, id == "a"
}
func (f *fake) AskVault(t desk.VaultTask) {
	f.calls = append(f.calls, map[desk.VaultTask]string{desk.VaultCreate: "create", desk.VaultUnlock: "unlock", desk.VaultChange: "change", desk.VaultRetire: "retire"}[t])
}
func (f *fake) ForgetSecret(r app.SecretRef) {
	f.calls = append(f.calls, fmt.Sprint("forget ", r.Kind, " of ", r.Profile))
}
func (f *fake) LockVault()    { f.calls = append(f.calls, "lock") }
func (f *fake) ProbeSecrets() { f.calls = append(f.calls, "retry") }

func open(t *testing.T, f *fake) (*secrets.Dialog, kit.Deps) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(900, 575))
	d := kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}
	s := secrets.New(d, f)
	s.Show()
	return s, d
}

func TestEachStateOffersWhatCanBeDone(t *testing.T) {
	all := []string{"create", "unlock", "lock", "change", "retire", "retry"}
	f := &fake{}
	s, d := open(t, f)
	broken := &app.Error{What: app.Say("secrets.unavailable"), Cause: errors.New("no bus")}
	for _, tc := range []struct {
		name   string
		status app.SecretStatus
		want   []string
	}{
		{"nothing yet", app.SecretStatus{}, []string{"create"}},
		{"locked", app.SecretStatus{Vault: app.VaultLocked, KeyringAsked: true}, []string{"unlock", "change"}},
		{"open, no keyring", app.SecretStatus{Vault: app.VaultUnlocked, KeyringAsked: true, KeyringError: broken}, []string{"lock", "change", "retry"}},
		{"unusable", app.SecretStatus{Vault: app.VaultUnusable, VaultError: broken}, []string{"retire"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f.status, f.calls = tc.status, nil
			s.Sync()
			for _, name := range all {
				b, ok := d.Names.Get("secrets." + name).(*kit.Button)
				if !ok {
					t.Fatalf("no button %s", name)
				}
				if b.Visible() != slices.Contains(tc.want, name) {
					t.Errorf("%s shown: %t", name, b.Visible())
				}
				if b.Visible() {
					b.Tapped(nil)
				}
			}
			if !slices.Equal(f.calls, tc.want) {
				t.Errorf("called %v, want %v", f.calls, tc.want)
			}
		})
	}
}

func TestTheListSaysWhoseWhatAndWhere(t *testing.T) {
	f := &fake{status: app.SecretStatus{Held: []app.HeldSecret{
		{Ref: app.SecretRef{Profile: "a", Kind: app.SecretKey}, Place: app.PlaceVault},
		{Ref: app.SecretRef{Profile: "gone", Kind: app.SecretPassword}, Place: app.PlaceSession},
	}}}
	s, _ := open(t, f)
	for i, want := range [][3]string{
		{"Greenhouse", "Private key", "In the vault"},
		{"(deleted connection)", "Password", "In memory, until Tidings ends"},
	} {
		r := kit.Row{Cells: make([]kit.Cell, 3)}
		s.Row(i, &r)
		if got := [3]string{r.Cells[0].Text, r.Cells[1].Text, r.Cells[2].Text}; got != want {
			t.Errorf("row %d is %q", i, got)
		}
	}
	f.status.Held = nil
	s.Sync()
	if s.Len() != 0 {
		t.Error("the list is not that of now")
	}
}

// A secret is forgotten only after a second word, and the row chosen stays the
// one chosen when others go.
func TestOneSecretIsForgotten(t *testing.T) {
	ref := func(profile string, k app.SecretKind) app.HeldSecret {
		return app.HeldSecret{Ref: app.SecretRef{Profile: profile, Kind: k}, Place: app.PlaceKeyring}
	}
	f := &fake{status: app.SecretStatus{Held: []app.HeldSecret{ref("a", app.SecretPassword), ref("a", app.SecretHeaders), ref("gone", app.SecretPassword)}}}
	s, d := open(t, f)
	button := func(name string) *kit.Button {
		t.Helper()
		b, ok := d.Names.Get("secrets." + name).(*kit.Button)
		if !ok {
			t.Fatalf("no button %s", name)
		}
		return b
	}
	list, ok := d.Names.Get("secrets.list").(*kit.RowList)
	if !ok {
		t.Fatal("no list")
	}
	if !button("forget").Disabled() {
		t.Error("nothing is chosen, and can be forgotten")
	}
	list.Select(2)
	f.status.Held = f.status.Held[1:]
	s.Sync()
	button("forget").Tapped(nil)
	d.Window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(f.calls) != 0 || !s.Visible() {
		t.Errorf("Enter has called %v", f.calls)
	}
	list.OnTypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	button("forget.ok").Tapped(nil)
	if want := []string{fmt.Sprint("forget ", app.SecretPassword, " of gone")}; !slices.Equal(f.calls, want) {
		t.Errorf("called %v, want %v", f.calls, want)
	}
	f.status.Held = f.status.Held[:1]
	s.Sync()
	if !button("forget").Disabled() {
		t.Error("the row below has taken the place of the one forgotten")
	}
}
