package link

import (
	"errors"
	"io"
	"math"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAPeerIsCutInTime(t *testing.T) {
	const year = 365 * 24 * time.Hour
	ping := []byte{0xc0, 0}
	tests := []struct {
		name      string
		connected bool
		keepAlive uint16
		send      func(nc net.Conn)
		want      error
		after     time.Duration
	}{
		{name: "no CONNECT", want: ErrConnectTimeout, after: time.Minute},
		{
			name: "bytes, but no CONNECT", want: ErrConnectTimeout, after: time.Minute,
			send: func(nc net.Conn) {
				every(nc, 5*time.Second, []byte{0x10, 0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
			},
		},
		{name: "1 s", connected: true, keepAlive: 1, want: ErrKeepAlive, after: 1500 * time.Millisecond},
		{name: "60 s", connected: true, keepAlive: 60, want: ErrKeepAlive, after: 90 * time.Second},
		{
			name: "the longest", connected: true, keepAlive: math.MaxUint16, want: ErrKeepAlive,
			after: 98302*time.Second + 500*time.Millisecond,
		},
		{
			name: "pings, then silence", connected: true, keepAlive: 10, want: ErrKeepAlive, after: 55 * time.Second,
			send: func(nc net.Conn) {
				for range 4 {
					time.Sleep(10 * time.Second)
					_, _ = nc.Write(ping)
				}
			},
		},
		{
			name: "a packet that never ends", connected: true, keepAlive: 10, want: ErrKeepAlive, after: 15 * time.Second,
			send: func(nc net.Conn) { every(nc, 2*time.Second, publish(2000)) },
		},
		{
			name: "no keep alive", connected: true, want: io.EOF, after: year,
			send: func(nc net.Conn) { time.Sleep(year); nc.Close() },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				began := time.Now()
				c := New(near, testConfig(t))
				if tt.connected {
					c.Connected(tt.keepAlive)
				}
				var peer sync.WaitGroup
				if tt.send != nil {
					peer.Go(func() { tt.send(far) })
				}
				err := c.Serve(&hooks{})
				if took := time.Since(began); !errors.Is(err, tt.want) || took != tt.after {
					t.Errorf("Serve = %v after %v, want %v after %v", err, took, tt.want, tt.after)
				}
				c.Wait()
				far.Close()
				peer.Wait()
			})
		})
	}
}

// every sends b byte by byte.
func every(nc net.Conn, d time.Duration, b []byte) {
	for i := range b {
		if _, err := nc.Write(b[i : i+1]); err != nil {
			return
		}
		time.Sleep(d)
	}
}

func TestWhoWaitsForUsIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := New(near, testConfig(t))
		c.Connected(1)
		go func() { _, _ = far.Write(publish(9)) }()
		began := time.Now()
		err := c.Serve(&hooks{frame: func([]byte) error { time.Sleep(time.Minute); return nil }})
		if took := time.Since(began); !errors.Is(err, ErrKeepAlive) || took != time.Minute+1500*time.Millisecond {
			t.Errorf("Serve = %v after %v", err, took)
		}
		c.Wait()
	})
}

func TestAReasonCanBeGivenAfterATimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := New(near, testConfig(t))
		c.Connected(1)
		got := make(chan []byte)
		go func() {
			b, _ := io.ReadAll(far)
			far.Close()
			got <- b
		}()
		if err := c.Serve(&hooks{}); !errors.Is(err, ErrKeepAlive) {
			t.Errorf("Serve = %v", err)
		}
		c.CloseAfterFlush([]byte{0xe0, 1, 0x8d}, time.Second)
		c.Wait()
		if b := <-got; string(b) != "\xe0\x01\x8d" {
			t.Errorf("got %x", b)
		}
	})
}

func TestClosingEndsInTimeWhateverThePeerDoes(t *testing.T) {
	peers := map[string]func(far net.Conn){
		"reads nothing": func(net.Conn) {},
		"sends for ever": func(far net.Conn) {
			for {
				if _, err := far.Write(publish(100)); err != nil {
					return
				}
				time.Sleep(time.Millisecond)
			}
		},
	}
	for name, peer := range peers {
		for _, reading := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					near, far := net.Pipe()
					defer far.Close()
					c := New(near, testConfig(t))
					var sending sync.WaitGroup
					sending.Go(func() { peer(far) })
					began := time.Now()
					if reading { // another goroutine closes, as a takeover does
						go func() {
							time.Sleep(5 * time.Millisecond)
							c.CloseAfterFlush(publish(1000), time.Second)
						}()
						if err := c.Serve(&hooks{}); !errors.Is(err, ErrClosed) {
							t.Errorf("Serve = %v", err)
						}
					} else {
						c.CloseAfterFlush(publish(1000), time.Second)
					}
					c.Wait()
					if took := time.Since(began); took > time.Second+5*time.Millisecond {
						t.Errorf("took %v", took)
					}
					sending.Wait()
				})
			})
		}
	}
}
