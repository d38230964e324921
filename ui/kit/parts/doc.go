// Package parts holds the plain pieces that forms, dialogs and bars are made
// of: coloured grounds with hairlines, rows and columns with exact gaps,
// entries that guard themselves, and the sheet, our modal dialog.
//
// A key that a control has no use for goes on to the handler of its window
// (fyne.Canvas.OnTypedKey): so Escape and Enter reach the sheet whatever has
// the keyboard.
//
// Everything here belongs to the UI goroutine.
package parts
