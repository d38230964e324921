package certs

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tidings/app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errGone = errors.New("gone")

// Whoever goes waits for nothing, and the next one waits for what was left
// behind: only one is ever being opened.
func TestAnOpenerIsLeftAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, end := make(chan struct{}, 2), make(chan struct{})
		o := NewOpener()
		o.load = func(Source) (*Pair, error) {
			begun <- struct{}{}
			<-end
			return &Pair{}, nil
		}
		s := Source{KeyContent: "costly"}
		ctx, cancel := context.WithCancelCause(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := o.Load(ctx, s)
			left <- err
		}()
		<-begun
		cancel(errGone)
		if err := <-left; !errors.Is(err, errGone) {
			t.Errorf("it was left with %v", err)
		}
		next := make(chan error, 1)
		go func() {
			_, err := o.Load(t.Context(), s)
			next <- err
		}()
		synctest.Wait()
		if len(begun) > 0 {
			t.Error("two are being opened")
		}
		if _, err := o.Load(ctx, s); !errors.Is(err, errGone) {
			t.Errorf("gone before: %v", err)
		}
		close(end)
		if err := <-next; err != nil {
			t.Error(err)
		}
	})
}

func TestAnOpenerAnswersAsLoad(t *testing.T) {
	o := NewOpener()
	if pair, err := o.Load(t.Context(), Source{}); pair != nil || err != nil {
		t.Errorf("nothing: %v, %v", pair, err)
	}
	var wrong *app.Error
	if _, err := o.Load(t.Context(), Source{Certificate: app.CertSource{File: "testdata/none"}}); !errors.As(err, &wrong) {
		t.Errorf("no file: %v", err)
	}
}
