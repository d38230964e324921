package transfer

import (
	"tidings/app"
	"tidings/app/moving"
)

// fit leaves out the templates of an item for which its file has no room beside
// those before them, and says so: the item could not be saved with them.
func fit(it *moving.Item) {
	var room int64 = app.MaxTemplateBytes
	var kept, left []app.Template
	for _, t := range it.Profile.Templates {
		if size := app.TemplateBytes(t); size <= room {
			room -= size
			kept = append(kept, t)
		} else {
			left = append(left, t)
		}
	}
	if len(left) == 0 {
		return
	}
	it.Profile.Templates = kept
	it.Unmapped = append([]moving.Finding{{
		Field: "templates",
		Why:   app.Say("moving.why.templates_large", "N", len(left), "Name", left[0].Name, "Max", app.ByteCount(app.MaxTemplateBytes)),
	}}, it.Unmapped...)
}
