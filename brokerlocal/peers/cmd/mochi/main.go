// Command mochi serves mochi-mqtt with its defaults on 127.0.0.1 until it is
// killed; -tuned gives it the buffers that served it best here.
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"
)

func main() {
	port := flag.Int("port", 1883, "TCP port")
	tuned := flag.Bool("tuned", false, "larger buffers")
	flag.Parse()
	if err := run(*port, *tuned); err != nil {
		fmt.Fprintln(os.Stderr, "mochi:", err)
		os.Exit(1)
	}
}

func run(port int, tuned bool) error {
	options := &mochi.Options{Logger: slog.New(slog.DiscardHandler), SysTopicResendInterval: 1}
	if tuned {
		options.ClientNetReadBufferSize = 64 << 10
		options.ClientNetWriteBufferSize = 64 << 10
	}
	s := mochi.New(options)
	if err := s.AddHook(new(auth.AllowHook), nil); err != nil {
		return err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := s.AddListener(listeners.NewTCP(listeners.Config{ID: "tcp", Address: address})); err != nil {
		return err
	}
	if err := s.Serve(); err != nil {
		return err
	}
	done := make(chan os.Signal, 1)
	signal.Notify(done, os.Interrupt, syscall.SIGTERM)
	<-done
	return s.Close()
}
