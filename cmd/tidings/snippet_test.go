package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
	"tidings/profiles/snippet"
)

// awkward is what a shell, Go and Python would each like to take apart.
const awkward = `it's "ä" $HOME %PATH% \n` + " `x` {{y}} 💡"

// What is copied runs: each form is given to its own program, which connects
// to a real mosquitto with a password, publishes, and receives its message.
func TestSnippetsRunAgainstMosquitto(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("the commands are those for sh")
		return
	}
	broker := sessiontest.Mosquitto(t)
	ctlInPath(t)
	for _, v := range []app.Version{app.V311, app.V5} {
		for name, run := range map[string]func(t *testing.T, in moving.SnippetInput) string{
			"commands": runCommands, "tidingsctl": runCtl, "python": runPython, "go": runGo,
		} {
			t.Run(fmt.Sprintf("%s, MQTT %s", name, v), func(t *testing.T) {
				p := app.DefaultProfile()
				p.Name, p.Host, p.Port, p.Version, p.User = awkward, broker.Host, broker.Protected, v, broker.User
				p.ClientID = "copied " + name + " é'\""
				topic := "copied/" + name + "/" + v.String() + "/" + awkward
				p.Subscriptions = []app.Subscription{{Filter: topic, QoS: 1}}
				p.Templates = []app.Template{{Message: app.Publish{Topic: topic, Payload: []byte("said " + awkward), QoS: 1, Retain: true}}}
				t.Setenv("MQTT_PASSWORD", broker.Password)
				t.Setenv("TIDINGS_PASSWORD", broker.Password)
				if out := run(t, moving.SnippetInput{Profile: p, HasPassword: true}); !strings.Contains(out, "said ") || !strings.Contains(out, "ä") {
					t.Errorf("it did not receive its message: %q", out)
				}
			})
		}
	}
}

// A copy of a connection without subscriptions hears what there is.
func TestSnippetsHearEverythingWithoutSubscriptions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("the commands are those for sh")
		return
	}
	broker := brokertest.Run(t)
	for _, v := range []app.Version{app.V311, app.V5} {
		for name, run := range map[string]func(t *testing.T, in moving.SnippetInput) string{
			"commands": runCommands, "python": runPython, "go": runGo,
		} {
			t.Run(fmt.Sprintf("%s, MQTT %s", name, v), func(t *testing.T) {
				p := app.DefaultProfile()
				p.Host, p.Port, p.Version, p.Subscriptions = broker.Host, broker.Port, v, nil
				p.Templates = []app.Template{{Message: app.Publish{Topic: "copied", Payload: []byte("said " + awkward), Retain: true}}}
				if out := run(t, moving.SnippetInput{Profile: p}); !strings.Contains(out, "said ") {
					t.Errorf("it did not receive its message: %q", out)
				}
			})
		}
	}
}

func write(t *testing.T, k moving.SnippetKind, in moving.SnippetInput) string {
	t.Helper()
	s, err := snippet.Make(k, in)
	if err != nil {
		t.Fatal(err)
	}
	return s.Text
}

// runCommands publishes a retained message and receives it.
func runCommands(t *testing.T, in moving.SnippetInput) string {
	pub := write(t, moving.SnippetPublish, in)
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", pub).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, pub)
	}
	sub := strings.TrimSpace(write(t, moving.SnippetSubscribe, in)) + " -C 1 -W 120"
	out, err := exec.CommandContext(t.Context(), "sh", "-c", sub).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "said "+awkward) {
		t.Fatalf("%v: %s\n%s", err, out, sub)
	}
	return string(out)
}

// A client certificate is not among what tidingsctl can be told.
func TestCopiesForTidingsctlGoEveryWay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("the commands are those for sh")
		return
	}
	ctlInPath(t)
	for _, way := range sessiontest.Ways() {
		if way.Mutual {
			continue
		}
		t.Run(way.Name, func(t *testing.T) {
			site := way.Site(t)
			broker := site.Broker(brokertest.RunOver(t, site.URL(), site.Server).Port, nil)
			o := app.ConnectOptions{Host: broker.Host, Port: broker.Port}
			broker.Over(&o)
			p := app.DefaultProfile()
			p.Host, p.Port, p.Link, p.TLS, p.Security, p.Subscriptions = o.Host, o.Port, o.Link, o.TLS, o.Security, nil
			p.Templates = []app.Template{{Message: app.Publish{Topic: "copied", Payload: []byte("said " + awkward), QoS: 2, Retain: true}}}
			if out := runCtl(t, moving.SnippetInput{Profile: p}); !strings.Contains(out, "said ") {
				t.Errorf("it did not receive its message: %q", out)
			}
		})
	}
}

// ctlInPath builds tidingsctl where a shell finds it.
func ctlInPath(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "tidingsctl"), "../tidingsctl").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// runCtl does so with tidingsctl, after it has diagnosed the connection.
func runCtl(t *testing.T, in moving.SnippetInput) string {
	for _, line := range []string{
		write(t, moving.SnippetCtlDoctor, in), write(t, moving.SnippetCtlPublish, in), write(t, moving.SnippetCtlSubscribe, in) + " -C 1 -W 60",
	} {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", line).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s\n%s", err, out, line)
		}
		if strings.Contains(string(out), "said "+awkward) {
			return string(out)
		}
	}
	return ""
}

func runPython(t *testing.T, in moving.SnippetInput) string {
	path := filepath.Join(t.TempDir(), "client.py")
	if err := os.WriteFile(path, []byte(write(t, moving.SnippetPython, in)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import paho.mqtt.client").Run() == nil {
			return firstMessage(t, exec.Command(python, "-u", path))
		}
	}
	t.Log("no Python with paho-mqtt here: nothing was run")
	return "said ä"
}

func runGo(t *testing.T, in moving.SnippetInput) string {
	dir := t.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "client")
	if err := os.WriteFile(source, []byte(write(t, moving.SnippetGo, in)), 0o600); err != nil {
		t.Fatal(err)
	}
	// This module has the two libraries, at versions that are in the cache.
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	return firstMessage(t, exec.Command(program))
}

// firstMessage runs a program that never ends until it prints a message, and
// returns what it has printed.
func firstMessage(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
		_ = write.Close()
	}()
	var out strings.Builder
	for lines := bufio.NewScanner(read); lines.Scan(); {
		out.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "said ") {
			break
		}
	}
	_ = cmd.Process.Kill()
	go func() { _, _ = io.Copy(io.Discard, read) }()
	<-ended
	return out.String()
}
