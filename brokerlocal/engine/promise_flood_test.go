package engine_test

import (
	"io"
	"testing"
	"testing/synctest"

	"tidings/app"
)

// A client that sends and never reads makes the broker hold no more than its
// share of answers: the broker stops reading from it, and goes on when the
// client reads.
func TestAnswersThatNobodyReadsAreBounded(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		deaf := b.join(t, v, "deaf")
		const n = 1 << 20
		pings := make([]byte, 0, 2*n)
		for range n {
			pings = append(pings, 0xC0, 0)
		}
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			_, _ = deaf.Conn.Write(pings)
		}()
		synctest.Wait()
		waiting := b.ours.Clients()[0].WaitingBytes
		if waiting > 3<<19 {
			t.Errorf("%d bytes of answers wait", waiting)
		}
		select {
		case <-sent:
			t.Error("everything was read")
		default:
		}
		other := b.join(t, v, "other")
		other.Publish("t", "x", app.QoS1)
		if _, err := io.CopyN(io.Discard, deaf.Conn, 2*n); err != nil {
			t.Error(err)
		}
		<-sent
		deaf.Publish("t", "x", app.QoS1)
	})
}
