package engine_test

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/enginetest"
)

// usersFile is a password file of mosquitto's with ana and bob, whose
// passwords are ana-pw and bob-pw.
func usersFile(t *testing.T) string {
	t.Helper()
	u := auth.NewUsers()
	for name, password := range map[string]app.Secret{"ana": "ana-pw", "bob": "bob-pw"} {
		var err error
		if u, err = u.With(name, password, 101); err != nil {
			t.Fatal(err)
		}
	}
	return string(u.PasswordFile())
}

func as(id, user string) wire.Connect {
	return wire.Connect{ClientID: id, Clean: true, HasUser: true, User: user, HasPassword: true, Password: app.Secret(user + "-pw")}
}

// MQTT 3.1.1 §3.2.2.3, MQTT 5.0 §3.2.2.2: a wrong password is code 4 or 0x86,
// none at all 5 or 0x87; the right one opens.
func TestPasswordsOpenAndWrongOnesDoNot(t *testing.T) {
	o := options{users: usersFile(t)}
	promise{options: o, mosquitto: "answers 5 to all"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		b.client(t, v).Join(as("c", "ana"))
		for name, c := range map[string]struct {
			change func(o *wire.Connect)
			reason app.ReasonCode
		}{
			"wrong password": {func(o *wire.Connect) { o.Password = "x" }, app.ReasonBadUserPassword},
			"another's":      {func(o *wire.Connect) { o.Password = "bob-pw" }, app.ReasonBadUserPassword},
			"empty":          {func(o *wire.Connect) { o.Password = "" }, app.ReasonBadUserPassword},
			"unknown user":   {func(o *wire.Connect) { o.User = "eve" }, app.ReasonBadUserPassword},
			"no password":    {func(o *wire.Connect) { o.HasPassword, o.Password = false, "" }, app.ReasonBadUserPassword},
			"nobody":         {func(o *wire.Connect) { *o = wire.Connect{ClientID: "c", Clean: true} }, app.ReasonNotAuthorized},
		} {
			t.Run(name, func(t *testing.T) {
				o := as("c", "ana")
				c.change(&o)
				o.Version = v
				client := b.client(t, v)
				client.Send(&o)
				client.Refused(c.reason)
			})
		}
	})
}

// MQTT 5.0 §3.1.3.6: a password of no bytes is one, and without users any
// will do.
func TestAnEmptyPasswordIsTaken(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Join(wire.Connect{ClientID: "c", Clean: true, HasUser: true, User: "u", HasPassword: true})
		c.Quiet()
	})
}

const rules = `user ana
topic readwrite a/#
topic deny a/secret
topic read b/read
topic write b/write
topic write a/b
pattern readwrite own/%c
pattern readwrite home/%u/#
`

func guarded(t *testing.T) options {
	t.Helper()
	return options{users: usersFile(t), acl: rules}
}

// [MQTT-3.3.5-2] of 3.1.1, MQTT 5.0 §3.4.2.1: what may not be published is
// answered (0x87 on MQTT 5) and reaches nobody.
func TestWhatMayNotBePublishedReachesNobody(t *testing.T) {
	o := guarded(t)
	o.acl = "user bob\ntopic readwrite #\n" + o.acl
	promise{options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		bob, ana := b.client(t, v), b.client(t, v)
		bob.Join(as("bob", "bob"))
		ana.Join(as("ana", "ana"))
		bob.Sub("#", app.QoS2)
		for topic, allowed := range map[string]bool{
			"a/x": true, "a/b": true, "b/write": true, "b/write/x": false, "b/read": false, "a/secret": false, "c": false,
			"own/ana": true, "own/bob": false, "home/ana/x": true, "home/bob/x": false,
		} {
			for qos := app.QoS0; qos <= app.QoS2; qos++ {
				r := ana.Publish(topic, "x", qos)
				if v == app.V5 && qos > 0 && !allowed && r != app.ReasonNotAuthorized {
					t.Errorf("%s at QoS %d: %s", topic, qos, r)
				}
				bob.Fence()
				if got := bob.Waiting() == 1; got != allowed {
					t.Errorf("%s at QoS %d: delivered %v", topic, qos, got)
				}
				for bob.Waiting() > 0 {
					bob.Receive()
				}
			}
		}
	})
}

// SUBSCRIBE is granted only where a read rule covers the whole filter and no
// deny rule meets it.
func TestSubscribeNeedsARuleForTheWholeFilter(t *testing.T) {
	promise{options: guarded(t), versions: from311, mosquitto: "grants all, and filters at delivery"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		ana := b.client(t, v)
		ana.Join(as("ana", "ana"))
		refused := map[app.Version]byte{app.V311: 0x80, app.V5: 0x87}[v]
		for filter, allowed := range map[string]bool{
			"a/x": true, "a/x/#": true, "a/#": false, "a/+": false, "a/secret": false, "#": false, "b/#": false, "b/read": true,
			"b/write": false, "$share/g/a/x": true, "$share/g/a/#": false, "own/ana": true, "own/+": false, "home/ana/#": true, "home/#": false,
		} {
			want := refused
			if allowed {
				want = 1
			}
			if got := ana.Subscribe(app.Subscription{Filter: filter, QoS: app.QoS1})[0]; got != want {
				t.Errorf("%s: %#x, want %#x", filter, got, want)
			}
		}
	})
}

// MQTT 3.x and 5: a will is published as its owner, who may not do more by
// dying.
func TestAWillPassesTheRules(t *testing.T) {
	o := guarded(t)
	o.acl = "user bob\ntopic readwrite #\n" + o.acl
	promise{options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		bob := b.client(t, v)
		bob.Join(as("bob", "bob"))
		bob.Sub("#", app.QoS1)
		for topic, allowed := range map[string]bool{"a/x": true, "c": false, "a/secret": false} {
			ana := b.client(t, v)
			w := as("ana", "ana")
			w.HasWill, w.Will = true, wire.Will{Topic: topic, Payload: []byte("gone")}
			if ana.Connect(w).Reason == 0 {
				ana.Vanish()
			}
			if allowed {
				bob.Want(topic, "gone", app.QoS0)
			}
			bob.Quiet()
		}
	})
}

// The rules are asked at delivery, of retained messages too, and again when
// they have changed.
func TestRulesHoldAtDeliveryAndAfterAChange(t *testing.T) {
	o := guarded(t)
	o.acl = "user bob\ntopic readwrite #\n" + o.acl
	promise{options: o, mosquitto: "reloads by a signal"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		ana, bob := b.client(t, v), b.client(t, v)
		ana.Join(as("ana", "ana"))
		bob.Join(as("bob", "bob"))
		ana.Sub("a/x", app.QoS1)
		bob.Publish("a/x", "before", app.QoS1)
		ana.Want("a/x", "before", app.QoS1)
		bob.Retain("a/x", "kept", app.QoS1)
		ana.Want("a/x", "kept", app.QoS1)
		users, err := auth.ParseUsers("users", []byte(o.users))
		if err != nil {
			t.Fatal(err)
		}
		less, err := auth.ParseRules("acl", []byte("user bob\ntopic readwrite #\nuser ana\ntopic read a/y\n"))
		if err != nil {
			t.Fatal(err)
		}
		b.ours.guard.Set(users, less)
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			bob.Publish("a/x", "after", qos)
		}
		ana.Quiet()
		if got := ana.Subscribe(app.Subscription{Filter: "a/x", QoS: app.QoS1})[0]; v != app.V31 && got < 0x80 {
			t.Errorf("SUBACK %#x", got)
		}
		ana.Quiet() // not the retained one either
		bob.Publish("a/y", "still", app.QoS1)
		ana.Sub("a/y", app.QoS1)
		bob.Publish("a/y", "now", app.QoS1)
		ana.Want("a/y", "now", app.QoS1)
	})
}

// A user that was taken away is cut off at once, and hears why where the
// version can say it; the others stay.
func TestAUserTakenAwayIsCutOff(t *testing.T) {
	o := guarded(t)
	o.acl = "user bob\ntopic readwrite #\n" + o.acl
	promise{options: o, mosquitto: "reloads by a signal"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		ana, bob := b.client(t, v), b.client(t, v)
		ana.Join(as("ana", "ana"))
		bob.Join(as("bob", "bob"))
		users, err := auth.ParseUsers("users", []byte(o.users))
		if err != nil {
			t.Fatal(err)
		}
		b.ours.guard.Set(users, nil)
		if n := b.ours.Expel(b.ours.guard.Known); n != 0 {
			t.Fatalf("%d had to go though nobody was taken away", n)
		}
		if n := b.ours.Expel(func(user string) bool { return user != "ana" }); n != 1 {
			t.Errorf("%d had to go", n)
		}
		late := b.client(t, v) // whose password was judged before
		late.Join(as("late", "ana"))
		for _, c := range []*enginetest.Client{ana, late} {
			if v == app.V5 {
				c.Closed(app.ReasonNotAuthorized)
			} else {
				c.Gone()
			}
		}
		bob.Fence()
	})
}

// What is queued for a session is judged when it is delivered.
func TestAQueuedMessageIsJudgedAtDelivery(t *testing.T) {
	o := guarded(t)
	o.acl = "user bob\ntopic readwrite #\n" + o.acl
	promise{options: o, versions: onlyV5, mosquitto: "reloads by a signal"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		join := func() *enginetest.Client {
			c := b.client(t, v)
			w := as("ana", "ana")
			w.Clean = false
			w.Properties = lasting(v, "").Properties
			c.Join(w)
			return c
		}
		ana, bob := join(), b.client(t, v)
		bob.Join(as("bob", "bob"))
		ana.Sub("a/x", app.QoS1)
		ana.Leave(0)
		bob.Publish("a/x", "no longer yours", app.QoS1)
		users, _ := auth.ParseUsers("users", []byte(o.users))
		none, err := auth.ParseRules("acl", []byte("user bob\ntopic readwrite #\n"))
		if err != nil {
			t.Fatal(err)
		}
		b.ours.guard.Set(users, none)
		join().Quiet()
	})
}

// Client identifiers and user names with wildcards or levels in them never
// widen a pattern.
func TestWildcardsInNamesDoNotWidenAPattern(t *testing.T) {
	o := options{acl: "pattern readwrite own/%c\npattern readwrite home/%u/x\n"}
	promise{options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		good := b.client(t, v)
		good.Join(wire.Connect{ClientID: "good", Clean: true, HasUser: true, User: "good"})
		for _, name := range []string{"+", "#", "good/x", "+/x", ""} {
			evil := b.client(t, v)
			if name == "" && v == app.V31 {
				continue
			}
			c := wire.Connect{ClientID: name, Clean: true, HasUser: true, User: name}
			if evil.Connect(c).Reason != 0 {
				continue // refused at the door is as good
			}
			evil.Subscribe(app.Subscription{Filter: "own/+"}, app.Subscription{Filter: "own/#"}, app.Subscription{Filter: "home/+/x"}, app.Subscription{Filter: "own/good"})
			good.Publish("own/good", "private", app.QoS1)
			good.Publish("home/good/x", "private", app.QoS1)
			evil.Quiet()
			evil.Drop()
		}
	})
}

// A rule for a/b is not one for what lies below.
func TestARuleForATopicIsNotOneForItsChildren(t *testing.T) {
	o := options{acl: "topic readwrite a/b\n"}
	promise{options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c, spy := b.join(t, v, "c"), b.join(t, v, "spy")
		spy.Subscribe(app.Subscription{Filter: "a/b"}, app.Subscription{Filter: "a/b/secret"}, app.Subscription{Filter: "a/b/#"})
		c.Publish("a/b/secret", "x", app.QoS1)
		spy.Quiet()
		c.Publish("a/b", "x", app.QoS0)
		spy.Want("a/b", "x", app.QoS0)
	})
}

// Who fails too often from one address waits (0x9F, code 3), whatever the
// password; loopback is excepted.
func TestLoginAttemptsAreLimitedPerAddress(t *testing.T) {
	for name, c := range map[string]struct {
		from    net.Addr
		limited bool
	}{
		"far":      {&net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 50000}, true},
		"loopback": {&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 50000}, false},
	} {
		t.Run(name, func(t *testing.T) {
			promise{options: options{users: usersFile(t), from: c.from}}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
				for range 20 {
					o := as("c", "ana")
					o.Password, o.Version = "guess", v
					client := b.client(t, v)
					client.Connect(o)
				}
				client := b.client(t, v)
				reason := client.Connect(as("c", "ana")).Reason
				if (reason != 0) != c.limited {
					t.Errorf("the right password after twenty wrong ones: %s", reason)
				}
				synctest.Wait()
				time.Sleep(time.Hour)
				b.client(t, v).Join(as("c", "ana"))
			})
		})
	}
}

// A session that another user resumes gets what that user may read, and no
// more, whatever publishers remember.
func TestAResumedSessionReadsWhatItsNewUserMay(t *testing.T) {
	o := options{users: usersFile(t), acl: "user ana\ntopic readwrite t\n"}
	promise{options: o}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		resume := func(user string) *enginetest.Client {
			o, who := lasting(v, "c"), as("c", user)
			o.HasUser, o.User, o.HasPassword, o.Password = true, who.User, true, who.Password
			c := b.client(t, v)
			c.Join(o)
			return c
		}
		pub := b.client(t, v)
		pub.Join(as("pub", "ana"))
		c := resume("ana")
		c.Sub("t", app.QoS0)
		pub.Publish("t", "for ana", app.QoS0)
		c.Want("t", "for ana", app.QoS0)
		c.Leave(0)
		c = resume("bob")
		pub.Publish("t", "not for bob", app.QoS0)
		c.Quiet()
		c.Leave(0)
		c = resume("ana")
		pub.Publish("t", "for ana again", app.QoS0)
		c.Want("t", "for ana again", app.QoS0)
	})
}
