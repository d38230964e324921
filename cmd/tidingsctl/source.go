package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// maxPayload is the most bytes of payload that a PUBLISH has room for, and a
// little more (MQTT 5.0 §1.5.5).
const maxPayload = 268_435_455

var errTooLarge = fmt.Errorf("a message has room for %d bytes", maxPayload)

// source is where pub takes its payloads from.
type source struct {
	text        string
	file        string
	lines, all  bool // standard input: a message per line, or all of it as one
	null        bool
	repeat      int
	repeatDelay time.Duration
}

// payload is what one message is to carry.
type payload struct {
	bytes []byte
	line  int // of standard input, from 1; 0: it is no line
}

// each calls send for every payload, until it fails or ctx ends. The bytes do
// not change afterwards.
func (s *source) each(ctx context.Context, in io.Reader, send func(payload) error) error {
	if s.lines {
		return eachLine(ctx, in, send)
	}
	b, err := s.one(ctx, in)
	if err != nil {
		return err
	}
	for i := range s.repeat {
		if i > 0 && !pause(ctx, s.repeatDelay) {
			return errStopped
		}
		if err := send(payload{bytes: b}); err != nil {
			return err
		}
	}
	return nil
}

// one returns the payload of a source that has one.
func (s *source) one(ctx context.Context, in io.Reader) ([]byte, error) {
	switch {
	case s.file != "":
		f, err := os.Open(s.file)
		if err != nil {
			return nil, fmt.Errorf("-f: %w", err)
		}
		defer func() { _ = f.Close() }()
		b, err := readAll(f)
		if err != nil {
			return nil, fmt.Errorf("-f %s: %w", s.file, err)
		}
		return b, nil
	case s.all:
		return waitFor(ctx, func() ([]byte, error) { return readAll(in) })
	case s.null:
		return nil, nil
	}
	return []byte(s.text), nil
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPayload+1))
	if err == nil && len(b) > maxPayload {
		err = errTooLarge
	}
	return b, err
}

// eachLine calls send for every line without its end. A last line need not
// have one.
func eachLine(ctx context.Context, in io.Reader, send func(payload) error) error {
	r := bufio.NewReaderSize(in, 64<<10)
	for number := 1; ; number++ {
		text, err := nextLine(ctx, r)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err == nil || len(text) > 0 {
			if n := len(text); n > 0 && text[n-1] == '\n' {
				text = text[:n-1]
			}
			if err := send(payload{text, number}); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// nextLine is readLine, which is left when ctx ends: that may wait for input.
func nextLine(ctx context.Context, r *bufio.Reader) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, errStopped
	}
	if there, err := r.Peek(r.Buffered()); err == nil && bytes.IndexByte(there, '\n') >= 0 {
		return readLine(r)
	}
	return waitFor(ctx, func() ([]byte, error) { return readLine(r) })
}

// readLine returns a line with its end, and io.EOF after the last one.
func readLine(r *bufio.Reader) (line []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxPayload+1:
			return nil, errTooLarge
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// waitFor runs a read that nothing can cancel, and leaves it when ctx ends:
// the process ends then too.
func waitFor(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type answer struct {
		b   []byte
		err error
	}
	ch := make(chan answer, 1)
	go func() {
		b, err := read()
		ch <- answer{b, err}
	}()
	select {
	case a := <-ch:
		return a.b, a.err
	case <-ctx.Done():
		return nil, errStopped
	}
}

// pause waits for a time. It reports false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
