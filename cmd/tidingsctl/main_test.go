package main

import (
	"flag"
	"os/exec"
	"strings"
	"testing"

	"tidings/app"
)

func TestItBuildsWithoutC(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{if .CgoFiles}}cgo{{end}}", ".")
	list.Env = append(list.Environ(), "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(out)) {
		if path, cgo, _ := strings.Cut(strings.TrimSpace(l), " "); cgo != "" || path == "runtime/cgo" || strings.HasPrefix(path, "fyne.io/") {
			t.Errorf("it depends on %s %s", path, cgo)
		}
	}
}

func TestHelpNamesEveryOption(t *testing.T) {
	sets := map[string]*flag.FlagSet{"pub": pubFlags(&pubOptions{}), "sub": subFlags(&subOptions{}), "broker": brokerFlags(&brokerOptions{}), "doctor": doctorFlags(&doctorOptions{}), "passwd": passwdFlags(new(bool))}
	for _, cmd := range commands() {
		sets[cmd.name].VisitAll(func(f *flag.Flag) {
			dash := "--"
			if len(f.Name) == 1 || f.Name == "dd" {
				dash = "-"
			}
			if !strings.Contains(cmd.help, " "+dash+f.Name) {
				t.Errorf("the help of %s does not tell of %s%s", cmd.name, dash, f.Name)
			}
		})
		for l := range strings.Lines(cmd.help) {
			if len([]rune(l)) > 90 {
				t.Errorf("a line of the help of %s is too long: %s", cmd.name, l)
			}
		}
		for _, args := range [][]string{{"help", cmd.name}, {cmd.name, "--help"}} {
			if code, out, errs := ctl(t, args...); code != 0 || !strings.Contains(out, cmd.help) || errs != "" {
				t.Errorf("%v: exit %d, %q", args, code, errs)
			}
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	if code, out, _ := ctl(t, "--version"); code != 0 || !strings.HasPrefix(out, "tidingsctl ") || strings.Count(out, "\n") != 1 {
		t.Errorf("exit %d, %q", code, out)
	}
	if code, out, _ := ctl(t, "help"); code != 0 || !strings.Contains(out, "tidingsctl broker") {
		t.Errorf("exit %d, %q", code, out)
	}
}

func TestWhatIsWrongIsOneLine(t *testing.T) {
	const secret = "sesame"
	tests := []struct {
		name, line string
		code       int
		says       string
	}{
		{"no command", "", 2, "which command?"},
		{"unknown command", "publish", 2, `unknown command "publish"`},
		{"unknown topic of help", "help me", 2, `no help about "me"`},
		{"unknown option", "pub --topic a", 2, "unknown option --topic"},
		{"option without value", "pub -t", 2, ": -t needs a value"},
		{"number out of its range", "broker --sys-interval -1", 2, `invalid value "-1" for --sys-interval: a number`},
		{"value of a switch", "broker --anonymous=x", 2, `"x" for --anonymous: `},
		{"QoS", "pub -t a -m b -q 3", 2, "the QoS is 0, 1 or 2"},
		{"port", "pub -t a -m b -p 70000", 2, "from 1 to 65535"},
		{"version", "sub -t a -V 4", 2, "31, 311 and 5"},
		{"two sources", "pub -t a -m b -n", 2, "one of -m TEXT, -f FILE, -l, -s and -n"},
		{"no source", "pub -t a", 2, "one of -m TEXT"},
		{"no topic", "pub -m a", 2, "-t TOPIC says where"},
		{"topic with a wildcard", "pub -m a -t a/+", 2, "a/+"},
		{"property for MQTT 3.1.1", "pub -t a -m b -V 311 --expiry 5", 2, "need MQTT 5"},
		{"subscription option for MQTT 3.1.1", "sub -t a -V 311 --no-local", 2, "need MQTT 5"},
		{"user property", "pub -t a -m b --user-property kv", 2, "NAME=VALUE"},
		{"file that is not there", "pub -t a -f /nonexistent mqtt://127.0.0.1:9", 1, "nothing listens on port 9"},
		{"filter", "sub -t a/#/b", 2, "must be the last level"},
		{"nothing to subscribe to", "sub", 2, "-t FILTER says what"},
		{"format", "sub -t a -F %k", 2, `"%k" is not one of the sequences`},
		{"session without a client ID", "sub -t a -c", 2, "client ID"},
		{"nothing listens", "sub -t a -h 127.0.0.1 -p 9", 1, "nothing listens on port 9"},
		{"URL and host", "sub -t a mqtt://x -h y", 2, "a URL goes with none of"},
		{"two URLs", "sub -t a mqtt://x " + secret, 2, "more than one URL"},
		{"no URL", "sub -t a " + secret, 2, "a broker is named as"},
		{"URL with a topic", "sub mqtt://x/a", 2, "-t FILTER"},
		{"WebSocket", "sub -t a ws://127.0.0.1:9/mqtt", 1, "nothing listens on port 9"},
		{"another scheme", "sub -t a http://x", 2, "begins with mqtt://"},
		{"a socket without a path", "sub -t a unix:broker.sock", 2, "unix:/path"},
		{"a socket that is not there", "sub -t a unix:/nonexistent/broker.sock", 1, "/nonexistent/broker.sock"},
		{"two topics to diagnose", "doctor mqtt://x a/topic", 2, "more than one URL"},
		{"password in a URL", "sub -t a mqtt://ana:" + secret + "@x", 2, "must hold no password"},
		{"password on the command line", "sub -t a -u ana -P " + secret, 2, "TIDINGS_PASSWORD"},
		{"no terminal to ask at", "sub -t a -u ana --ask-password", 1, "needs a terminal"},
		{"will without a topic", "sub -t a --will-retain", 2, "needs --will-topic"},
		{"SCRAM before MQTT 5", "sub -t a -u ana -V 311 --scram", 2, "Only MQTT 5 has"},
		{"SCRAM for nobody", "sub -t a --scram", 2, "user name"},
		{"password as an argument", "passwd file ana " + secret, 2, "comes from standard input"},
		{"nobody's password", "passwd file", 2, "FILE and NAME"},
		{"a bad name", "passwd file a:b", 2, "has no colon"},
		{"an empty password", "passwd /nonexistent/file ana", 1, "an empty password"},
		{"home without profile", "sub -t a --home x", 2, "--profile"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := ctl(t, strings.Fields(tt.line)...)
			if code != tt.code || !strings.Contains(errs, tt.says) {
				t.Errorf("exit %d, want %d; it says %q, want %q", code, tt.code, errs, tt.says)
			}
			if out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "tidingsctl") {
				t.Errorf("that is not one line on standard error: %q, %q", out, errs)
			}
			if strings.Contains(errs, secret) {
				t.Errorf("it repeats a password: %q", errs)
			}
		})
	}
}

func TestURLs(t *testing.T) {
	tests := []struct {
		url  string
		want app.Profile
	}{
		{"mqtt://broker", app.Profile{Host: "broker", Port: 1883}},
		{"mqtts://ana@broker/", app.Profile{Host: "broker", Port: 8883, TLS: true, User: "ana"}},
		{"tcp://[::1]:1884", app.Profile{Host: "::1", Port: 1884}},
		{"tls://127.0.0.1:1", app.Profile{Host: "127.0.0.1", Port: 1, TLS: true}},
		{"unix:/run/a%20b.sock", app.Profile{Link: app.LinkOptions{Transport: app.TransportUnix, Path: "/run/a b.sock"}}},
		{"unix:///run/a.sock", app.Profile{Link: app.LinkOptions{Transport: app.TransportUnix, Path: "/run/a.sock"}}},
	}
	for _, tt := range tests {
		var got app.Profile
		if err := parseURL(tt.url, &got); err != nil {
			t.Errorf("%s: %v", tt.url, err)
		} else if got.URL() != tt.want.URL() || got.TLS != tt.want.TLS || got.User != tt.want.User {
			t.Errorf("%s = %+v", tt.url, got)
		}
	}
}
