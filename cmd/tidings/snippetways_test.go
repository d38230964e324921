package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// What is copied runs over TLS with an authority and a certificate of one's
// own, over WebSocket and over a Unix socket, as far as its program can.
func TestSnippetsRunOverEveryWay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("the commands are those for sh")
		return
	}
	for _, way := range sessiontest.MosquittoWays(t) {
		broker := way.Site(t).Mosquitto(t)
		o := app.ConnectOptions{Host: broker.Host, Port: broker.Port}
		broker.Over(&o)
		o.Link.Headers = nil // no form has a place for them
		for name, run := range map[string]func(t *testing.T, in moving.SnippetInput) string{
			"commands": runCommands, "python": runPython, "go": runGo,
		} {
			for _, v := range []app.Version{app.V311, app.V5} {
				if name == "commands" && way.Transport == app.TransportWS || way.Transport == app.TransportUnix && name != "commands" {
					continue // it says so instead, or wants a library that is not everywhere
				}
				t.Run(fmt.Sprintf("%s/%s, MQTT %s", way.Name, name, v), func(t *testing.T) {
					p := app.DefaultProfile()
					p.Name, p.Host, p.Port, p.Version, p.ClientID = awkward, o.Host, o.Port, v, "copied"
					p.TLS, p.Security, p.Link = o.TLS, o.Security, o.Link
					topic := "copied/" + name + v.String()
					p.Will = &app.Will{Topic: topic + "/gone", Payload: []byte(awkward)}
					p.Subscriptions = []app.Subscription{{Filter: topic, QoS: 1}}
					p.Templates = []app.Template{{Message: app.Publish{Topic: topic, Payload: []byte("said " + awkward), QoS: 1, Retain: true}}}
					if out := run(t, moving.SnippetInput{Profile: p}); !strings.Contains(out, "said ") {
						t.Errorf("it did not receive its message: %q", out)
					}
				})
			}
		}
	}
}

// A password goes to the broker as it is, in the text or in the environment.
func TestSnippetsCarryEveryPassword(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("the commands are those for sh")
		return
	}
	if _, err := exec.LookPath("mosquitto_sub"); err != nil && os.Getenv("CI") == "" {
		t.Skip("mosquitto_sub is not installed")
	}
	broker := brokertest.Run(t, brokertest.WithUser("ana", awkward))
	for name, run := range map[string]func(t *testing.T, in moving.SnippetInput) string{
		"commands": runCommands, "python": runPython, "go": runGo,
	} {
		for where, in := range map[string]moving.SnippetInput{"text": {Password: awkward}, "environment": {HasPassword: true}} {
			t.Run(name+"/"+where, func(t *testing.T) {
				p := app.DefaultProfile()
				p.Host, p.Port, p.User, p.Version = broker.Host, broker.Port, "ana", app.V311
				p.Subscriptions = []app.Subscription{{Filter: name + where}}
				p.Templates = []app.Template{{Message: app.Publish{Topic: name + where, Payload: []byte("said " + awkward), Retain: true}}}
				in.Profile = p
				t.Setenv("MQTT_PASSWORD", awkward)
				if out := run(t, in); !strings.Contains(out, "said ") {
					t.Errorf("it did not receive its message: %q", out)
				}
			})
		}
	}
}
