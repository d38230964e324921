package desk_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"tidings/app"
)

// Subscriptions and templates belong to the workspace of a profile and are
// saved at once; a form that was opened before knows nothing of them.
func TestWhatBelongsToAProfileIsSavedWithIt(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		form := must(h.Profile(id))
		h.Connect(id)
		synctest.Wait()
		w := h.Workspace(id)
		_ = w.SaveTemplate(app.Template{Name: "on", Message: app.Publish{Topic: "lamp", Payload: []byte("1"), QoS: app.QoS1, Retain: true}})
		_ = w.SaveTemplate(app.Template{Name: "off", Message: app.Publish{Topic: "lamp", Payload: []byte("0")}})
		w.MoveTemplate("off", -1)
		for _, s := range []app.Subscription{{Filter: "gone"}, {Filter: "b/#", QoS: app.QoS2, NoLocal: true}, {Filter: "a", QoS: app.QoS0}, {Filter: "c"}, {Filter: "b/#", QoS: app.QoS1, RetainHandling: 2}} {
			if err := w.Subscribe(s); err != nil {
				t.Fatal(err)
			}
		}
		w.Unsubscribe("c")
		w.Unsubscribe("gone")
		synctest.Wait()
		form.Name = "renamed in a form"
		h.SaveProfile(form, nil)
		synctest.Wait()
		subs := []app.Subscription{{Filter: "b/#", QoS: app.QoS1, RetainHandling: 2}, {Filter: "a", QoS: app.QoS0}}
		check := func(what string, p app.Profile) {
			t.Helper()
			if p.Name != form.Name || len(p.Templates) != 2 || p.Templates[0].Name != "off" || !p.Templates[1].Message.Retain || !slices.Equal(p.Subscriptions, subs) || p.FilterColors["b/#"] != 1 || p.FilterColors["a"] != 2 {
				t.Errorf("%s: %+v", what, p)
			}
		}
		check("the file", must(h.files.get(id)))
		h.CloseWorkspace(id)
		synctest.Wait()
		h.Connect(id) // from the saved profile, as after a restart
		synctest.Wait()
		if list := h.Workspace(id).Templates().List; len(list) != 2 || list[0].Name != "off" {
			t.Errorf("opened again with %+v", list)
		}
		if list := h.Workspace(id).Filters(); len(list) != 2 || list[0].Color != 1 || list[1].Color != 2 {
			t.Errorf("opened again with %+v", list)
		}
		copied := h.Duplicate(id)
		_ = h.Workspace(id).RenameTemplate("off", "dark")
		synctest.Wait()
		p := must(h.Profile(copied))
		p.Name = form.Name
		check("the copy", p)
	})
}
