package crashtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"strings"
	"time"

	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/listener"
)

// Environment names the variable that makes Main a broker; it holds the folder
// where that keeps its data.
const Environment = "TIDINGS_CRASHTEST_BROKER"

// deathEnvironment says when the broker kills itself; see someDeath.
const deathEnvironment = "TIDINGS_CRASHTEST_DEATH"

// refused is the filter that the broker grants nobody.
const refused = "refused/#"

// Main is the broker process. It reports false at once when the environment
// does not ask for one. Else it prints "ready ADDRESS", answers each line
// "stats" on standard input with one line of JSON (Stats), and "goroutines"
// likewise after saying on standard error what all of them do. It ends with the
// line "stop", cleanly, or with its parent.
func Main() bool {
	folder := os.Getenv(Environment)
	if folder == "" {
		return false
	}
	if err := serve(folder); err != nil {
		fmt.Fprintln(os.Stderr, "broker:", err)
		os.Exit(1)
	}
	return true
}

func serve(folder string) error {
	s, err := openMortal(filepath.Join(folder, "tidings.db"), os.Getenv(deathEnvironment))
	if err != nil {
		return err
	}
	e, err := engine.New(engine.Config{
		Store: s, RefuseSubscribe: []string{refused}, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	l, err := listener.Listen(context.Background(), "tcp://127.0.0.1:0", listener.Options{})
	if err != nil {
		return err
	}
	go func() { _ = l.Serve(func(nc net.Conn) { _ = e.Serve(nc) }) }()
	fmt.Println("ready", l.Addr())
	if !obey(e) { // the parent is gone
		os.Exit(1)
	}
	_ = l.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return e.Stop(ctx)
}

// obey carries out what the parent says. It reports whether that was "stop".
func obey(e *engine.Engine) bool {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch strings.TrimSpace(lines.Text()) {
		case "stop":
			return true
		case "goroutines":
			_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
			fallthrough
		case "stats":
			_ = json.NewEncoder(os.Stdout).Encode(measure(e))
		}
	}
	return false
}

// Stats is what a broker process says of itself.
type Stats struct {
	Heap       uint64 // bytes that were alive at the last collection
	Goroutines int
	engine.Snapshot
}

func measure(e *engine.Engine) Stats {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return Stats{Heap: sample[0].Value.Uint64(), Goroutines: runtime.NumGoroutine(), Snapshot: e.Snapshot()}
}
