package secretstest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
)

// Run checks that the stores which open returns keep the contract of
// secrets.Store. open gives every test a store in which the IDs that the
// contract uses ("contract-…") hold nothing, and cleans up by t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) secrets.Store) {
	t.Helper()
	for _, tc := range []struct {
		name string
		run  func(t *testing.T, s secrets.Store)
	}{
		{"nothing kept", nothing},
		{"set, get, replace, delete", cycle},
		{"any text", anyText},
		{"limits", limits},
		{"IDs are apart", apart},
		{"ended context", ended},
		{"concurrent use", concurrent},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.run(t, open(t)) })
	}
}

// Clean forgets every ID that the contract uses.
func Clean(ctx context.Context, s secrets.Store) error {
	var err error
	for _, id := range []string{"contract-a", "contract-b", "contract-0", "contract-1", "contract-2", "contract-3", longest} {
		err = errors.Join(err, s.Delete(ctx, id))
	}
	return err
}

var longest = "contract-" + strings.Repeat("x", 191) // the 200 bytes that are allowed

func nothing(t *testing.T, s secrets.Store) {
	t.Helper()
	if got, err := s.Get(t.Context(), "contract-a"); !errors.Is(err, secrets.ErrNotFound) || got != "" {
		t.Errorf("get: %q, %v; want ErrNotFound", got.Reveal(), err)
	}
	if err := s.Delete(t.Context(), "contract-a"); err != nil {
		t.Errorf("delete nothing: %v", err)
	}
	if s.Place() == app.PlaceNone || s.Max() < secrets.MaxKeyring {
		t.Errorf("place %d, at most %d bytes", s.Place(), s.Max())
	}
}

func cycle(t *testing.T, s secrets.Store) {
	t.Helper()
	for _, secret := range []app.Secret{"first", "second"} {
		must(t, s.Set(t.Context(), "contract-a", secret))
		expect(t, s, "contract-a", secret)
		expect(t, s, "contract-a", secret) // reading does not use it up
	}
	must(t, s.Delete(t.Context(), "contract-a"))
	if _, err := s.Get(t.Context(), "contract-a"); !errors.Is(err, secrets.ErrNotFound) {
		t.Errorf("get after delete: %v", err)
	}
}

func anyText(t *testing.T, s secrets.Store) {
	t.Helper()
	for _, secret := range []app.Secret{
		"", " ", "pässwörd 密码 🔑", "two\nlines\r\n", `"quotes" 'and' \ $(x) %s`, "\t",
		app.Secret(strings.Repeat("é", s.Max()/2)),
	} {
		must(t, s.Set(t.Context(), "contract-a", secret))
		expect(t, s, "contract-a", secret)
	}
	must(t, s.Set(t.Context(), longest, "x"))
	expect(t, s, longest, "x")
}

func limits(t *testing.T, s secrets.Store) {
	t.Helper()
	must(t, s.Set(t.Context(), "contract-a", "kept"))
	large := app.Secret(strings.Repeat("x", s.Max()+1))
	refused(t, "too large", s.Set(t.Context(), "contract-a", large), secrets.ErrTooLarge)
	expect(t, s, "contract-a", "kept")
	for _, id := range []string{"", longest + "x"} {
		_, err := s.Get(t.Context(), id)
		refused(t, "get of a bad ID", err, secrets.ErrInvalidID)
		refused(t, "set of a bad ID", s.Set(t.Context(), id, "x"), secrets.ErrInvalidID)
		refused(t, "delete of a bad ID", s.Delete(t.Context(), id), secrets.ErrInvalidID)
	}
}

func apart(t *testing.T, s secrets.Store) {
	t.Helper()
	must(t, s.Set(t.Context(), "contract-a", "a"))
	must(t, s.Set(t.Context(), "contract-b", "b"))
	expect(t, s, "contract-a", "a")
	must(t, s.Delete(t.Context(), "contract-a"))
	expect(t, s, "contract-b", "b")
}

func ended(t *testing.T, s secrets.Store) {
	t.Helper()
	must(t, s.Set(t.Context(), "contract-a", "kept"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Get(ctx, "contract-a")
	refused(t, "get", err, secrets.ErrUnavailable)
	refused(t, "set", s.Set(ctx, "contract-a", "x"), secrets.ErrUnavailable)
	refused(t, "delete", s.Delete(ctx, "contract-a"), secrets.ErrUnavailable)
	expect(t, s, "contract-a", "kept")
}

func concurrent(t *testing.T, s secrets.Store) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			id := fmt.Sprintf("contract-%d", i)
			for round := range 3 {
				want := app.Secret(fmt.Sprintf("%d of %d", round, i))
				if err := s.Set(t.Context(), id, want); err != nil {
					t.Error(err)
				}
				if got, err := s.Get(t.Context(), id); err != nil || got != want {
					t.Errorf("%s: got %q, %v; want %q", id, got.Reveal(), err, want.Reveal())
				}
			}
		})
	}
	wg.Wait()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, s secrets.Store, id string, want app.Secret) {
	t.Helper()
	if got, err := s.Get(t.Context(), id); err != nil || got != want {
		t.Errorf("%.20s: got %q, %v; want %q", id, got.Reveal(), err, want.Reveal())
	}
}

func refused(t *testing.T, what string, err, want error) {
	t.Helper()
	var known *app.Error
	if !errors.Is(err, want) || !errors.As(err, &known) {
		t.Errorf("%s: %v; want an *app.Error that wraps %v", what, err, want)
	}
}
