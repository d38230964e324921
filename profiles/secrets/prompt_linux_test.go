package secrets_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"tidings/app"
	"tidings/profiles/secrets"
)

// silent is a Secret Service whose collection is locked and whose unlock
// prompt nobody ever answers.
type silent struct {
	conn    *dbus.Conn
	prompts chan struct{} // one for each prompt on the screen
}

const (
	collection = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	prompt     = dbus.ObjectPath("/org/freedesktop/secrets/prompt/1")
)

// Unlock implements org.freedesktop.Secret.Service: it asks for a prompt.
func (silent) Unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return nil, prompt, nil
}

// OpenSession implements org.freedesktop.Secret.Service.
func (silent) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/1", nil
}

// Prompt implements org.freedesktop.Secret.Prompt: the window is shown, and
// Completed never comes.
func (s silent) Prompt(string) *dbus.Error {
	s.prompts <- struct{}{}
	return nil
}

// dismiss closes every prompt, as the person does who comes back.
func (s silent) dismiss(t *testing.T) {
	t.Helper()
	must(t, s.conn.Emit(prompt, "org.freedesktop.Secret.Prompt.Completed", true, dbus.MakeVariant("")))
}

// TestPromptOfARealServiceIsNeverAnswered runs go-keyring itself against a
// service on a bus of its own, in a process of its own, because go-keyring
// keeps one connection for the life of the process.
func TestPromptOfARealServiceIsNeverAnswered(t *testing.T) {
	const marker = "TIDINGS_TEST_SILENT_PROMPT"
	if os.Getenv(marker) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPromptOfARealServiceIsNeverAnswered$", "-test.v")
		cmd.Env = append(os.Environ(), marker+"=1", "DBUS_SESSION_BUS_ADDRESS="+privateBus(t))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	service := serveSilence(t)
	k := secrets.NewKeyring("test", quiet())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := k.Get(ctx, "a"); done <- err }()
	<-service.prompts // the prompt is on the screen, and the person walks away
	cancel()
	refused(t, "get", <-done, secrets.ErrUnavailable, context.Canceled)
	if k.Stuck() != 1 {
		t.Errorf("%d calls stuck, want 1", k.Stuck())
	}
	refused(t, "the same again", k.Set(t.Context(), "a", "hunter2"), secrets.ErrUnavailable)

	h := newHouse(t) // its passwords still have a place to go
	router := secrets.NewRouter(secrets.Params{Keyring: k, Vault: h.vault, Index: h.dir + "/index", Log: quiet()})
	must(t, router.CreateVault(t.Context(), "sesame"))
	ctx, cancel = context.WithTimeout(t.Context(), time.Second) // the prompt shows before that
	defer cancel()
	if place, err := router.Set(ctx, password, "secret"); err != nil || place == 0 {
		t.Errorf("set: at %d, %v", place, err)
	}
	if got, found, err := router.Get(t.Context(), password); err != nil || !found || got != "secret" {
		t.Errorf("get: %v, %v", found, err)
	}
	if router.Status().KeyringError == nil {
		t.Error("the status does not say that the keyring is silent")
	}
	ctx, cancel = context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := k.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "2 calls") {
		t.Errorf("close: %v", err)
	}
	<-service.prompts
	service.dismiss(t)
	closeNow(t, k) // an answer that comes too late is taken, and harms nobody
	if k.Stuck() != 0 {
		t.Errorf("%d calls still stuck", k.Stuck())
	}
}

// bare is a Secret Service that answers and has no collection, as one of GNOME
// before anybody has made a keyring; standard is what its alias leads to.
type bare struct{ standard dbus.ObjectPath }

// Unlock implements org.freedesktop.Secret.Service: nothing is there.
func (bare) Unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return nil, "/", nil
}

// ReadAlias implements org.freedesktop.Secret.Service.
func (s bare) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) { return s.standard, nil }

// TestAServiceWithoutACollectionSaysSo, and one whose collection stayed locked
// does not; each in a process of its own, as above.
func TestAServiceWithoutACollectionSaysSo(t *testing.T) {
	const marker = "TIDINGS_TEST_STANDARD_COLLECTION"
	path := os.Getenv(marker)
	if path == "" {
		for _, path := range []string{"/", "/org/freedesktop/secrets/collection/mine"} {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAServiceWithoutACollectionSaysSo$", "-test.v")
			cmd.Env = append(os.Environ(), marker+"="+path, "DBUS_SESSION_BUS_ADDRESS="+privateBus(t))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		return
	}
	serve(t, bare{dbus.ObjectPath(path)}, []dbus.ObjectPath{})
	k := secrets.NewKeyring("test", quiet())
	defer closeNow(t, k)
	for name, err := range map[string]error{"probe": k.Probe(t.Context()), "set": k.Set(t.Context(), "a", "hunter2")} {
		refused(t, name, err, secrets.ErrUnavailable)
		if none := errors.Is(err, secrets.ErrNoCollection); none != (path == "/") {
			t.Errorf("%s with the standard collection %s: %v", name, path, err)
		}
		var said *app.Error
		if errors.As(err, &said); (said.What.Key == "secrets.no_collection") != (path == "/") {
			t.Errorf("%s says %s", name, said.What.Key)
		}
	}
}

// privateBus starts a bus for this test alone and returns its address.
func privateBus(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("there is no dbus-daemon")
	}
	bus := exec.CommandContext(t.Context(), path, "--session", "--nofork", "--nopidfile", "--print-address")
	out, err := bus.StdoutPipe()
	must(t, err)
	must(t, bus.Start())
	t.Cleanup(func() { _ = bus.Process.Kill(); _ = bus.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	return strings.TrimSpace(address)
}

func serveSilence(t *testing.T) silent {
	t.Helper()
	s := silent{prompts: make(chan struct{}, 8)}
	s.conn = serve(t, s, []dbus.ObjectPath{collection})
	must(t, s.conn.Export(s, prompt, "org.freedesktop.Secret.Prompt"))
	return s
}

// serve is the Secret Service on the bus of this process.
func serve(t *testing.T, service any, collections []dbus.ObjectPath) *dbus.Conn {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	must(t, conn.Export(service, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"))
	_, err = prop.Export(conn, "/org/freedesktop/secrets", prop.Map{"org.freedesktop.Secret.Service": {
		"Collections": {Value: collections},
	}})
	must(t, err)
	if reply, err := conn.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("request name: %v, %v", reply, err)
	}
	return conn
}
