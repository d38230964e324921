package fleet

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Ours is the name of the broker that is held against the others.
const Ours = "ours"

// Relay is the name of the peer that is no broker but the ceiling.
const Relay = "relay"

// Options say where things are.
type Options struct {
	// Bin is the folder with the peers that are built or fetched for a run:
	// mochi, nats-server, relay, aedes/node_modules.
	Bin string
	// Ours is the command line of our own broker: {port} stands for the port.
	// Durable runs add --data and a folder.
	Ours string
}

// Peers returns all brokers, ours first, and those that cannot run here with
// the reason.
func Peers(o Options) []Peer {
	return []Peer{ours(o.Ours), mosquitto(), mochi(o.Bin, false), mochi(o.Bin, true), nats(o.Bin), aedes(o.Bin), relayed(o.Bin)}
}

func ours(line string) Peer {
	program, _, _ := strings.Cut(line, " ")
	p := Peer{Name: Ours, Durable: true, Missing: missing(program)}
	p.command = func(port int, dir string, durable bool) ([]string, error) {
		words := strings.Fields(strings.ReplaceAll(line, "{port}", strconv.Itoa(port)))
		if durable {
			words = append(words, "--data", filepath.Join(dir, "data"))
		}
		return words, nil
	}
	return p
}

func mosquitto() Peer {
	const program = "mosquitto"
	p := Peer{Name: program, Durable: true, Missing: missing(program),
		Note: "sys_interval 1; durable: persistence with its defaults, which writes every 30 minutes and at the end"}
	p.command = func(port int, dir string, durable bool) ([]string, error) {
		conf := fmt.Sprintf("listener %d 127.0.0.1\nallow_anonymous true\nsys_interval 1\nlog_dest none\n", port)
		if durable {
			conf += "persistence true\npersistence_location " + dir + "/\n"
		}
		return withFile(dir, "mosquitto.conf", conf, program, "-c")
	}
	return p
}

func mochi(bin string, tuned bool) Peer {
	program := filepath.Join(bin, "mochi")
	p := Peer{Name: "mochi", Missing: missing(program), Note: "$SYS every second"}
	if tuned {
		p.Name, p.Note = "mochi tuned", "read and write buffers of 64 KiB"
	}
	p.command = func(port int, _ string, _ bool) ([]string, error) {
		return []string{program, "-port", strconv.Itoa(port), "-tuned=" + strconv.FormatBool(tuned)}, nil
	}
	return p
}

func nats(bin string) Peer {
	program := filepath.Join(bin, "nats-server")
	p := Peer{Name: "nats", Missing: missing(program), Durable: true,
		Note: "JetStream in a temporary folder, without which it has no MQTT; both tables therefore run it alike"}
	p.command = func(port int, dir string, _ bool) ([]string, error) {
		conf := fmt.Sprintf("server_name: bench\nlisten: \"127.0.0.1:-1\"\njetstream { store_dir: %q }\nmqtt { listen: \"127.0.0.1:%d\" }\n",
			dir, port)
		return withFile(dir, "nats.conf", conf, program, "-c")
	}
	return p
}

//go:embed aedes.mjs
var aedesScript string

func aedes(bin string) Peer {
	home := filepath.Join(bin, "aedes")
	p := Peer{Name: "aedes", Note: "noDelay, without which every QoS 1 row would be waiting", Missing: missing("node", filepath.Join(home, "node_modules", "aedes", "package.json"))}
	p.command = func(port int, _ string, _ bool) ([]string, error) {
		// Beside its modules, where node looks for them.
		words, err := withFile(home, "aedes.mjs", aedesScript, "node")
		return append(words, strconv.Itoa(port)), err
	}
	return p
}

func relayed(bin string) Peer {
	program := filepath.Join(bin, Relay)
	p := Peer{Name: Relay, Missing: missing(program), Note: "no broker: what the generator itself can do"}
	p.command = func(port int, _ string, _ bool) ([]string, error) {
		return []string{program, "-port", strconv.Itoa(port)}, nil
	}
	return p
}

// withFile writes a file and returns the command words that end with its path.
func withFile(dir, name, text string, words ...string) ([]string, error) {
	path := filepath.Join(dir, name)
	return append(words, path), os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // mosquitto reads it as another user
}

// missing says which is not there: a program, or one of the files it needs.
func missing(program string, files ...string) string {
	if program == "" {
		return "no command given"
	}
	if _, err := exec.LookPath(program); err != nil {
		return program + " is not there"
	}
	for _, name := range files {
		if _, err := os.Stat(name); err != nil {
			return name + " is not there"
		}
	}
	return ""
}
