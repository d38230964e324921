package desk_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
)

// A deletion is written down before the file is removed, and a deletion that is
// undone is taken back: a kill at any moment leaves neither secrets of what is
// gone nor a connection without its own.
func TestADeletionThatWasKilledForgetsItsSecretsAtTheNextStart(t *testing.T) {
	inHouse(t, func(h *house) {
		if h.keys.get("gone") != "" || h.keys.get("back") != "lime" || len(h.keys.Condemned()) != 0 {
			t.Errorf("gone %q, back %q, condemned %v", h.keys.get("gone").Reveal(), h.keys.get("back").Reveal(), h.keys.Condemned())
		}
		h.DeleteProfile("back")
		synctest.Wait()
		if !slices.Equal(h.keys.Condemned(), []string{"back"}) || h.keys.get("back") == "" {
			t.Errorf("condemned %v after a deletion, which can be undone", h.keys.Condemned())
		}
		h.UndoDelete()
		synctest.Wait()
		if len(h.keys.Condemned()) != 0 {
			t.Errorf("condemned %v after the undo", h.keys.Condemned())
		}
		h.DeleteProfile("back")
		synctest.Wait()
		h.ForgetDeleted()
		synctest.Wait()
		if len(h.keys.Condemned()) != 0 || h.keys.get("back") != "" {
			t.Errorf("condemned %v once forgotten", h.keys.Condemned())
		}
	}, func(h *house) {
		h.keys.kept = map[app.SecretRef]app.Secret{passwordOf("gone"): "lemon", passwordOf("back"): "lime"}
		h.keys.doomed = []string{"gone", "back"}
		h.files.files["back"] = app.Profile{ID: "back", Name: "killed before its file was removed"}
	})
}

func TestOneSecretCanBeForgotten(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.keys.kept = map[app.SecretRef]app.Secret{passwordOf(id): "lemon", keyOf(id): "pem", passwordOf("gone"): "lime"}
		h.ForgetSecret(passwordOf("gone"))
		h.ForgetSecret(passwordOf(id))
		synctest.Wait()
		if len(h.keys.kept) != 1 || h.keys.of(keyOf(id)) != "pem" {
			t.Errorf("kept %v", h.keys.kept)
		}
		h.Connect(id)
		time.Sleep(time.Second)
		synctest.Wait()
		if q := h.Question(); q == nil || q.Kind != app.SecretPassword {
			t.Errorf("asked %+v for a password that is forgotten", q)
		}
	})
}
