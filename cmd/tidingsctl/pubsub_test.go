package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tidings/app"
	"tidings/brokerlocal/brokertest"
	"tidings/profiles"
	"tidings/profiles/home"
)

// brokers runs a test against mosquitto and against our own broker.
func brokers(t *testing.T, test func(t *testing.T, port int)) {
	t.Helper()
	t.Run("mosquitto", func(t *testing.T) { test(t, mosquitto(t)) })
	t.Run("own", func(t *testing.T) { test(t, brokertest.Run(t).Port) })
}

func TestMosquittosClientsAreTheOtherSide(t *testing.T) {
	brokers(t, func(t *testing.T, port int) {
		pub, sub := need(t, "mosquitto_pub"), need(t, "mosquitto_sub")
		for _, version := range []string{"31", "311", "5"} {
			for _, qos := range []string{"0", "1", "2"} {
				t.Run(version+" QoS "+qos, func(t *testing.T) {
					topic := "t/" + version + "/" + qos
					theirs := []string{"-p", strconv.Itoa(port), "-V", "mqttv" + version, "-t", topic, "-q", qos}
					ours := subscribed(t, at(port), "-V", version, "-t", topic, "-q", qos, "-C", "2", "-F", `%t=%p %q`)
					start(t, "", nil, pub, append(theirs, "-m", "there")...).want(0, "")
					start(t, "", nil, program, "pub", at(port), "-V", version, "-t", topic, "-q", qos, "-m", "back", "-r").want(0, "")
					ours.want(0, topic+"=there "+qos+"\n"+topic+"=back "+qos+"\n")
					start(t, "", nil, sub, append(theirs, "-C", "1", "-F", "%p %q")...).want(0, "back "+qos+"\n")
				})
			}
		}
	})
}

func TestSourcesOfMessages(t *testing.T) {
	port := brokertest.Run(t).Port
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("of a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, in, args, want string }{
		{"text", "", "-m text", "text|"},
		{"file", "", "-f " + file, "of a file\n|"},
		{"lines", "one\n\nthree", "-l", "one||three|"},
		{"all of standard input", "one\ntwo\n", "-s", "one\ntwo\n|"},
		{"nothing", "", "-n", "|"},
		{"repeated", "", "-m x --repeat 3 --repeat-delay 0.01", "x|x|x|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sub := subscribed(t, at(port), "-t", "s", "-N", "-F", "%p|", "-C", strconv.Itoa(strings.Count(tt.want, "|")))
			start(t, tt.in, nil, program, append([]string{"pub", at(port), "-t", "s", "-q", "1"}, strings.Fields(tt.args)...)...).want(0, "")
			sub.want(0, tt.want)
		})
	}
}

func TestPropertiesArrive(t *testing.T) {
	brokers(t, func(t *testing.T, port int) {
		sub := subscribed(t, at(port), "-t", "p", "-C", "1", "-F", "%C|%R|%D|%F|%P")
		start(t, "", nil, program, "pub", at(port), "-t", "p", "-m", "x", "--content-type", "text/plain", "--response-topic", "r/t",
			"--correlation-data", "hex:414243", "--utf8", "--expiry", "60", "--user-property", "k=v", "--user-property", "k=w=x").want(0, "")
		sub.want(0, "text/plain|r/t|ABC|1|k:v k:w=x\n")
	})
}

func TestRetainedMessages(t *testing.T) {
	port := brokertest.Run(t).Port
	for _, topic := range []string{"r/1", "r/2", "r/3"} {
		start(t, "", nil, program, "pub", at(port), "-t", topic, "-m", "kept", "-r", "-q", "1").want(0, "")
	}
	sub := subscribed(t, at(port), "-t", "r/#", "-T", "r/2", "--retained-only", "-v")
	sub.sees("r/3 kept")
	live := subscribed(t, at(port), "-t", "r/#", "-R", "-v", "-C", "1")
	start(t, "", nil, program, "pub", at(port), "-t", "r/9", "-m", "live", "-q", "1").want(0, "")
	sub.want(0, "r/1 kept\nr/3 kept\n")
	live.want(0, "r/9 live\n")
}

func TestEndsOfSub(t *testing.T) {
	port := brokertest.Run(t).Port
	start(t, "", nil, program, "sub", at(port), "-t", "x", "-W", "1").want(exitTimeout, "")
	start(t, "", nil, program, "sub", at(port), "-t", "x", "-E").want(0, "")
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		sub := subscribed(t, at(port), "-t", "x", "--will-topic", "w")
		sub.signal(s)
		sub.want(0, "")
		if _, _, errs := sub.end(); !strings.Contains(errs, "→ DISCONNECT") {
			t.Errorf("%v: no DISCONNECT:\n%s", s, errs)
		}
	}
}

func TestAClosedPipeIsAQuietEnd(t *testing.T) {
	port := brokertest.Run(t).Port
	p := start(t, "", nil, "/bin/sh", "-c", `{ "$0" sub "$1" -t x; echo "exit $?" >&2; } | head -1`, program, at(port))
	for i := range 1000 {
		if p.cmd.Process == nil || i == 999 {
			t.Fatal("it never ended")
		}
		start(t, "", nil, program, "pub", at(port), "-t", "x", "-m", "line").want(0, "")
		select {
		case <-p.ended:
			if code, out, errs := p.end(); code != 0 || out != "line\n" || errs != "exit 0\n" {
				t.Errorf("exit %d, %q, %q", code, out, errs)
			}
			return
		default:
		}
	}
}

func TestTheRestOfAKeptSessionStaysWithTheBroker(t *testing.T) {
	brokers(t, func(t *testing.T, port int) {
		for _, version := range []string{"311", "5"} {
			args := []string{"sub", at(port), "-V", version, "-c", "-i", "keeper" + version, "-q", "2", "-t", "k" + version}
			start(t, "", nil, program, append(args, "-E")...).want(0, "")
			start(t, "1\n2\n3\n4\n", nil, program, "pub", at(port), "-t", "k"+version, "-q", "2", "-l").want(0, "")
			for _, want := range []string{"1\n", "2\n", "3\n4\n"} {
				count := strconv.Itoa(len(want) / 2)
				start(t, "", nil, program, append(args, "-C", count)...).want(0, want)
			}
		}
	})
}

func TestPacketsAreShown(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", "sesame"))
	env := []string{"TIDINGS_PASSWORD=sesame"}
	p := start(t, "", env, program, "pub", at(server.Port), "-u", "ana", "-i", "lab-ana", "-t", "a", "-m", "hi", "-q", "2", "-dd")
	p.want(0, "")
	_, _, errs := p.end()
	for _, want := range []string{
		"→ CONNECT      client lab-ana · clean start · keep alive 60 s · user ana · password   ", " B\n",
		"← CONNACK      success · session present: no   ", " B · after ", "→ PUBLISH      id 1 · QoS 2 · a = hi   ",
		"← PUBREC       id 1", "→ PUBREL       id 1", "← PUBCOMP      id 1", "→ DISCONNECT ", "Keep alive (s): 60", "00 3C", ".... ..1.", "redacted",
	} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not shown:\n%s", want, errs)
		}
	}
	if strings.Contains(errs, "sesame") || strings.Contains(errs, "73 65 73 61") {
		t.Error("the password is shown")
	}
	if args := strings.Join(p.cmd.Args, " "); strings.Contains(args, "sesame") {
		t.Error("the test put the password on the command line")
	}
}

func TestPasswords(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", "sesame"))
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("sesame\r\nnot this\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	url := strings.Replace(at(server.Port), "//", "//ana@", 1)
	tests := []struct {
		name string
		env  []string
		args []string
		code int
	}{
		{"of a file", nil, []string{"--password-file", file}, 0},
		{"of the environment", []string{"TIDINGS_PASSWORD=sesame"}, nil, 0},
		{"the file goes first", []string{"TIDINGS_PASSWORD=wrong"}, []string{"--password-file", file}, 0},
		{"wrong", []string{"TIDINGS_PASSWORD=wrong"}, nil, 1},
		{"none", nil, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, "", tt.env, program, append([]string{"sub", url, "-t", "a", "-E"}, tt.args...)...)
			p.want(tt.code, "")
		})
	}
}

func TestAProfileOfAWindowThatIsOpen(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", "sesame"))
	dir := t.TempDir()
	h, err := home.Open(dir) // the window
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	store, err := profiles.Open(h.Profiles(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.Port, p.User, p.ClientID, p.Clean = "lab1", "The Lab", server.Host, server.Port, "ana", "window", false
	p.Subscriptions = []app.Subscription{{Filter: "lab/#", QoS: 1}}
	if err := store.Save(p); err != nil {
		t.Fatal(err)
	}
	env := []string{"TIDINGS_PASSWORD=sesame"}
	sub := start(t, "", env, program, "sub", "--home", dir, "--profile", "the lab", "-d", "-C", "1", "-v")
	sub.sees("SUBACK")
	start(t, "", env, program, "pub", "--home", dir, "--profile", "lab1", "-t", "lab/1", "-m", "x", "-q", "1").want(0, "")
	sub.want(0, "lab/1 x\n")
	if _, _, errs := sub.end(); strings.Contains(errs, "client window") {
		t.Errorf("it took the window's client ID:\n%s", errs)
	}
	if code, _, errs := ctl(t, "sub", "--home", dir, "--profile", "other", "-t", "x"); code != 1 || !strings.Contains(errs, "there are: The Lab") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

// Who reads along is said before anything is sent, where there is TLS to read.
func TestAKeyLogIsSaid(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	for line, says := range map[string]bool{
		"pub -t a -m b -h 127.0.0.1 -p 9 --tls": true, "sub -t a -h 127.0.0.1 -p 9 --tls": true, "sub -t a -h 127.0.0.1 -p 9": false,
	} {
		_, _, errs := start(t, "", []string{"SSLKEYLOGFILE=" + keys}, program, strings.Fields(line)...).end()
		if strings.Contains(errs, "whoever reads "+keys) != says {
			t.Errorf("%s: %s", line, errs)
		}
	}
}

func TestSubComesBack(t *testing.T) {
	server := brokertest.Run(t)
	sub := subscribed(t, at(server.Port), "-t", "x", "-C", "1")
	server.Restart(t)
	sub.seesTimes("← SUBACK", 2)
	start(t, "", nil, program, "pub", at(server.Port), "-t", "x", "-m", "again", "-q", "1").want(0, "")
	sub.want(0, "again\n")
}
