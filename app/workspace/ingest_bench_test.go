package workspace_test

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap/firehose"
	"tidings/app/session/link"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
	"tidings/app/store"
	"tidings/app/workspace"
)

// rounds is how many messages one round reads: some seconds' worth.
const rounds = 1_000_000

// BenchmarkIngest is the whole way of a received message: socket, tap,
// session, store, tree, filters; 64-byte payloads on 10,000 topics. In each
// round mosquitto_sub, writing to /dev/null, reads the same firehose; the
// ratio is ours over theirs, both from the start of the connection on. One
// operation is one round: run it with -benchtime=5x.
func BenchmarkIngest(b *testing.B) {
	if _, err := exec.LookPath("mosquitto_sub"); err != nil {
		b.Skip("mosquitto_sub is not installed")
	}
	for _, v := range []app.Version{app.V311, app.V5} {
		b.Run(v.String(), func(b *testing.B) {
			s, err := firehose.Start(firehose.Config{Topics: 10_000, Payload: 64, Messages: rounds})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			var ours, theirs time.Duration
			for range b.N {
				ours += ingest(b, s.Port(), v)
				theirs += mosquittoSub(b, s.Port(), v)
			}
			n := float64(rounds) * float64(b.N)
			b.ReportMetric(n/ours.Seconds(), "msgs/s")
			b.ReportMetric(n/theirs.Seconds(), "mosquitto_sub-msgs/s")
			b.ReportMetric(theirs.Seconds()/ours.Seconds(), "ratio")
		})
	}
}

// ingest reads a round with a workspace and returns how long it took.
func ingest(b *testing.B, port int, v app.Version) time.Duration {
	b.Helper()
	all := make(chan struct{}, 1)
	p := app.Profile{
		ID: "bench", Name: "bench", Host: "127.0.0.1", Port: port, Version: v, Clean: true,
		KeepAlive: time.Minute, Subscriptions: []app.Subscription{{Filter: "#"}},
	}
	w := workspace.New(workspace.Params{
		NewClient: func(v app.Version) (app.Client, error) {
			if v == app.V5 {
				return v5.New(v5.Params{Dial: link.Dial}), nil
			}
			return v3.New(v3.Params{Dial: link.Dial}), nil
		},
		Budget: store.NewBudget(512 << 20),
		Log:    slog.New(slog.DiscardHandler),
		Touch: func() {
			select {
			case all <- struct{}{}:
			default:
			}
		},
	}, p)
	defer func() { _ = w.Close() }()
	start := time.Now()
	w.Connect(nil)
	deadline := time.After(time.Minute)
	for w.Messages().Stats().Total < rounds {
		select {
		case <-all:
		case <-deadline:
			b.Fatalf("%d of %d messages", w.Messages().Stats().Total, rounds)
		}
	}
	took := time.Since(start)
	if n := w.Tree().Stats().Topics; n != 10_000 {
		b.Fatalf("the tree has %d topics", n)
	}
	return took
}

// mosquittoSub reads a round with mosquitto_sub.
func mosquittoSub(b *testing.B, port int, v app.Version) time.Duration {
	b.Helper()
	version := map[app.Version]string{app.V311: "mqttv311", app.V5: "mqttv5"}[v]
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = null.Close() }()
	cmd := exec.CommandContext(b.Context(), "mosquitto_sub", "-h", "127.0.0.1", "-p", strconv.Itoa(port),
		"-V", version, "-t", "#", "-C", fmt.Sprint(rounds))
	cmd.Stdout, cmd.Stderr = null, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
