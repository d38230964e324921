package v5

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"
	"github.com/xdg-go/scram"

	"tidings/app"
	"tidings/app/session/adapter"
)

// maxIterations bounds the rounds that a broker may ask for: nothing stops a
// derivation that has begun, and servers ask for thousands.
const maxIterations = 1_000_000

// exchange is the client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) on one
// link: client-first goes with CONNECT, server-first and client-final are
// AUTH packets, server-final comes with CONNACK. It judges the packets before
// the library sees them, and CONNACK before the messages behind it arrive. A nil exchange is none. Safe for concurrent use.
type exchange struct {
	mu     sync.Mutex
	conv   *scram.ClientConversation
	answer []byte // client-final, once server-first came
	proved bool   // CONNACK came
	err    error  // why it failed
}

// newExchange begins the exchange that o asks for, nil for none; first is the
// message for CONNECT.
func newExchange(o app.ConnectOptions) (e *exchange, first []byte, err error) {
	if o.Session.AuthenticationMethod == "" {
		return nil, nil, nil
	}
	client, err := scram.SHA256.NewClient(o.User, o.Password.Reveal(), "")
	if err != nil { // characters that SASLprep forbids (RFC 4013)
		return nil, nil, said("connect.scram.text", err)
	}
	e = &exchange{conv: client.NewConversation()}
	text, err := e.conv.Step("")
	return e, []byte(text), err
}

// failure returns why the exchange failed, nil when it did not.
func (e *exchange) failure() error {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// auth takes an AUTH of the broker.
func (e *exchange) auth(frame []byte) error {
	if e == nil {
		return adapter.Malformed(frame, "AUTH that was not asked for [MQTT-4.12.0-6]")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch b := adapter.Body(frame); {
	case e.proved: // only a client may begin anew (MQTT 5.0 §4.12.1)
		return adapter.Malformed(frame, "AUTH after CONNACK that was not asked for (MQTT 5.0 §4.12.1)")
	case e.answer != nil, len(b) == 0, b[0] != packets.AuthContinueAuthentication:
		return e.fail(adapter.Malformed(frame, "AUTH out of turn [MQTT-4.12.0-2]"))
	}
	p, err := read(frame)
	if err != nil {
		return e.fail(adapter.Malformed(frame, "%v", err))
	}
	a, ok := p.Content.(*packets.Auth)
	if !ok || a.Properties == nil || a.Properties.AuthMethod != app.MethodSCRAM {
		return e.fail(adapter.Malformed(frame, "AUTH with another method [MQTT-4.12.0-5]"))
	}
	challenge := string(a.Properties.AuthData)
	if err := checkRounds(challenge); err != nil {
		return e.fail(said("connect.scram.broken", err))
	}
	text, err := e.conv.Step(challenge)
	if err != nil {
		return e.fail(said("connect.scram.broken", err))
	}
	e.answer = []byte(text)
	return nil
}

// connAck takes the CONNACK. One that accepts proves in the same breath that
// the broker knows the password too; without that, somebody else answers.
func (e *exchange) connAck(frame []byte) error {
	if b := adapter.Body(frame); e == nil || len(b) < 2 || b[1] != 0 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.proved = true
	p, err := read(frame)
	if err != nil {
		return e.fail(adapter.Malformed(frame, "%v", err))
	}
	var final string
	if a, ok := p.Content.(*packets.Connack); ok && a.Properties != nil {
		final = string(a.Properties.AuthData)
	}
	if e.answer == nil {
		return e.fail(said("connect.scram.unproved", errors.New("CONNACK before the exchange ended")))
	}
	_, err = e.conv.Step(final)
	if err == nil && !e.conv.Valid() {
		err = errors.New("server-final is not valid")
	}
	if err != nil {
		return e.fail(said("connect.scram.unproved", err))
	}
	return nil
}

// fail keeps why. The caller holds mu.
func (e *exchange) fail(err error) error {
	e.err = err
	return err
}

// said words a failure of the exchange.
func said(key string, cause error) error {
	return &app.Error{What: app.Say(key, "Detail", adapter.Said(cause.Error())), Do: app.Say(key + ".do"), Cause: cause}
}

// checkRounds refuses a server-first message (RFC 5802 §5.1) whose answer
// would take too long.
func checkRounds(challenge string) error {
	for field := range strings.SplitSeq(challenge, ",") {
		if text, ok := strings.CutPrefix(field, "i="); ok {
			if n, err := strconv.Atoi(text); err != nil || n > maxIterations {
				return fmt.Errorf("%s iterations, of at most %d", text, maxIterations)
			}
		}
	}
	return nil
}

func read(frame []byte) (*packets.ControlPacket, error) {
	return packets.ReadPacket(bytes.NewReader(frame))
}

// answers hands paho what the exchange has answered. paho calls it with every
// AUTH, which has passed link.check, and when a CONNACK names a method.
type answers struct{ l *link }

// Authenticate returns the AUTH to send.
func (a answers) Authenticate(*paho.Auth) *paho.Auth {
	e := a.l.proof
	e.mu.Lock()
	defer e.mu.Unlock()
	return &paho.Auth{
		ReasonCode: packets.AuthContinueAuthentication,
		Properties: &paho.AuthProperties{AuthMethod: app.MethodSCRAM, AuthData: e.answer},
	}
}

// Authenticated has nothing left to do: the tap had the CONNACK judged.
func (a answers) Authenticated() {}
