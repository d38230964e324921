package clientstest

import (
	"regexp"
	"testing"
	"time"
)

// The properties of MQTT 5 as mosquitto's clients send and show them.

func TestPropertiesReachTheSubscriber(t *testing.T) {
	b := start(t, options{})
	sub := b.subscribed(t, "-V", "5", "-t", "p/#", "-q", "2", "-F", "%t %p|%C|%R|%D|%F|%E|%P|%S",
		"-D", "subscribe", "subscription-identifier", "268435455")
	does(t, b.tool(t, "mosquitto_pub", "-V", "5", "-t", "p/x", "-m", "it", "-q", "2",
		"-D", "publish", "content-type", "text/plain", "-D", "publish", "response-topic", "answer/here",
		"-D", "publish", "correlation-data", "c0rr", "-D", "publish", "payload-format-indicator", "1",
		"-D", "publish", "message-expiry-interval", "3600",
		"-D", "publish", "user-property", "a", "1", "-D", "publish", "user-property", "a", "2"))
	// Some seconds may have passed (MQTT 5.0 §3.3.2.3.3).
	got := sub.line()
	if !regexp.MustCompile(`^p/x it\|text/plain\|answer/here\|c0rr\|1\|(3600|35[5-9][0-9])\|a:1 a:2\|268435455$`).MatchString(got) {
		t.Errorf("got %q", got)
	}
}

func TestRetainAsPublished(t *testing.T) {
	b := start(t, options{})
	sub := b.subscribed(t, "-V", "5", "-t", "rap/1", "--retain-as-published", "-q", "1")
	does(t, b.tool(t, "mosquitto_pub", "-V", "5", "-t", "rap/1", "-m", "kept", "-r", "-q", "1"))
	sub.want("rap/1 1 1 kept")
}

func TestAWillWaitsForItsDelay(t *testing.T) {
	b := start(t, options{})
	watcher := b.subscribed(t, "-V", "5", "-t", "will/#", "-F", "%t %p|%P|%C")
	victim := b.subscribed(t, "-V", "5", "-c", "-x", "60", "-i", "victim",
		"--will-topic", "will/x", "--will-payload", "gone",
		"-D", "will", "will-delay-interval", "1", "-D", "will", "user-property", "who", "victim", "-D", "will", "content-type", "text/plain")
	died := time.Now()
	victim.die()
	watcher.want("will/x gone|who:victim|text/plain")
	if d := time.Since(died); d < time.Second {
		t.Errorf("the will came after %v", d)
	}
}

func TestARequestIsAnswered(t *testing.T) {
	for _, v := range []string{"311", "5"} {
		t.Run(v, func(t *testing.T) {
			b := start(t, options{})
			responder := b.subscribed(t, "-V", v, "-t", "ask/#", "-F", "%t %p|%R|%D")
			ask := b.tool(t, "mosquitto_rr", "-V", v, "-t", "ask/time", "-e", "answer/time", "-m", "now?", "-W", "30", "-F", "%t %p")
			answered := make(chan string)
			go func() {
				defer close(answered)
				out, err := ask.CombinedOutput()
				if err != nil {
					answered <- err.Error()
				}
				answered <- string(out)
			}()
			question := responder.line()
			if v == "5" && question != "ask/time now?|answer/time|" || v == "311" && question != "ask/time now?||" {
				t.Errorf("the question is %q", question)
			}
			does(t, b.tool(t, "mosquitto_pub", "-V", v, "-t", "answer/time", "-m", "four"))
			for got := range answered {
				if got != "answer/time four\n" {
					t.Errorf("the answer is %q", got)
				}
			}
		})
	}
}
