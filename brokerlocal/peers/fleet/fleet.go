package fleet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// Peer is a broker that can be started any number of times.
type Peer struct {
	Name string
	Note string // what is not its default, for the reader of the figures
	// Durable says that it can keep what it acknowledged in a data folder.
	Durable bool
	// Missing says why it cannot run here, and is empty when it can.
	Missing string

	// command returns the command line for a broker on port, with dir as its
	// own folder. It may write files there.
	command func(port int, dir string, durable bool) ([]string, error)
}

// Broker is one running broker.
type Broker struct {
	Addr string // host and port
	cmd  *exec.Cmd
	dir  string
	said *tail
	done chan struct{} // closed when the process has ended
}

const (
	startTime = 15 * time.Second
	stopTime  = 3 * time.Second
)

// Start starts p in a new folder below dir and returns when it accepts
// clients. The caller ends it with Stop.
func (p Peer) Start(ctx context.Context, dir string, durable bool) (*Broker, error) {
	if p.Missing != "" {
		return nil, errors.New(p.Missing)
	}
	own, err := os.MkdirTemp(dir, "broker-")
	if err != nil {
		return nil, err
	}
	b, err := p.launch(own, durable)
	if err == nil {
		if err = b.await(ctx); err == nil {
			return b, nil
		}
		b.Stop()
		err = fmt.Errorf("%w\n%s", err, b.said)
	}
	_ = os.RemoveAll(own)
	return nil, fmt.Errorf("%s does not start: %w", p.Name, err)
}

func (p Peer) launch(dir string, durable bool) (*Broker, error) {
	// mosquitto gives up the rights of root before it opens its folder.
	if err := os.Chmod(dir, 0o777); err != nil { //nolint:gosec // an empty folder for one run
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	words, err := p.command(port, dir, durable)
	if err != nil {
		return nil, err
	}
	b := &Broker{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), dir: dir, said: &tail{}, done: make(chan struct{})}
	b.cmd = exec.Command(words[0], words[1:]...) //nolint:gosec,noctx // the person who measures names the command; Stop ends it
	b.cmd.Stdout, b.cmd.Stderr = b.said, b.said
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = b.cmd.Wait()
		close(b.done)
	}()
	return b, nil
}

// await returns when a client gets its CONNACK.
func (b *Broker) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if accepts(ctx, b.Addr) {
			return nil
		}
		select {
		case <-b.done:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return errors.New("it accepts nobody")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// accepts connects as a client of MQTT 3.1.1.
func accepts(ctx context.Context, addr string) bool {
	c, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	answer := make([]byte, 4)
	_, err = c.Write([]byte("\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00"))
	if err == nil {
		_, err = c.Read(answer)
	}
	_, _ = c.Write([]byte{0xE0, 0})
	return err == nil && answer[0] == 0x20 && answer[3] == 0
}

// Stop ends the process, waits for it and removes its folder. It may be called
// more than once, and at any time.
func (b *Broker) Stop() {
	_ = b.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-b.done:
	case <-time.After(stopTime):
		_ = b.cmd.Process.Kill()
		<-b.done
	}
	_ = os.RemoveAll(b.dir)
}

// Err returns why the process is no longer there, and nil while it is.
func (b *Broker) Err() error {
	select {
	case <-b.done:
		return fmt.Errorf("the broker ended: %s\n%s", b.cmd.ProcessState, b.said)
	default:
		return nil
	}
}

// freePort returns a TCP port that nobody listens on.
func freePort() (int, error) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		return 0, err
	}
	return ln.Addr().(*net.TCPAddr).Port, ln.Close()
}

// tail keeps the last lines a process wrote. Only exec writes to it, and it
// is read when that is over or something went wrong anyway.
type tail struct{ b bytes.Buffer }

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	if t.b.Len() > tailBytes {
		t.b.Reset()
	}
	t.b.Write(p)
	return len(p), nil
}

func (t *tail) String() string { return t.b.String() }
