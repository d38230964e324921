package desk_test

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"testing"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// chat opens every WebSocket, for something else than MQTT.
func chat(c net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	sum := sha1.Sum([]byte(r.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // RFC 6455 §4.2.2
	_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
		base64.StdEncoding.EncodeToString(sum[:])+"\r\nSec-WebSocket-Protocol: chat\r\n\r\n")
	_, _ = io.Copy(io.Discard, c)
}

func setupsAddress() []setup {
	return []setup{
		{
			name: "HTTP server", start: func(t *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = sessiontest.Serve(t, func(c net.Conn) {
					if _, err := c.Read(make([]byte, 1024)); err == nil {
						_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
					}
				})
			},
			state: session.Failed, banner: said{
				"127.0.0.1:1883 answered, but not in MQTT.",
				"Port 1883 may belong to something else, such as a web server. MQTT is usually on 1883, with TLS on 8883.",
			},
			step: doctor.Connect, says: said{
				"127.0.0.1:1883 is a web server, not a broker.",
				"Check the port: MQTT is usually on 1883. If the broker is behind this web server, choose WebSocket.",
			},
		},
		{
			name: "closed port", start: func(t *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = "127.0.0.1", sessiontest.ClosedPort(t)
			},
			state: session.Waiting, banner: sayNothingListens["en"], step: doctor.TCP, says: sayNothingListens["en"],
		},
		{
			name: "unknown host", start: func(_ *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = "broker..invalid", 1883 // no name server is asked for this
			},
			state: session.Waiting, banner: sayUnknownHost["en"], step: doctor.Resolve, says: sayUnknownHost["en"],
		},
		{
			name: "no WebSocket path", start: func(_ *testing.T, s *scene) {
				srv := brokertest.RunOver(s.t, "ws://127.0.0.1:0/mqtt", nil)
				s.profile.Host, s.profile.Port = "127.0.0.1", srv.Port
				s.profile.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/nowhere"}
			},
			state: session.Failed, banner: sayNoPath, step: doctor.WebSocket, says: sayNoPath,
			found: "127.0.0.1:1883 carries MQTT over WebSocket under /mqtt.",
		},
		{
			name: "wrong subprotocol", start: func(t *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = sessiontest.Serve(t, chat)
				s.profile.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt"}
			},
			state: session.Failed, banner: saySubprotocol, step: doctor.WebSocket, says: saySubprotocol,
		},
	}
}

var (
	sayNoPath = said{
		"The server at 127.0.0.1:1883 does not open a WebSocket under /nowhere: HTTP 404 Not Found.",
		"Check the path, often /mqtt, and the port. A status of 401 or 403 wants other headers.",
	}
	saySubprotocol = said{
		"127.0.0.1:1883 opens a WebSocket under /mqtt that does not carry MQTT.",
		"Check the path, often /mqtt, and the port.",
	}
)
