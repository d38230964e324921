package desk_test

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// silent takes every connection in and then says nothing more.
func silent(c net.Conn) {
	if _, err := c.Read(make([]byte, 1024)); err == nil {
		_, _ = c.Write(hello5)
		_, _ = io.Copy(io.Discard, c)
	}
}

// rival takes the identifier "device" over again and again, each time somebody
// else has it.
func rival(t *testing.T, s *scene) {
	srv := s.broker()
	s.profile.ClientID = "device"
	stop := make(chan struct{})
	var work sync.WaitGroup
	first := make(chan struct{})
	work.Go(func() {
		for once := sync.OnceFunc(func() { close(first) }); ; once() {
			c, err := net.Dial("tcp", srv.Addr())
			if err != nil {
				return
			}
			ended := make(chan struct{})
			go func() { // ends with the connection
				defer close(ended)
				_, _ = io.Copy(io.Discard, c)
			}()
			_, _ = c.Write([]byte{0x10, 19, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 6, 'd', 'e', 'v', 'i', 'c', 'e'})
			once()
			select {
			case <-ended:
			case <-stop:
			}
			_ = c.Close()
			<-ended
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	t.Cleanup(func() { close(stop); work.Wait() })
	<-first
}

func setupsMQTT() []setup {
	return []setup{
		{
			name: "bad user", start: wrongPassword,
			state: session.Failed, banner: sayWrongPassword["en"], step: doctor.Connect, says: sayWrongPassword["en"],
		},
		{
			name: "id refused", start: func(t *testing.T, s *scene) {
				scripted(0x20, 3, 0, 0x85, 0)(t, s)
				s.profile.ClientID = "my id"
			},
			how:   desk.Examine{OwnID: true},
			state: session.Failed, banner: sayIDRefused, step: doctor.Connect, says: sayIDRefused,
		},
		{
			name: "version refused", start: only311(0x20, 2, 0, 1),
			state: session.Failed, banner: sayVersionRefused["en"], step: doctor.Connect, says: sayVersionRefused["en"],
			found: "The broker takes MQTT 3.1.1, not 5.",
		},
		{
			name: "banned topic", start: func(_ *testing.T, s *scene) {
				srv := brokertest.RunOver(s.t, "tcp://127.0.0.1:0", nil, "secret/door")
				s.profile.Host, s.profile.Port = "127.0.0.1", srv.Port
				s.profile.Subscriptions = []app.Subscription{{Filter: "secret/door"}}
			},
			how:   desk.Examine{Topic: "secret/door"},
			state: session.Connected, banner: sayBannedTopic, step: doctor.Subscribe, says: sayBannedTopic,
			also: doctor.Publish, too: said{
				"The broker does not let you publish to “secret/door”: not authorized (0x87)",
				"Ask whoever runs the broker for the right to publish there, or choose another topic.",
			},
		},
		{
			name: "half-open link", start: func(t *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = sessiontest.Serve(t, silent)
				s.profile.KeepAlive, s.profile.Link.Timeout = time.Second, 5*time.Second
			},
			state: session.Waiting, banner: said{
				"The broker did not answer for 1\u00a0s, so the connection was given up.",
				"Tidings tries to connect again by itself. Check the network if that fails.",
			},
			step: doctor.Ping, says: said{
				"The broker took CONNECT, but then fell silent.",
				"Such a half-open connection comes from an overloaded broker, or from a router or firewall that forgets connections. Try again, and use a short keep alive.",
			},
		},
		{
			name: "server busy", start: scripted(0x20, 3, 0, 0x89, 0),
			state: session.Waiting, banner: sayBusy, step: doctor.Connect, says: sayBusy,
		},
		{
			name: "endless takeover", start: rival,
			how:   desk.Examine{OwnID: true},
			state: session.Failed, banner: said{
				"Another client connected with the client ID “device”, so the broker ended this connection. Tidings does not reconnect: the two would throw each other out for ever.",
				"Choose another client ID here, or end the other client.",
			},
			step: doctor.Takeover, says: sayRival, also: doctor.Ping, too: sayRival, // as soon as the other is back
		},
	}
}

var (
	sayBannedTopic = said{
		"The broker refused the subscription “secret/door”: not authorized (0x87)",
		"You may lack the right to read these topics. Ask whoever runs the broker, or choose another filter.",
	}
	sayIDRefused = said{
		"The broker does not accept the client ID “my id”.",
		"Try one of 1 to 23 letters and digits, or let Tidings choose one.",
	}
	sayRival = said{
		"Another client uses the ID “device”: it connected and the broker ended this connection. The two throw each other out.",
		"Give each client an ID of its own.",
	}
	sayBusy = said{
		"The broker is not available at the moment.",
		"Wait a little, then try again.",
	}
)
