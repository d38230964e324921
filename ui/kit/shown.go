package kit

import "fyne.io/fyne/v2"

// SetShown shows or hides o and reports whether that changed anything: the
// caller then lays out anew what holds o.
func SetShown(o fyne.CanvasObject, on bool) (changed bool) {
	if on == o.Visible() {
		return false
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}
