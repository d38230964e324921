package workspace_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tidings/app"
)

func template(name string) app.Template {
	return app.Template{Name: name, Message: app.Publish{Topic: "t/" + name, Payload: []byte(name), QoS: app.QoS1}}
}

// withTemplates gives the profile templates.
func withTemplates(names ...string) func(*world, *app.Profile) {
	return func(_ *world, p *app.Profile) {
		for _, name := range names {
			p.Templates = append(p.Templates, template(name))
		}
	}
}

func names(list []app.Template) string {
	var out []string
	for _, t := range list {
		out = append(out, t.Name)
	}
	return strings.Join(out, ",")
}

// handedOver returns the templates last handed over for the profile, and how
// often some were.
func (w *world) handedOver() ([]app.Template, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.kept) == 0 {
		return nil, 0
	}
	return w.kept[len(w.kept)-1], len(w.kept)
}

func TestTemplatesAreKeptAsTheyAreChanged(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*world) error
		want   string
		says   string // the key of the error
	}{
		{"new", func(w *world) error { return w.SaveTemplate(template("d")) }, "a,b,c,d", ""},
		{"a name in blanks", func(w *world) error { return w.SaveTemplate(template(" d ")) }, "a,b,c,d", ""},
		{"same name", func(w *world) error { return w.SaveTemplate(template("b")) }, "a,b,c", ""},
		{"no name", func(w *world) error { return w.SaveTemplate(template(" ")) }, "", "template.no_name"},
		{"renamed", func(w *world) error { return w.RenameTemplate("b", " x ") }, "a,x,c", ""},
		{"renamed to what it is called", func(w *world) error { return w.RenameTemplate("b", "b") }, "", ""},
		{"renamed to a name that is taken", func(w *world) error { return w.RenameTemplate("b", "c") }, "", "template.taken"},
		{"renamed to nothing", func(w *world) error { return w.RenameTemplate("b", "") }, "", "template.no_name"},
		{"moved up", func(w *world) error { w.MoveTemplate("b", -1); return nil }, "b,a,c", ""},
		{"moved down", func(w *world) error { w.MoveTemplate("a", 2); return nil }, "b,c,a", ""},
		{"moved beyond the end", func(w *world) error { w.MoveTemplate("c", 1); return nil }, "", ""},
		{"deleted", func(w *world) error { w.DeleteTemplate("b"); return nil }, "a,c", ""},
		{"one that is gone", func(w *world) error {
			w.DeleteTemplate("x")
			w.MoveTemplate("x", 1)
			return w.RenameTemplate("x", "y")
		}, "", ""},
		{"nothing to undo", func(w *world) error { w.UndoDeleteTemplate(); return nil }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				before := w.Templates()
				if got := key(c.change(w)); got != c.says {
					t.Errorf("says %q, want %q", got, c.says)
				}
				kept, times := w.handedOver()
				if c.want == "" {
					if times != 0 || w.Templates().Revision != before.Revision {
						t.Error("something was changed")
					}
					return
				}
				if got := names(w.Templates().List); got != c.want || names(kept) != c.want || times != 1 {
					t.Errorf("has %s and handed %s over %d times; want %s, once", got, names(kept), times, c.want)
				}
				if names(before.List) != "a,b,c" || w.Templates().Revision == before.Revision {
					t.Error("what was read before has changed, or nobody can tell that something has")
				}
			}, withTemplates("a", "b", "c"))
		})
	}
}

func TestDeletedTemplatesComeBackToTheirPlaces(t *testing.T) {
	inWorld(t, func(w *world) {
		w.DeleteTemplate("a")
		w.DeleteTemplate("c")
		_ = w.SaveTemplate(template("a")) // its name is taken by now
		if got := w.Templates(); names(got.List) != "b,a" || got.Deleted != "c" {
			t.Errorf("%s, deleted last %q", names(got.List), got.Deleted)
		}
		first, _ := w.UndoDeleteTemplate()
		second, _ := w.UndoDeleteTemplate()
		if first != "c" || second != "a (2)" || names(w.Templates().List) != "a (2),b,c,a" {
			t.Errorf("brought back %s and %s: %s", first, second, names(w.Templates().List))
		}
		if _, ok := w.UndoDeleteTemplate(); ok || w.Templates().Deleted != "" {
			t.Error("there is more to bring back than was deleted")
		}
	}, withTemplates("a", "b", "c"))
}

// Files from elsewhere may give names twice, or none.
func TestNamesOfTemplatesDiffer(t *testing.T) {
	inWorld(t, func(w *world) {
		if got := names(w.Templates().List); got != "a,a (2),t/,1" {
			t.Errorf("called %s", got)
		}
		if _, times := w.handedOver(); times != 0 {
			t.Error("what the profile has already was handed over again")
		}
	}, withTemplates("a", "a", ""), func(_ *world, p *app.Profile) { p.Templates = append(p.Templates, app.Template{}) })
}

func TestTemplatesAreBounded(t *testing.T) {
	inWorld(t, func(w *world) {
		var err error
		n := 0
		for ; err == nil && n < 5000; n++ {
			err = w.SaveTemplate(template(fmt.Sprint(n)))
		}
		var said *app.Error
		if !errors.As(err, &said) || len(w.Templates().List) != 1000 {
			t.Errorf("%d templates, then %v", n, err)
		}
		if err := w.SaveTemplate(template("7")); err != nil {
			t.Errorf("one that is there cannot be saved: %v", err)
		}
	})
}

// A profile whose file is too large could never be saved again, so that what
// would make it so is refused.
func TestTemplatesAreBoundedInBytes(t *testing.T) {
	const limit = 3 << 20
	for _, c := range []struct {
		name    string
		payload string // repeated
		size    int    // that it takes in a file, for each time
	}{
		{"text", "x", 1},
		{"other letters", "ж", 2},
		{"lines in quotes", "\"\n", 4},
		{"control characters", "\x00", 6},
		{"bytes", "\xff\xfe\xfd", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				of := func(name string, share float64) app.Template {
					one := template(name)
					one.Message.Payload = []byte(strings.Repeat(c.payload, int(share*limit)/c.size))
					return one
				}
				for i, one := range []struct {
					app.Template
					says string
				}{
					{of("a", 1.01), "template.too_large"},
					{of("a", 0.6), ""},
					{of("b", 0.6), "template.too_large"},
					{of("a", 1.01), "template.too_large"},
					{of("a", 0.5), ""},
					{of("b", 0.4), ""},
				} {
					if got := key(w.SaveTemplate(one.Template)); got != one.says {
						t.Errorf("%d: %q says %q, want %q", i, one.Name, got, one.says)
					}
				}
				if got := names(w.Templates().List); got != "a,b" {
					t.Errorf("has %s", got)
				}
			})
		})
	}
}

// Properties count too, with the names of their keys.
func TestPropertiesOfTemplatesAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		n     int
		value string
	}{
		"few and long":   {60, strings.Repeat("x", 60_000)},
		"many and empty": {50_000, ""},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				one := template("a")
				one.Message.Properties = &app.Properties{User: slices.Repeat([]app.UserProperty{{Name: "n", Value: c.value}}, c.n)}
				if got := key(w.SaveTemplate(one)); got != "template.too_large" {
					t.Errorf("says %q", got)
				}
			})
		})
	}
}

// What a file from elsewhere has may be smaller afterwards, but not larger.
func TestTemplatesThatAreTooLargeCanShrink(t *testing.T) {
	huge := func(bytes int) app.Template {
		one := template("a")
		one.Message.Payload = make([]byte, bytes) // six in the file for each
		return one
	}
	inWorld(t, func(w *world) {
		if got := key(w.SaveTemplate(huge(700_001))); got != "template.too_large" {
			t.Errorf("larger: says %q", got)
		}
		if err := w.SaveTemplate(huge(600_000)); err != nil {
			t.Errorf("smaller: %v", err)
		}
	}, func(_ *world, p *app.Profile) { p.Templates = []app.Template{huge(700_000)} })
}

// What was deleted gives way to what is saved, so that to bring it back never
// makes the file too large.
func TestDeletedTemplatesGiveWay(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, name := range []string{"a", "b", "c"} {
			one := template(name)
			one.Message.Payload = []byte(strings.Repeat("x", 1<<20-2000))
			if err := w.SaveTemplate(one); err != nil {
				t.Fatal(err)
			}
		}
		w.DeleteTemplate("a")
		w.DeleteTemplate("b")
		one := template("d")
		one.Message.Payload = []byte(strings.Repeat("x", 1<<20-2000))
		if err := w.SaveTemplate(one); err != nil {
			t.Fatal(err)
		}
		if name, ok := w.UndoDeleteTemplate(); !ok || name != "b" {
			t.Errorf("%q came back", name)
		}
		if name, ok := w.UndoDeleteTemplate(); ok {
			t.Errorf("%q came back beside what took its room", name)
		}
	})
}

// Two screens, or a screen and an undo, never lose what the other did.
func TestTemplatesChangedAtOnceAreAllKept(t *testing.T) {
	inWorld(t, func(w *world) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				_ = w.SaveTemplate(template(fmt.Sprint(i)))
				w.MoveTemplate(fmt.Sprint(i), -1)
			})
		}
		all.Wait()
		kept, _ := w.handedOver()
		now := w.Templates().List
		if len(kept) != 20 || !slices.EqualFunc(kept, now, func(a, b app.Template) bool { return a.Name == b.Name }) {
			t.Errorf("handed over %s, has %s", names(kept), names(now))
		}
	})
}
