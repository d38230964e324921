package engine_test

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/enginetest"
)

// proof is a client's side of SCRAM-SHA-256 (RFC 5802 §3), written down here
// so that the broker's library does not judge itself: the last message to the
// server, and what the server has to answer.
func proof(t *testing.T, bare, serverFirst, password string) (final, verifier string) {
	t.Helper()
	part := map[string]string{}
	for f := range strings.SplitSeq(serverFirst, ",") {
		k, v, _ := strings.Cut(f, "=")
		part[k] = v
	}
	salt, _ := base64.StdEncoding.DecodeString(part["s"])
	rounds, _ := strconv.Atoi(part["i"])
	salted, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	final = "c=biws,r=" + part["r"]
	message := bare + "," + serverFirst + "," + final
	client := sign(salted, "Client Key")
	stored := sha256.Sum256(client)
	for i, b := range sign(stored[:], message) {
		client[i] ^= b
	}
	server := sign(sign(salted, "Server Key"), message)
	encode := base64.StdEncoding.EncodeToString
	return final + ",p=" + encode(client), "v=" + encode(server)
}

// exchange is a login; it returns the last packet and, when it is the CONNACK,
// whether the server proved itself.
func exchange(t *testing.T, c *enginetest.Client, user, password string) (last wire.Packet, proved bool) {
	t.Helper()
	props := func(data string) wire.Properties {
		return enginetest.With(wire.Properties{AuthMethod: "SCRAM-SHA-256", AuthData: app.Secret(data)}, wire.AuthMethod, wire.AuthData)
	}
	bare, verifier := "n="+user+",r=fyko+d2lbbFgONRv9qkxdawL", ""
	c.ID = "c"
	c.Send(&wire.Connect{Version: app.V5, ClientID: "c", Clean: true, Properties: props("n,," + bare)})
	for {
		switch p := enginetest.Next[wire.Packet](c).(type) {
		case *wire.Auth:
			if p.Reason != 0x18 || p.Properties.AuthMethod != "SCRAM-SHA-256" {
				t.Fatalf("AUTH %s %q", p.Reason, p.Properties.AuthMethod)
			}
			var final string
			final, verifier = proof(t, bare, p.Properties.AuthData.Reveal(), password)
			c.Send(&wire.Auth{Reason: 0x18, Properties: props(final)})
		case *wire.ConnAck:
			return p, p.Reason == 0 && p.Properties.AuthData.Reveal() == verifier
		default:
			return p, false
		}
	}
}

// MQTT 5.0 §4.12: SCRAM-SHA-256 in both directions: the broker proves that it
// knows the password too. A wrong one is refused by CONNACK.
func TestEnhancedAuthenticationBySCRAM(t *testing.T) {
	u, err := auth.NewUsers().With("ana", "ana-pw", 4096)
	if err != nil {
		t.Fatal(err)
	}
	o := options{users: string(u.PasswordFile()), scram: u}
	promise{options: o, versions: onlyV5, mosquitto: "has it by plug-in alone"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		p, proved := exchange(t, c, "ana", "ana-pw")
		if ack, ok := p.(*wire.ConnAck); !ok || ack.Reason != 0 || !proved {
			t.Fatalf("%+v, proved %v", p, proved)
		}
		c.Publish("t", "x", app.QoS1)
		c.Send(&wire.Auth{Reason: 0x19, Properties: enginetest.With(wire.Properties{AuthMethod: "OTHER"}, wire.AuthMethod)})
		c.Closed(app.ReasonProtocolError) // [MQTT-4.12.1-1]
		for _, login := range [][2]string{{"ana", "wrong"}, {"eve", "ana-pw"}} {
			c := b.client(t, v)
			p, _ := exchange(t, c, login[0], login[1])
			ack, ok := p.(*wire.ConnAck)
			if !ok || ack.Reason != app.ReasonNotAuthorized && ack.Reason != app.ReasonBadUserPassword {
				t.Errorf("%v: %+v", login, p)
			}
			c.Gone()
		}
	})
}

// [MQTT-4.12.0-7]: AUTH without a method in CONNECT is a protocol error; while
// an exchange runs nothing but AUTH and DISCONNECT may come [MQTT-3.1.2-30].
func TestAuthOutOfTurnIsAProtocolError(t *testing.T) {
	u, err := auth.NewUsers().With("ana", "ana-pw", 4096)
	if err != nil {
		t.Fatal(err)
	}
	o := options{users: string(u.PasswordFile()), scram: u}
	promise{options: o, versions: onlyV5, mosquitto: "has no method"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Join(as("c", "ana"))
		c.Send(&wire.Auth{Reason: 0x18, Properties: enginetest.With(wire.Properties{AuthMethod: "SCRAM-SHA-256"}, wire.AuthMethod)})
		c.Closed(app.ReasonProtocolError)
		for _, packet := range []string{
			`30 { "t" 00 "x" }`,          // PUBLISH
			`30 { "t" { 23 0000 } "x" }`, // the same, with a topic alias that CONNACK has no code for
			`10 { "MQTT" 09 02 0000 00 "c" }`,
		} {
			c = b.client(t, v)
			c.Send(&wire.Connect{Version: v, ClientID: "c", Clean: true, Properties: enginetest.With(
				wire.Properties{AuthMethod: "SCRAM-SHA-256", AuthData: "n,,n=ana,r=fyko+d2lbbFgONRv9qkxdawL"}, wire.AuthMethod, wire.AuthData)})
			enginetest.Next[*wire.Auth](c)
			c.Raw(wiretest.Bytes(packet))
			c.Refused(app.ReasonProtocolError)
		}
	})
}
