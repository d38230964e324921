// Command bench runs the scenarios of the local broker's promises against our
// own broker and its peers, in turn, round after round, and writes the
// medians as a table in Markdown. scripts/bench-broker.sh builds what it
// needs and calls it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
	"time"

	"tidings/brokerlocal/peers/fleet"
)

// settings are what the flags say.
type settings struct {
	rounds int
	scale  float64
	limit  time.Duration
	only   *regexp.Regexp
	peers  *regexp.Regexp
	out    string
	fleet  fleet.Options
}

func main() {
	s, err := parse(os.Args[1:], os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string, w io.Writer) (settings, error) {
	var s settings
	var only, peers string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(w)
	f.IntVar(&s.rounds, "rounds", 5, "rounds of everything")
	f.Float64Var(&s.scale, "scale", 1, "of times and numbers of messages; figures at another scale than 1 are for a quick look")
	f.DurationVar(&s.limit, "limit", 20*time.Minute, "begin no round that would not end by then")
	f.StringVar(&only, "only", "", "regular expression: the scenarios to run, by name")
	f.StringVar(&peers, "peers", "", "regular expression: the brokers to run, by name; ours is among them")
	f.StringVar(&s.out, "out", "", "file for the table, beside standard output")
	f.StringVar(&s.fleet.Bin, "bin", "build/peers", "folder of the peers that were built for this")
	f.StringVar(&s.fleet.Ours, "ours", "", "command line of our broker; {port} stands for the port, and --data DIR is added for durable runs")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || s.scale <= 0 {
		return s, fmt.Errorf("rounds and scale are above 0")
	}
	var err error
	if s.only, err = regexp.Compile(only); err != nil {
		return s, err
	}
	s.peers, err = regexp.Compile(peers)
	return s, err
}

func run(ctx context.Context, s settings) error {
	dir, err := os.MkdirTemp("", "bench-broker-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	peers := slices.DeleteFunc(fleet.Peers(s.fleet), func(p fleet.Peer) bool { return !s.peers.MatchString(p.Name) })
	r := runner{settings: s, dir: dir, peers: peers, log: os.Stderr, results: results{}}
	r.all(ctx)
	table := report{peers: peers, results: r.results, rounds: r.done, settings: s, took: r.took}.text()
	fmt.Print(table)
	if s.out == "" {
		return ctx.Err()
	}
	return os.WriteFile(s.out, []byte(table), 0o644) //nolint:gosec // a table for everybody
}
