package moving

import (
	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
)

// ImportDesk is what the import needs of the program; *desk.Moving is one.
type ImportDesk interface {
	Import() desk.ImportState
	OpenImport()
	CloseImport()
	Back()
	Cancel()
	ReadFile(path string)
	ReadText(text string)
	Unlock(passphrase app.Secret)
	Take(number int, decisions []desk.Decision, folder string)
	UndoImport()
	// Keeps says where secret n of item i of the preview would be kept now.
	Keeps(i, n int) desk.Destination
	// UnlockVault asks for the passphrase of the vault, above the dialog.
	UnlockVault()
}

// ExportDesk is what the export needs of the program.
type ExportDesk interface {
	Exporting() desk.ExportState
	OpenExport()
	CloseExport()
	ExportPath() string
	Export(desk.ExportRequest)
	Strength(passphrase app.Secret) (level int, hint app.Text)
	// UnlockVault asks for the passphrase of the vault, above the dialog.
	UnlockVault()
}

// CopyDesk is what copying a connection needs of the program.
type CopyDesk interface {
	Copying() desk.CopyState
	FetchSecrets(id string)
	ForgetSecrets()
	UnlockVault()
	Snippet(id string, kind moving.SnippetKind, withSecrets bool) (moving.Snippet, error)
}

// Desk is all of it; *desk.Moving is one. Commands return at once.
type Desk interface {
	ImportDesk
	ExportDesk
	CopyDesk
	Imported() desk.Imported
	StopUndo()
	ForgetImport()
}

var _ Desk = (*desk.Moving)(nil)
