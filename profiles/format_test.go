package profiles

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
)

// Whatever a form can hold comes back from the file as it was.
func TestRoundTrip(t *testing.T) {
	texts := rapid.String()
	qos := rapid.Map(rapid.ByteRange(0, 2), func(b byte) app.QoS { return app.QoS(b) })
	rapid.Check(t, func(t *rapid.T) {
		p := app.Profile{
			ID: "p", Name: texts.Draw(t, "name"), Host: texts.Draw(t, "host"), Port: rapid.Int().Draw(t, "port"),
			TLS: rapid.Bool().Draw(t, "tls"), Version: rapid.SampledFrom([]app.Version{app.V31, app.V311, app.V5}).Draw(t, "version"),
			ClientID: texts.Draw(t, "id"), User: texts.Draw(t, "user"), AskPassword: rapid.Bool().Draw(t, "ask"),
			Clean: rapid.Bool().Draw(t, "clean"), SessionExpiry: rapid.Uint32().Draw(t, "expiry"),
			KeepAlive:   time.Duration(rapid.Int32Min(0).Draw(t, "keep alive")) * time.Second,
			LocalBroker: rapid.Bool().Draw(t, "local"),
		}
		if rapid.Bool().Draw(t, "has will") {
			p.Will = &app.Will{
				Topic: texts.Draw(t, "will topic"), QoS: qos.Draw(t, "will qos"), Retain: rapid.Bool().Draw(t, "will retain"),
				Payload: rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Map(texts, func(s string) []byte { return []byte(s) })).Draw(t, "payload"),
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "subscriptions") {
			p.Subscriptions = append(p.Subscriptions, app.Subscription{
				Filter: texts.Draw(t, "filter"), QoS: qos.Draw(t, "qos"), NoLocal: rapid.Bool().Draw(t, "no local"),
				RetainAsPublished: rapid.Bool().Draw(t, "rap"), RetainHandling: rapid.ByteRange(0, 2).Draw(t, "rh"),
			})
		}
		data, err := encode(p, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := decode("p", data)
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if !reflect.DeepEqual(got, p) {
			t.Fatalf("got  %#v\nwant %#v\nin\n%s", got, p, data)
		}
	})
}

// Any file is refused or understood; what is understood is kept by a save,
// known and unknown keys alike.
func FuzzDecode(f *testing.F) {
	seed, _ := encode(full(), nil)
	f.Add(seed)
	f.Add([]byte("version = 2\nx = [[1], ['a', {b = 1}]]\n[will]\ntopic = ''\n[will.deep]\nx = 1.5\n"))
	f.Add([]byte("will = {}\nsubscriptions = []\nnew = [{}]\n"))
	f.Add([]byte("d = 1979-05-27T07:32:00\nt = 07:32:00\nf = [nan, inf, -0.0]\n\"\" = 1\n'a.b' = 2"))
	f.Add([]byte("NAME = 'x'\n[[Subscriptions]]\nFilter = 'a'\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, all, err := decode("p", data)
		if err != nil {
			return
		}
		first, err := encode(p, all)
		if err != nil {
			t.Fatalf("understood but not writable: %v", err)
		}
		back, again, err := decode("p", first)
		if err != nil {
			t.Fatalf("%v in our own file\n%s", err, first)
		}
		if !reflect.DeepEqual(p, back) {
			t.Fatalf("profile changed\n%#v\n%#v", p, back)
		}
		for key := range all {
			if _, kept := again[key]; !kept && key != "subscriptions" {
				t.Fatalf("key %q is lost from\n%s", key, first)
			}
		}
		if second, err := encode(back, again); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("not stable: %v\n%s\n%s", err, first, second)
		}
	})
}
