//go:build unix

package link

import (
	"bytes"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// forwarder hands every frame of one link to others, as an engine would.
type forwarder struct {
	to    []*Conn
	flush func(*Conn)
	over  int // yield above it; 0 never
}

func (f *forwarder) Frame(b []byte) error {
	for _, c := range f.to {
		c.Append(b)
	}
	return nil
}

func (f *forwarder) EndOfBatch() {
	for _, c := range f.to {
		f.flush(c)
	}
	if f.over > 0 {
		budget := time.Millisecond
		for _, c := range f.to {
			budget -= c.Yield(f.over, budget)
		}
	}
}

func (f *forwarder) Low() {}

// BenchmarkForward sends QoS 0 frames from one connection through a link to n
// others, flat out: one op is one delivery. The load comes from and goes to
// goroutines of the same process.
func BenchmarkForward(b *testing.B) {
	ways := map[string]func(*Conn){"Flush": (*Conn).Flush, "Kick": (*Conn).Kick}
	for _, way := range []string{"Flush", "Kick"} {
		for _, size := range []int{64, 1024, 16 << 10} {
			for _, n := range []int{1, 100} {
				b.Run(way+"/"+strconv.Itoa(size)+"B/to"+strconv.Itoa(n), func(b *testing.B) {
					forward(b, ways[way], size, n)
				})
			}
		}
	}
}

func forward(b *testing.B, flush func(*Conn), size, n int) {
	cfg := testConfig(b)
	near, far := tcpPair(b)
	f := &forwarder{flush: flush, over: 512 << 10}
	frames := max(b.N/n, 1)
	total := int64(frames * size)
	var receivers sync.WaitGroup
	for range n {
		out, in := tcpPair(b)
		to := New(out, cfg)
		to.Connected(0)
		f.to = append(f.to, serveConn(b, to, &hooks{}).Conn)
		receivers.Go(func() {
			buf := make([]byte, 256<<10)
			for left := total; left > 0; {
				k, err := in.Read(buf)
				if err != nil {
					b.Error(err)
					return
				}
				left -= int64(k)
			}
		})
	}
	c := New(near, cfg)
	c.Connected(0)
	s := serveConn(b, c, f)
	load := bytes.Repeat(publish(size), max(1, (64<<10)/size))
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	began := cpu()
	for left := total; left > 0; {
		k := min(int64(len(load)), left)
		if _, err := far.Write(load[:k]); err != nil {
			b.Fatal(err)
		}
		left -= k
	}
	receivers.Wait()
	b.StopTimer()
	b.ReportMetric(float64(cpu()-began)/float64(frames*n), "cpu-ns/op")
	far.Close()
	if err := <-s.err; err == nil {
		b.Error("Serve = nil")
	}
}

// BenchmarkLatency sends one frame at a time through two links: there, to
// another connection.
func BenchmarkLatency(b *testing.B) {
	ways := map[string]func(*Conn){"Flush": (*Conn).Flush, "Kick": (*Conn).Kick}
	for _, way := range []string{"Flush", "Kick"} {
		b.Run(way, func(b *testing.B) {
			cfg := testConfig(b)
			near, far := tcpPair(b)
			out, in := tcpPair(b)
			to := serve(b, out, cfg, &hooks{})
			s := serve(b, near, cfg, &forwarder{to: []*Conn{to.Conn}, flush: ways[way]})
			frame := publish(64)
			buf := make([]byte, len(frame))
			took := make([]time.Duration, 0, b.N)
			b.ReportAllocs()
			for b.Loop() {
				began := time.Now()
				if _, err := far.Write(frame); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(in, buf); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2])/1e3, "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100])/1e3, "p99-µs")
			far.Close()
			if err := <-s.err; err == nil {
				b.Error("Serve = nil")
			}
		})
	}
}

// BenchmarkIdle opens 5,000 connections that have sent one frame, and reports
// what each costs: its socket (counted apart), its link and its goroutine.
// 10,000 descriptors are needed, since the other ends live here too.
func BenchmarkIdle(b *testing.B) {
	const n = 5000
	for b.Loop() {
		cfg := testConfig(b)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		var far, near []net.Conn
		bare := inuse()
		for range n {
			f, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			c, err := l.Accept()
			if err != nil {
				b.Fatal(err)
			}
			far, near = append(far, f), append(near, c)
		}
		runtime.GC()
		b.ReportMetric(float64(inuse()-bare)/(2*n), "socket-heap-B/conn") // of both ends
		before, heap, stack := resident(), inuse(), stacks()
		var served, handled sync.WaitGroup
		handled.Add(n)
		var links []*Conn
		for i := range n {
			c := New(near[i], cfg)
			links = append(links, c)
			served.Go(func() {
				_ = c.Serve(&hooks{frame: func([]byte) error {
					c.Connected(60)
					c.Append([]byte{0x20, 2, 0, 0})
					handled.Done()
					return nil
				}, batch: c.Flush})
				c.Wait()
			})
			_, _ = far[i].Write(publish(64))
		}
		handled.Wait()
		runtime.GC()
		runtime.GC()
		b.ReportMetric(float64(resident()-before)/n, "RSS-B/conn")
		b.ReportMetric(float64(inuse()-heap)/n, "heap-B/conn")
		b.ReportMetric(float64(stacks()-stack)/n, "stack-B/conn")
		for i := range n {
			far[i].Close()
		}
		served.Wait()
		l.Close()
		_ = links
	}
}

// cpu returns the processor time this process has taken, load included.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func inuse() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}

func stacks() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.StackInuse)
}

// resident returns the bytes of this process in memory, 0 where that cannot
// be asked.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
