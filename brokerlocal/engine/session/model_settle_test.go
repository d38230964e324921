package session_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/brokerlocal/engine/session"
)

// settle lets everything come to its end.
func (w *world) settle() {
	w.client.refuses = func(string) bool { return false }
	w.run(true)
	w.connectWith(session.Connection{Version: app.V5})
	for i := 0; len(w.journal)+len(w.toClient)+len(w.toServer) > 0; i++ {
		if i > 10_000 {
			w.Fatal("it never ends")
		}
		w.run(true)
		w.pump(nil)
		for _, o := range w.toClient {
			w.toServer = append(w.toServer, w.client.receive(o))
		}
		w.toClient = nil
		answers := w.toServer
		w.toServer = nil
		for _, a := range answers {
			w.answer(a)
		}
	}
	if st := w.s.Stats(); st.Messages+st.InFlight+int(st.Bytes) != 0 || w.config.Budget.Used() != 0 || len(w.rows) != 0 || w.s.Blocks() != 0 {
		w.Fatalf("left: %+v, %d bytes, %d stored", st, w.config.Budget.Used(), len(w.rows))
	}
	// What was dropped may come all the same if the process died before the
	// store knew: nobody can tell then whether it had been sent.
	isGone := func(name string) bool { return w.gone[name] }
	for q, list := range w.published {
		want := slices.DeleteFunc(list, isGone)
		if got := slices.DeleteFunc(w.client.order[q], isGone); !slices.Equal(got, want) {
			w.Fatalf("QoS %d came as\n%q\nand was published as\n%q", q, got, want)
		}
	}
}

// Whatever happens to session, connection and process: order, QoS 1 at least
// once with DUP on repeats alone, QoS 2 exactly once, no identifier twice, no
// more in flight than allowed, nothing lost within the caps, nothing sent
// before its commit, and at the end no memory in use.
func TestSessionAgainstModel(t *testing.T) {
	for name, durable := range map[string]bool{"in memory": false, "durable": true} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := newWorld(t, durable)
				w.connectWith(session.Connection{Version: app.V5})
				t.Repeat(map[string]func(*rapid.T){
					"publish": w.publish, "publish more": w.publish, "pump": w.pump, "commit": w.commit,
					"client reads": w.clientReads, "client reads on": w.clientReads,
					"server reads": w.serverReads, "server reads on": w.serverReads,
					"disconnect": w.disconnect, "connect": w.connect, "kill": w.kill, "wait": w.wait,
				})
				w.settle()
			})
		})
	}
}
