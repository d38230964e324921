package crashtest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
)

// Process is a broker process: this binary, started again.
type Process struct {
	// Address is where it listens, "host:port".
	Address string

	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	errors strings.Builder
	doomed atomic.Bool // it is to die, or may at any moment
	exited chan struct{}
}

// errStillborn says that a doomed process died before it was ready.
var errStillborn = errors.New("killed before it was ready")

// Start starts a broker that keeps its data in folder. The binary's TestMain
// has to call Main. Kill or Stop end it.
func Start(ctx context.Context, folder string) (*Process, error) {
	p, err := start(ctx, folder, "")
	if err != nil {
		return nil, err
	}
	return p, p.ready()
}

// start starts a broker; death says when it dies.
func start(ctx context.Context, folder, death string) (*Process, error) {
	p := &Process{cmd: exec.CommandContext(ctx, os.Args[0]), exited: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), Environment+"="+folder, deathEnvironment+"="+death)
	p.cmd.Stderr = &p.errors
	p.doomed.Store(death != "")
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.exited)
	}()
	return p, nil
}

// ready waits until the broker listens. The error is errStillborn when it was
// to die.
func (p *Process) ready() error {
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.wait()
		if p.doomed.Load() {
			return errStillborn
		}
		return fmt.Errorf("the broker does not start: %w: %s", err, p.errors.String())
	}
	_, p.Address, _ = strings.Cut(strings.TrimSpace(line), " ")
	return nil
}

// PID returns the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the process by SIGKILL, and waits for that.
func (p *Process) Kill() {
	p.doomed.Store(true)
	_ = p.cmd.Process.Kill()
	p.wait()
}

// Stop ends the process cleanly.
func (p *Process) Stop() error {
	p.doomed.Store(true)
	_, _ = io.WriteString(p.in, "stop\n")
	_, _ = io.Copy(io.Discard, p.out)
	p.wait()
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("the broker ended with %s: %s", p.cmd.ProcessState, p.errors.String())
	}
	return nil
}

func (p *Process) wait() { <-p.exited }

// Stats asks the process how it is. It is for one goroutine.
func (p *Process) Stats() (s Stats, err error) { return p.ask("stats") }

// goroutines returns what the goroutines of the process do, at its end.
func (p *Process) goroutines() string {
	_, _ = p.ask("goroutines")
	p.Kill()
	return p.errors.String()
}

func (p *Process) ask(what string) (s Stats, err error) {
	if _, err := io.WriteString(p.in, what+"\n"); err != nil {
		return s, err
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(line, &s)
}
