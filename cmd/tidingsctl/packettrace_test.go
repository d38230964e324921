package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app/hush"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
)

// slow is a terminal that takes a second for each write.
type slow struct{ strings.Builder }

func (s *slow) Write(b []byte) (int, error) {
	time.Sleep(time.Second)
	return s.Builder.Write(b)
}

// Who ends a program does not wait for all that a flood left to print, and is
// told how much that was.
func TestTheTraceEndsSoonAfterAFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := &slow{}
		tr := newTrace(console{err: terminal, words: english()}, session.New(session.Params{}), false, hush.Secrets{})
		tr.Frames(true, bytes.Repeat([]byte{0xC0, 0}, 5000), time.Now()) // PINGREQ
		begun := time.Now()
		tr.close()
		if took := time.Since(begun); took > lastLines+2*time.Second { // a write that has begun, and the last
			t.Errorf("it took %s", took)
		}
		said := terminal.String()
		lines := strings.Count(said, "PINGREQ")
		var left int
		if at := strings.Index(said, "… "); at >= 0 {
			_, _ = fmt.Sscanf(said[at:], "… %d packets are not shown", &left)
		}
		if lines == 0 || lines == 5000 || lines+left != 5000 {
			t.Errorf("%d lines, %d said to be missing", lines, left)
		}
	})
}

// A broker that repeats the password it was sent does not bring it into what
// -d prints, in letters or in bytes.
func TestTheTraceHoldsNoSecretThatTheBrokerRepeats(t *testing.T) {
	const password, said = "open-sesame", "no ana with open-sesame here"
	reason := append([]byte{0x1F, 0, byte(len(said))}, said...) // Reason String (MQTT 5.0 §3.2.2.3.9)
	length := byte(len(reason))
	connAck := append([]byte{0x20, 3 + length, 0, 0, length}, reason...)
	subAck := append(append([]byte{0x90, 4 + length, 0, 1, length}, reason...), 0)
	_, port := sessiontest.Serve(t, func(c net.Conn) {
		b := make([]byte, 1024)
		for _, answer := range [][]byte{connAck, subAck} {
			if _, err := c.Read(b); err != nil {
				return
			}
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
		_, _ = io.Copy(io.Discard, c)
	})
	url := "mqtt://127.0.0.1:" + strconv.Itoa(port)
	code, _, errs := start(t, "", []string{"TIDINGS_PASSWORD=" + password}, program, "sub", url, "-u", "ana", "-t", "a", "-E", "-dd").end()
	if code != 0 || strings.Count(errs, "no ana with") < 4 {
		t.Errorf("exit %d, what the broker said is lost:\n%s", code, errs)
	}
	if strings.Contains(errs, "sesame") || strings.Contains(errs, "6F 70 65 6E") {
		t.Errorf("the password is in:\n%s", errs)
	}
}
