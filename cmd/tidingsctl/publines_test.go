package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"tidings/app/mqtt/wire"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// numbered returns n lines "1\n2\n…".
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, i+1)
	}
	return b.String()
}

func TestLinesArriveInOrder(t *testing.T) {
	const n = 300
	brokers(t, func(t *testing.T, port int) {
		for _, version := range []string{"311", "5"} {
			for _, qos := range []string{"1", "2"} { // QoS 0 may be dropped
				topic := "order/" + version + "/" + qos
				sub := subscribed(t, at(port), "-t", topic, "-q", qos, "-C", strconv.Itoa(n))
				start(t, numbered(n), nil, program, "pub", at(port), "-V", version, "-t", topic, "-q", qos, "-l").want(0, "")
				sub.want(0, numbered(n))
			}
		}
	})
}

func TestALineThatFailsIsNamed(t *testing.T) {
	port, dir := sessiontest.FreePort(t), t.TempDir()
	startBroker(t, port, "--max-packet", "128", "--anonymous", "--acl", write(t, dir+"/acl", "topic readwrite open\n"))
	sub := subscribed(t, at(port), "-t", "open", "-C", "2")
	long := strings.Repeat("x", 200)
	p := start(t, "one\n"+long+"\nthree\n", nil, program, "pub", at(port), "-t", "open", "-q", "1", "-l")
	p.want(1, "")
	sub.want(0, "one\nthree\n")
	if _, _, errs := p.end(); !strings.Contains(errs, "pub: line 2: ") || !strings.Contains(errs, "1 of 3 messages were not") || strings.Count(errs, "\n") != 2 {
		t.Errorf("it says %q", errs)
	}
	p = start(t, numbered(2), nil, program, "pub", at(port), "-t", "closed", "-q", "2", "-l")
	p.want(1, "")
	if _, _, errs := p.end(); !strings.Contains(errs, "line 1: the broker refused") || !strings.Contains(errs, "line 2: the broker refused") {
		t.Errorf("it says %q", errs)
	}
}

// scriptedBroker is a broker for MQTT 3.1.1 that hands the packets of its
// clients to handle, with the number of the link, from 1. It cuts the link when
// handle returns false.
func scriptedBroker(t *testing.T, handle func(c net.Conn, link int, kind wire.Type, body []byte) bool) (port int) {
	t.Helper()
	var links atomic.Int32
	_, port = sessiontest.Serve(t, func(c net.Conn) {
		link, r := int(links.Add(1)), bufio.NewReader(c)
		for {
			first, err := r.ReadByte()
			size, shift := 0, 0
			for more := true; more && err == nil; shift += 7 {
				var b byte
				b, err = r.ReadByte()
				size, more = size|int(b&0x7f)<<shift, b >= 0x80
			}
			body := make([]byte, size)
			if err == nil {
				_, err = io.ReadFull(r, body)
			}
			kind := wire.Type(first >> 4)
			if err == nil && kind == wire.CONNECT {
				_, err = c.Write([]byte{0x20, 2, 0, 0})
			}
			if err != nil || !handle(c, link, kind, body) {
				return
			}
		}
	})
	return port
}

// publication returns the payload and the packet identifier of a PUBLISH to "t".
func publication(body []byte) (payload string, id []byte) {
	body = bytes.TrimPrefix(body, []byte{0, 1, 't'})
	return string(body[2:]), body[:2]
}

func TestASignalGivesUpWhatIsOnItsWay(t *testing.T) {
	const n = 3
	came := make(chan struct{}, n)
	port := scriptedBroker(t, func(_ net.Conn, _ int, kind wire.Type, _ []byte) bool { // which acknowledges nothing
		if kind == wire.PUBLISH {
			came <- struct{}{}
		}
		return true
	})
	p := start(t, numbered(n), nil, program, "pub", at(port), "-V", "311", "-t", "t", "-q", "1", "-l", "-d")
	for range n { // all of them, before the first is acknowledged
		<-came
	}
	p.signal(syscall.SIGINT)
	p.want(1, "")
	if _, _, errs := p.end(); !strings.Contains(errs, "→ DISCONNECT") || !strings.Contains(errs, "stopped before all was done") ||
		!strings.Contains(errs, "3 of 3 messages were not delivered for certain") {
		t.Errorf("it says %q", errs)
	}
}

// What was on its way when the link is lost is told; what follows is sent when
// the link is back. No line is neither.
func TestALostLinkLosesNoLineUnseen(t *testing.T) {
	const n = 100
	var mu sync.Mutex
	var seen []int
	port := scriptedBroker(t, func(c net.Conn, link int, kind wire.Type, body []byte) bool {
		if kind != wire.PUBLISH {
			return true
		}
		payload, id := publication(body)
		if link == 1 && payload == "15" {
			return false
		}
		if link > 1 || payload < "3" { // on the first link some are never acknowledged
			line, err := strconv.Atoi(payload)
			mu.Lock()
			seen = append(seen, line)
			mu.Unlock()
			if err == nil {
				_, err = c.Write(append([]byte{0x40, 2}, id...))
			}
			return err == nil
		}
		return true
	})
	p := start(t, numbered(n), nil, program, "pub", at(port), "-V", "311", "-t", "t", "-q", "1", "-l")
	p.want(1, "")
	mu.Lock()
	defer mu.Unlock()
	if !slices.IsSorted(seen) {
		t.Errorf("out of order: %v", seen)
	}
	_, _, errs := p.end()
	for line := range n {
		if !slices.Contains(seen, line+1) && !strings.Contains(errs, fmt.Sprintf("line %d: ", line+1)) {
			t.Errorf("line %d is neither acknowledged nor told", line+1)
		}
	}
	if slices.Max(seen) != n {
		t.Error("it did not go on")
	}
}

func TestARepeatedMessageIsSentOften(t *testing.T) {
	port := brokertest.Run(t).Port
	sub := subscribed(t, at(port), "-t", "s", "-q", "2", "-N", "-C", "250")
	start(t, "", nil, program, "pub", at(port), "-t", "s", "-q", "2", "-m", "x", "--repeat", "250").want(0, "")
	sub.want(0, strings.Repeat("x", 250))
}
