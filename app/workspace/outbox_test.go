package workspace_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"tidings/app"
)

// publish queues a message and fails the test when it is refused.
func (w *world) publish(topic string, payload []byte) {
	w.Helper()
	if _, err := w.Publish(app.Publish{Topic: topic, Payload: payload, QoS: app.QoS1}); err != nil {
		w.Fatalf("publish %s: %v", topic, err)
	}
}

func held(w *world, _ *app.Profile) { w.wire.hold = make(chan struct{}) }

func TestMessagesGoOutInTheOrderPublished(t *testing.T) {
	inWorld(t, func(w *world) {
		other := &arrivals{}
		w.listen(other)
		w.connect()
		var want []string
		for i := range 200 {
			name := fmt.Sprint("t/", i)
			want = append(want, name)
			w.publish(name, nil)
		}
		synctest.Wait()
		if !slices.Equal(other.topics, want) {
			t.Errorf("sent %v", other.topics)
		}
		for i, s := range w.Sent() {
			if want := uint64(101 + i); s.Number != want || s.Pending || s.Err != nil {
				t.Fatalf("result %d is %+v, want number %d without error", i, s, want)
			}
		}
	})
}

func TestAMessageIsPendingUntilItsHandshakeEnds(t *testing.T) {
	inWorld(t, func(w *world) {
		w.broker.Deny("secret")
		w.connect()
		w.publish("a", []byte("1"))
		w.publish("secret", nil)
		synctest.Wait()
		for _, s := range w.Sent() {
			if !s.Pending {
				t.Errorf("%+v ended while the broker is silent", s)
			}
		}
		close(w.wire.hold)
		synctest.Wait()
		sent := w.Sent()
		if s := sent[0]; s.Pending || s.Err != nil || s.Result.Reason.IsError() || s.Queued.IsZero() || s.Ended.IsZero() || s.Ended.Before(s.Queued) {
			t.Errorf("the first ended as %+v", s)
		}
		if s := sent[1]; s.Pending || s.Err != nil || s.Result.Reason != app.ReasonNotAuthorized {
			t.Errorf("the refused one ended as %+v", s)
		}
	}, held)
}

func TestAMessageWithoutAConnectionFailsAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.publish("a", nil)
		synctest.Wait()
		if s := w.Sent()[0]; s.Pending || key(s.Err) != "publish.not_connected" {
			t.Errorf("ended as %+v", s)
		}
	})
}

func TestASilentBrokerLeavesTheOutcomeUnknown(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.publish("a", nil)
		sleep(21e9)
		s := w.Sent()[0]
		if unknown := []string{"publish.outcome_unknown", "publish.no_answer"}; s.Pending || !slices.Contains(unknown, key(s.Err)) {
			t.Errorf("ended as %+v", s)
		}
	}, held)
}

func TestTheOutboxIsBounded(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.publish("first", nil) // on its way: the queue is empty behind it
		synctest.Wait()
		for i := range 1000 {
			w.publish(fmt.Sprint(i), nil)
		}
		n := len(w.Sent())
		if _, err := w.Publish(app.Publish{Topic: "one too many"}); key(err) != "publish.queue_full" {
			t.Errorf("the queue took %v", err)
		}
		if len(w.Sent()) != n || n != 1001 {
			t.Errorf("%d messages are listed, want the 1001 that wait", len(w.Sent()))
		}
		close(w.wire.hold)
		synctest.Wait()
		sent := w.Sent()
		if len(sent) != 100 || sent[99].Number != 1001 || sent[0].Number != 902 {
			t.Fatalf("%d results kept, numbers %d to %d; want the last 100", len(sent), sent[0].Number, sent[len(sent)-1].Number)
		}
	}, held)
}

func TestTheOutboxIsBoundedInBytes(t *testing.T) {
	const size = 20 << 20
	inWorld(t, func(w *world) {
		w.connect()
		payload := make([]byte, size)
		for range 3 {
			w.publish("a", payload)
		}
		if _, err := w.Publish(app.Publish{Topic: "a", Payload: payload}); key(err) != "publish.queue_full" {
			t.Errorf("80 MB wait, and the next is met with %v", err)
		}
		close(w.wire.hold)
		synctest.Wait()
		if sent := w.Sent(); len(sent) != 1 || sent[0].Number != 3 {
			t.Errorf("%d large results are kept, want the newest", len(sent))
		}
		w.publish("a", payload)
	}, held)
}

func TestWhatWaitsWhenTheWorkspaceClosesHasFailed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.publish("a", nil)
		w.publish("b", nil)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.Sent() {
			if s.Pending || s.Err == nil {
				t.Errorf("%s is still pending after Close", s.Message.Topic)
			}
		}
		if _, err := w.Publish(app.Publish{Topic: "c"}); key(err) != "publish.not_connected" {
			t.Errorf("a closed workspace takes a message: %v", err)
		}
	}, held)
}

func TestThePayloadIsTheOneAtTheTimeOfPublishing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		buf := []byte("before")
		w.publish("a", buf)
		copy(buf, "after!")
		if got := string(w.Sent()[0].Message.Payload); got != "before" {
			t.Errorf("sent %q", got)
		}
	})
}
