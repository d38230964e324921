package profileform

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
)

// TLSSection is the part of the form about TLS, a room of its own.
type TLSSection interface {
	Object() fyne.CanvasObject
	// Fill shows options; SetHost follows the broker's name while it is being
	// written, SetHeld says where key and passphrase are kept.
	Fill(o app.TLSOptions, host string)
	SetHost(host string)
	SetHeld(key, passphrase app.SecretPlace)
	// Read returns the options, Changes what becomes of the secrets among them.
	Read() app.TLSOptions
	Changes() []desk.SecretChange
	// Findings returns what is wrong beyond profilecheck. ShowFindings shows
	// those about TLS, all, or those about what a person has edited, and returns
	// how many fields are marked.
	Findings() []profilecheck.Finding
	ShowFindings(found []profilecheck.Finding, all bool) (marked int)
	// Focus gives the keyboard to the control of a field.
	Focus(field string) bool
	// Dropped takes a file that was dropped on the window, where it fell.
	Dropped(at fyne.Position, path string) bool
	// Sync shows what was found out below the screen since.
	Sync()
}

// NewTLS makes the section. changed is called when a person changed something
// and when it has become higher or lower, reveal for what got the keyboard.
type NewTLS func(changed func(), reveal func(fyne.CanvasObject)) TLSSection

// tlsFields are the fields of findings that stand in the section, in order.
func tlsFields() []string {
	return []string{
		profilecheck.FieldCA, profilecheck.FieldPinned, profilecheck.FieldKey,
		profilecheck.FieldServerName, profilecheck.FieldALPN, profilecheck.FieldMinVersion,
	}
}
