// Command relay serves package relay on 127.0.0.1 until it is killed.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"tidings/brokerlocal/peers/relay"
)

func main() {
	port := flag.Int("port", 1883, "TCP port")
	flag.Parse()
	ln, err := new(net.ListenConfig).Listen(context.Background(), "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(*port)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "relay:", err)
		os.Exit(1)
	}
	s := relay.Start(ln)
	done := make(chan os.Signal, 1)
	signal.Notify(done, os.Interrupt, syscall.SIGTERM)
	<-done
	_ = s.Close()
}
