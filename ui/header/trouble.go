package header

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/ui/kit"
)

// trouble is the banner below the header: what went wrong with the
// connection, and what a click can do about it.
type trouble struct {
	d      kit.Deps
	banner *kit.Banner
	retry  *kit.Button // try with MQTT 3.1.1
}

func newTrouble(d kit.Deps, retry func()) *trouble {
	return &trouble{
		d:      d,
		banner: kit.NewBanner(kit.BannerLabels{Details: d.Tr.S("banner.details"), Close: d.Tr.S("banner.close")}),
		retry:  kit.NewButton(d.Tr.S("header.retry311"), widget.HighImportance, retry),
	}
}

// show tells of an error, nil for none. restoring says that the link will be
// tried again without a person; offer311 that the broker refused the version.
func (t *trouble) show(err *app.Error, restoring, offer311 bool) {
	if err == nil {
		t.banner.Hide()
		return
	}
	n := kit.Notice{Kind: kit.Error}
	if restoring {
		n.Kind = kit.Warning
	}
	n.Text, n.Advice, n.Detail = t.d.Tr.Error(err)
	if offer311 {
		n.Actions = []fyne.CanvasObject{t.retry}
	}
	t.banner.Say(n)
}
