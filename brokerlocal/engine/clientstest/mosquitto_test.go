package clientstest

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tidings/app"
)

// eachVersion runs f on a broker of its own for every version of MQTT, by the
// name that mosquitto's -V takes.
func eachVersion(t *testing.T, o options, f func(t *testing.T, b *broker, v string)) {
	for _, v := range versions {
		t.Run(v.flag, func(t *testing.T) { f(t, start(t, o), v.flag) })
	}
}

// numbered returns n lines in order; each is format with its number.
func numbered(format string, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf(format, i)
	}
	return lines
}

// publishLines publishes each line as a message, over one connection.
func (b *broker) publishLines(t *testing.T, lines []string, args ...string) {
	t.Helper()
	c := b.tool(t, "mosquitto_pub", append(args, "-l")...)
	c.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	does(t, c)
}

func TestMessagesArriveInOrderAtEachQoS(t *testing.T) {
	eachVersion(t, options{}, func(t *testing.T, b *broker, v string) {
		for published := range 3 {
			for subscribed := range 3 {
				t.Run(fmt.Sprintf("QoS %d to %d", published, subscribed), func(t *testing.T) {
					sub := b.subscribed(t, "-V", v, "-t", "lab/+", "-q", strconv.Itoa(subscribed))
					b.publishLines(t, numbered("message %d", 50), "-V", v, "-t", "lab/x", "-q", strconv.Itoa(published))
					sub.want(numbered(fmt.Sprintf("lab/x %d 0 message %%d", min(published, subscribed)), 50)...)
				})
			}
		}
	})
}

// TestEveryVersionReadsEveryOther also has the properties of MQTT 5 stripped
// for those who know none.
func TestEveryVersionReadsEveryOther(t *testing.T) {
	b := start(t, options{})
	for _, from := range versions {
		for _, to := range versions {
			t.Run(from.flag+" to "+to.flag, func(t *testing.T) {
				args := []string{"-V", from.flag, "-t", "x/y", "-q", "2", "-m", "from " + from.flag}
				if from.Version == app.V5 {
					args = append(args, "-D", "publish", "content-type", "text/plain", "-D", "publish", "topic-alias", "3")
				}
				sub := b.subscribed(t, "-V", to.flag, "-t", "x/y", "-q", "2")
				does(t, b.tool(t, "mosquitto_pub", args...))
				sub.want("x/y 2 0 from " + from.flag)
			})
		}
	}
}

func TestRetainedMessagesAreKeptReplacedAndRemoved(t *testing.T) {
	eachVersion(t, options{}, func(t *testing.T, b *broker, v string) {
		pub := func(args ...string) {
			t.Helper()
			does(t, b.tool(t, "mosquitto_pub", append([]string{"-V", v, "-r", "-q", "1"}, args...)...))
		}
		get := func(n string) string {
			t.Helper()
			return does(t, b.tool(t, "mosquitto_sub", "-V", v, "-t", "r/#", "-t", readyTopic, "-q", "2", "-C", n, "-W", "30", "-F", "%t %q %r %p"))
		}
		pub("-t", "r/1", "-m", "old")
		live := b.read(t, "-V", v, "-t", "r/1", "-q", "1")
		live.want("r/1 1 1 old")
		pub("-t", "r/1", "-m", "new")
		live.want("r/1 1 0 new")
		if got := get("2"); !strings.Contains(got, "r/1 1 1 new") || strings.Contains(got, "old") {
			t.Errorf("a new subscriber got %q", got)
		}
		pub("-t", "r/1", "-n")
		live.want("r/1 1 0 ")
		if n := b.Snapshot().Retained; n != 1 {
			t.Errorf("%d retained messages after the removal, want the one that says ready", n)
		}
		if got := get("1"); got != "ready 1 1 ready" {
			t.Errorf("after the removal a new subscriber got %q", got)
		}
	})
}

func TestAKilledClientLeavesItsWill(t *testing.T) {
	eachVersion(t, options{}, func(t *testing.T, b *broker, v string) {
		for qos := range 3 {
			t.Run("QoS "+strconv.Itoa(qos), func(t *testing.T) {
				topic := "will/" + strconv.Itoa(qos)
				watcher := b.subscribed(t, "-V", v, "-t", topic, "-q", "2")
				victim := b.subscribed(t, "-V", v, "--will-topic", topic, "--will-payload", "gone",
					"--will-qos", strconv.Itoa(qos), "--will-retain")
				victim.die()
				watcher.want(fmt.Sprintf("%s %d 0 gone", topic, qos))
				b.read(t, "-V", v, "-t", topic, "-q", "2").want(fmt.Sprintf("%s %d 1 gone", topic, qos))
			})
		}
		t.Run("not after DISCONNECT", func(t *testing.T) {
			watcher := b.subscribed(t, "-V", v, "-t", "farewell/#")
			does(t, b.tool(t, "mosquitto_sub", "-V", v, "-t", readyTopic, "-C", "1",
				"--will-topic", "farewell/will", "--will-payload", "gone"))
			does(t, b.tool(t, "mosquitto_pub", "-V", v, "-t", "farewell/fence", "-m", "fence"))
			watcher.want("farewell/fence 0 0 fence")
		})
	})
}

// TestASessionKeepsWhatCameWhileItWasAway has the broker itself away too.
func TestASessionKeepsWhatCameWhileItWasAway(t *testing.T) {
	for _, v := range versions {
		for _, restart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/restart %t", v.flag, restart), func(t *testing.T) {
				o := options{data: filepath.Join(t.TempDir(), "data")}
				b := start(t, o)
				session := []string{"-V", v.flag, "-i", "traveller", "-c", "-t", "q/#", "-q", "2"}
				if v.Version == app.V5 {
					session = append(session, "-x", "3600")
				}
				does(t, b.tool(t, "mosquitto_sub", append(session, "-E")...))
				var want []string
				for _, qos := range []string{"1", "2"} {
					b.publishLines(t, numbered("message %d", 100), "-V", v.flag, "-t", "q/"+qos, "-q", qos)
					want = append(want, numbered("q/"+qos+" "+qos+" 0 message %d", 100)...)
				}
				if restart {
					b.stop()
					b = start(t, o)
				}
				b.read(t, append(session, "-C", "200")...).want(want...)
				if list := b.Sessions(); restart && len(list) > 1 {
					t.Errorf("sessions %v", list)
				}
			})
		}
	}
}

func TestASharedSubscriptionDividesTheWork(t *testing.T) {
	eachVersion(t, options{}, func(t *testing.T, b *broker, v string) {
		const n = 40
		one := b.subscribed(t, "-V", v, "-t", "$share/team/jobs/#", "-q", "1")
		two := b.subscribed(t, "-V", v, "-t", "$share/team/jobs/#", "-q", "1")
		all := b.subscribed(t, "-V", v, "-t", "jobs/#", "-q", "1")
		b.publishLines(t, numbered("%d", n), "-V", v, "-t", "jobs/x", "-q", "1")
		all.want(numbered("jobs/x 1 0 %d", n)...)
		// What says that all is over has to reach both members: each hears it
		// on a topic that is not shared.
		does(t, b.tool(t, "mosquitto_pub", "-V", v, "-t", readyTopic, "-m", "over", "-q", "1"))
		seen := make(map[string]int)
		for _, r := range []*reader{one, two} {
			var got int
			for line := r.line(); line != "ready 0 0 over" && line != "ready 1 0 over"; line = r.line() {
				if line == "" {
					t.Fatalf("the member ended: %s", r.said)
				}
				seen[line]++
				got++
			}
			if got == 0 {
				t.Error("one member did all the work")
			}
		}
		for _, line := range numbered("jobs/x 1 0 %d", n) {
			if seen[line] != 1 {
				t.Errorf("%q came %d times", line, seen[line])
			}
		}
	})
}
