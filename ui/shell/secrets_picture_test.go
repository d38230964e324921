package shell_test

import (
	"errors"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// secretScenes are the pictures of what asks for secrets and says where they
// are.
func secretScenes() []scene {
	return []scene{
		{"secrets-empty", busyDesk, func(t *testing.T, w *window) {
			w.tap(t, "shell.settings")
			w.tap(t, "settings.secrets")
		}},
		{"secrets", busyDesk, func(t *testing.T, w *window) {
			w.desk.status = heldSecrets()
			w.tap(t, "shell.settings")
			w.tap(t, "settings.secrets")
		}},
		{"secrets-no-collection", busyDesk, func(t *testing.T, w *window) {
			w.desk.status = app.SecretStatus{KeyringAsked: true, KeyringError: &app.Error{What: app.Say("secrets.no_collection"), Do: app.Say("secrets.no_collection.do"), Cause: errors.New("none")}}
			w.tap(t, "shell.settings")
			w.tap(t, "settings.secrets")
		}},
		{"vault-create", busyDesk, func(t *testing.T, w *window) {
			w.desk.level = 2
			w.vaultPrompt(desk.VaultCreate, app.Say("secrets.vault.why_keep", "Name", "Greenhouse", "Secret", app.SecretKey.Text()))
			w.typed(t, "passphrase.entry", "correct horse")
			w.typed(t, "passphrase.again", "correct hose")
		}},
		{"vault-unlock", busyDesk, func(t *testing.T, w *window) {
			w.vaultPrompt(desk.VaultUnlock, app.Say("secrets.vault.why_connect", "Name", "Greenhouse", "Secret", app.SecretKey.Text()))
		}},
		{"vault-wrong", busyDesk, func(t *testing.T, w *window) {
			w.vaultPrompt(desk.VaultUnlock, app.Text{})
			w.typed(t, "passphrase.entry", "sesam")
			w.tap(t, "passphrase.ok")
			next := *w.desk.vault
			next.Busy, next.Err = false, &app.Error{What: app.Say("secrets.passphrase.wrong"), Do: app.Say("secrets.passphrase.wrong.do")}
			w.desk.vault = &next
			w.Sync()
		}},
		{"vault-busy", busyDesk, func(t *testing.T, w *window) {
			w.desk.level = 4
			w.vaultPrompt(desk.VaultChange, app.Text{})
			for _, name := range []string{"passphrase.old", "passphrase.entry", "passphrase.again"} {
				w.typed(t, name, "correct horse battery staple")
			}
			w.tap(t, "passphrase.ok")
		}},
		{"vault-retire", busyDesk, func(_ *testing.T, w *window) {
			w.desk.vault = &desk.VaultPrompt{Number: 1, Task: desk.VaultRetire, Back: true, Lost: []desk.Lost{
				{Name: "Greenhouse", Kinds: app.SecretKinds()},
				{Name: "Home Assistant", Kinds: []app.SecretKind{app.SecretPassword}},
				{Kinds: []app.SecretKind{app.SecretKey}},
			}}
			w.Sync()
		}},
		{"vault-retire-open", busyDesk, func(_ *testing.T, w *window) {
			w.desk.vault = &desk.VaultPrompt{Number: 1, Task: desk.VaultRetire, Open: true}
			w.Sync()
		}},
		{"vault-anew", busyDesk, func(_ *testing.T, w *window) {
			w.desk.vault = &desk.VaultPrompt{Number: 1, Task: desk.VaultReplace, Back: true}
			w.Sync()
		}},
		{"vault-damaged", busyDesk, func(_ *testing.T, w *window) {
			w.desk.vault = &desk.VaultPrompt{Number: 1, Task: desk.VaultCreate, Why: app.Say("secrets.vault.why_anew"), Err: &app.Error{
				What: app.Say("secrets.vault.damaged", "File", "/home/ana/.config/tidings/vault", "Aside", "vault.broken-1"), Do: app.Say("secrets.vault.damaged.do"),
			}}
			w.Sync()
		}},
		{"vault-not-now", busyDesk, func(_ *testing.T, w *window) {
			w.desk.notices = []desk.Notice{{
				ID: 1, Err: &app.Error{What: app.Say("secrets.this_run", "Name", "Greenhouse", "Secret", app.SecretPassword.Text())}, Calm: true, Vault: desk.VaultCreate,
			}, {
				ID: 2, Err: &app.Error{What: app.Say("secrets.not_copied", "Name", "Greenhouse (2)", "Secret", app.SecretPassword.Text()), Do: app.Say("secrets.not_copied.do")}, Calm: true,
			}}
			w.Sync()
		}},
		{"file-in-clear", busyDesk, func(_ *testing.T, w *window) {
			w.desk.notices = []desk.Notice{{
				ID: 1, Err: &app.Error{What: app.Say("secrets.in_clear", "Name", "Greenhouse", "Secret", app.SecretKey.Text()), Do: app.Say("secrets.in_clear.do")}, Vault: desk.VaultCreate,
			}}
			w.Sync()
		}},
		{"form-change", busyDesk, func(t *testing.T, w *window) {
			w.desk.secrets.Place = app.PlaceVault
			w.desk.conns[0].Profile.User, w.desk.conns[0].Profile.AskPassword = "ana", true
			w.row(t, 0)
			w.menuItem(t, "menu.edit").Action()
			w.tap(t, "form.password.change")
			w.typed(t, "form.password", "lemon")
		}},
		{"form-stray", busyDesk, func(t *testing.T, w *window) {
			w.desk.conns[0].Profile.User = "ana"
			w.row(t, 0)
			w.menuItem(t, "menu.edit").Action()
			w.typed(t, "form.host", "other.")
		}},
		{"form-stray-headers", busyDesk, func(t *testing.T, w *window) {
			p := &w.desk.conns[0].Profile
			p.User, p.Link.Transport, p.Link.Path = "ana", app.TransportWS, "/mqtt"
			p.Link.Headers = []app.Header{{Name: "Authorization", Secret: true}, {Name: "X-Tenant", Value: "7"}}
			w.row(t, 0)
			w.menuItem(t, "menu.edit").Action()
			w.typed(t, "form.host", "other.")
			if rail, ok := w.object("form.pages").(*parts.Rail); ok {
				rail.Select(4)
			}
		}},
		{"question-vault", busyDesk, func(_ *testing.T, w *window) {
			w.desk.keeps = desk.ToLockedVault
			w.desk.question = &desk.Question{ProfileID: "zig", Name: "Zigbee2MQTT", User: "ana", Why: app.Say("password.not_kept"), Place: app.PlaceVault}
			w.Sync()
		}},
		{"question-proxy", busyDesk, func(_ *testing.T, w *window) {
			w.desk.question = &desk.Question{
				ProfileID: "zig", Name: "Zigbee2MQTT", Kind: app.SecretProxyPassword, User: "bob", Proxy: "socks5://proxy.example:1080", Why: app.Say("password.not_kept"),
			}
			w.Sync()
		}},
		{"question-query", busyDesk, func(_ *testing.T, w *window) {
			w.desk.question = &desk.Question{ProfileID: "zig", Name: "Zigbee2MQTT", Kind: app.SecretQuery, Why: app.Say("password.not_kept"), Place: app.PlaceKeyring}
			w.Sync()
		}},
		{"import-locked", busyDesk, func(_ *testing.T, w *window) {
			w.moving.keeps, w.moving.imp = desk.ToLockedVault, preview(mixed())
			w.Sync()
		}},
		{"diagnosis-vault", failedDesk, func(t *testing.T, w *window) {
			w.tap(t, "header.diagnose")
			w.desk.vault = &desk.VaultPrompt{Number: 1, Task: desk.VaultUnlock, Ahead: true, Why: app.Say("secrets.vault.why_diagnose", "Name", "Greenhouse", "Secret", app.SecretProxyPassword.Text())}
			w.Sync()
		}},
		{"diagnosis-without", failedDesk, func(t *testing.T, w *window) {
			w.tap(t, "header.diagnose")
			steps := failedAtTLS()
			missing := func(kind app.SecretKind) app.Text {
				return app.Say("doctor.settings.unread", "Secret", kind.Text(), "Why", app.Say("secrets.vault.locked"))
			}
			steps[0].Verdict, steps[0].Do = doctor.Warning, app.Say("secrets.vault.locked.do")
			steps[0].What = app.Say("doctor.settings.more", "First", missing(app.SecretPassword), "Next", missing(app.SecretHeaders))
			w.desk.end(steps...)
		}},
		{"secrets-forget", busyDesk, func(t *testing.T, w *window) {
			w.desk.status = heldSecrets()
			w.tap(t, "shell.settings")
			w.tap(t, "settings.secrets")
			list, ok := w.object("secrets.list").(*kit.RowList)
			if !ok {
				t.Fatal("no list")
			}
			list.Select(1)
			w.tap(t, "secrets.forget")
		}},
		{"secrets-unusable", busyDesk, func(t *testing.T, w *window) {
			w.desk.status = heldSecrets()
			w.desk.status.Vault, w.desk.status.VaultError = app.VaultUnusable, &app.Error{
				What: app.Say("secrets.vault.newer", "File", "/home/ana/.config/tidings/vault"), Do: app.Say("secrets.vault.newer.do"),
			}
			w.tap(t, "shell.settings")
			w.tap(t, "settings.secrets")
		}},
	}
}

// heldSecrets is a status with everything in it.
func heldSecrets() app.SecretStatus {
	held := func(profile string, kind app.SecretKind, place app.SecretPlace) app.HeldSecret {
		return app.HeldSecret{Ref: app.SecretRef{Profile: profile, Kind: kind}, Place: place}
	}
	return app.SecretStatus{
		Vault: app.VaultUnlocked, KeyringAsked: true,
		KeyringError: &app.Error{What: app.Say("secrets.unavailable"), Do: app.Say("secrets.unavailable.do"), Cause: errors.New("dial unix /run/user/1000/bus: connect: no such file")},
		Held: []app.HeldSecret{
			held("green", app.SecretPassword, app.PlaceVault), held("green", app.SecretKey, app.PlaceVault), held("green", app.SecretKeyPassphrase, app.PlaceVault),
			held("ha", app.SecretPassword, app.PlaceKeyring), held("ha", app.SecretHeaders, app.PlaceVault), held("zig", app.SecretPassword, app.PlaceOpen), held("zig", app.SecretProxyPassword, app.PlaceSession), held("x", app.SecretPassword, app.PlaceKeyring),
		},
	}
}

// vaultPrompt makes the desk ask for the vault.
func (w *window) vaultPrompt(task desk.VaultTask, why app.Text) {
	w.desk.vault = &desk.VaultPrompt{Number: 1, Task: task, Why: why}
	w.Sync()
}
