package fleet

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParseCPU(t *testing.T) {
	const stat = "4711 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 1 0 99 1000 200"
	if d, err := parseCPU(stat); err != nil || d != 1750*time.Millisecond {
		t.Errorf("%v, %v", d, err)
	}
	for _, bad := range []string{"", "1 (x)", "1 (x) S 1 2 3 4 5 6 7 8 9 10 x y"} {
		if _, err := parseCPU(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestParseRSS(t *testing.T) {
	if n, err := parseRSS("Name:\tx\nVmHWM:\t 9 kB\nVmRSS:\t  2048 kB\n"); err != nil || n != 2<<20 {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := parseRSS("Name:\tx\n"); err == nil {
		t.Error("no error")
	}
}

// built returns the path of a program of this module, built for the test.
func built(t *testing.T, name string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", bin, "../cmd/"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

func TestBrokerIsStartedMeasuredAndGone(t *testing.T) {
	dir := t.TempDir()
	p := Peers(Options{Ours: built(t, "relay") + " -port {port}"})[0]
	if p.Name != Ours || p.Missing != "" {
		t.Fatalf("%+v", p)
	}
	b, err := p.Start(t.Context(), dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" {
		if n, err := b.RSS(); err != nil || n < 1<<20 {
			t.Errorf("RSS %d, %v", n, err)
		}
		if _, err := b.CPU(); err != nil {
			t.Error(err)
		}
		if _, err := OwnCPU(); err != nil {
			t.Error(err)
		}
	}
	if err := b.Err(); err != nil {
		t.Error(err)
	}
	b.Stop()
	b.Stop()
	if b.Err() == nil {
		t.Error("stopped, and still there")
	}
	if c, err := net.Dial("tcp", b.Addr); err == nil {
		_ = c.Close()
		t.Error("somebody still listens")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBrokerThatDoesNotStartSaysWhy(t *testing.T) {
	p := Peers(Options{Ours: built(t, "relay") + " -port {port} -nonsense"})[0]
	_, err := p.Start(t.Context(), t.TempDir(), false)
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("error %v, without what the program said", err)
	}
}

func TestMissingPeersSaySo(t *testing.T) {
	for _, p := range Peers(Options{Bin: t.TempDir(), Ours: "no-such-program --x"}) {
		if p.Name == "mosquitto" {
			continue // installed or not
		}
		if p.Missing == "" {
			t.Errorf("%s is not there, and says nothing", p.Name)
		}
		if _, err := p.Start(t.Context(), t.TempDir(), false); err == nil || err.Error() != p.Missing {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

func TestCommandsNameThePortAndTheFolder(t *testing.T) {
	const port = 4711
	bin := t.TempDir()
	if err := os.MkdirAll(filepath.Join(bin, "aedes"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range Peers(Options{Bin: bin, Ours: "ours --listen tcp://127.0.0.1:{port}"}) {
		for _, durable := range []bool{false, true} {
			dir := t.TempDir()
			words, err := p.command(port, dir, durable)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(words, " ")
			files, _ := filepath.Glob(filepath.Join(dir, "*.conf"))
			for _, f := range files {
				text, _ := os.ReadFile(f)
				all += "\n" + string(text)
			}
			if !strings.Contains(all, strconv.Itoa(port)) {
				t.Errorf("%s: no port in %s", p.Name, all)
			}
			keeps := strings.Contains(all, "--data "+dir) || strings.Contains(all, "persistence_location "+dir) || strings.Contains(all, "store_dir")
			if keeps != (durable && p.Durable || p.Name == "nats") {
				t.Errorf("%s, durable %v: %s", p.Name, durable, all)
			}
		}
	}
	names := func(list []Peer) (n []string) {
		for _, p := range list {
			n = append(n, p.Name)
		}
		return n
	}(Peers(Options{}))
	if len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
		t.Errorf("names are not unique: %v", names)
	}
}
