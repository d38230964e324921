package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/store"
	"tidings/profiles"
	"tidings/profiles/secrets"
)

// slowBroker is a local broker that runs and takes its time to stop.
type slowBroker struct{ noBroker }

func (slowBroker) State() desk.BrokerState    { return desk.BrokerState{Running: true} }
func (slowBroker) Stop(context.Context) error { <-time.After(5 * farewell); return nil }

// A desk that ends slowly leaves what comes after it its time: nothing is
// taken for hanging, and the program does not fail.
func TestASlowEndIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		log := slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelWarn}))
		dir := t.TempDir()
		files, err := profiles.Open(filepath.Join(dir, "profiles"), log)
		if err != nil {
			t.Fatal(err)
		}
		vault, problem := secrets.OpenVault(filepath.Join(dir, "vault"), log)
		if problem != nil {
			t.Fatal(problem)
		}
		router := secrets.NewRouter(secrets.Params{Keyring: noKeyring{}, Vault: vault, Index: filepath.Join(dir, "secrets.toml"), Log: log})
		p := &program{log: log, secrets: &keptSecrets{Router: router, keyring: secrets.NewKeyring("test", log), vault: vault}}
		p.desk = desk.New(desk.Params{
			Profiles: files, Secrets: p.secrets, Broker: slowBroker{}, Budget: store.NewBudget(1 << 20), Log: log, Touch: func() {},
			NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("not in this test") },
		})
		synctest.Wait()
		said.Reset()
		if err := p.close(); err != nil || said.Len() > 0 {
			t.Errorf("the end: %v, log %q", err, said.String())
		}
	})
}
