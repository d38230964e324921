package certs

import "context"

// Opener loads certificates and keys for callers who may go: nothing stops the
// derivation of a passphrase that has begun, but nobody has to wait for its end.
// It works on one at a time, so that what was left behind is never more than
// one; its cost is bounded (allRounds). Safe for concurrent use.
type Opener struct {
	turn chan struct{} // holds one: work is under way
	load func(Source) (*Pair, error)
}

// NewOpener returns an idle Opener.
func NewOpener() *Opener {
	return &Opener{turn: make(chan struct{}, 1), load: func(s Source) (*Pair, error) {
		pair, wrong := Load(s)
		if wrong == nil { // a nil *app.Error would be an error
			return pair, nil
		}
		return nil, wrong
	}}
}

// Load is the function Load. It returns when ctx ends, with its cause.
func (o *Opener) Load(ctx context.Context, s Source) (*Pair, error) {
	if s.IsZero() {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case o.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	type answer struct {
		pair *Pair
		err  error
	}
	ch := make(chan answer, 1)
	go func() { // ends with the work
		defer func() { <-o.turn }()
		pair, err := o.load(s)
		ch <- answer{pair, err}
	}()
	select {
	case a := <-ch:
		return a.pair, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
