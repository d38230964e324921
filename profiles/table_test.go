package profiles

import (
	"reflect"
	"testing"
	"time"

	"tidings/app"
)

func TestTableKeepsEverything(t *testing.T) {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.KeepAlive = app.NewID(), "Lab", "h.test", 20*time.Second
	p.Subscriptions = []app.Subscription{{Filter: "a/#", QoS: 1}}
	p.Will = &app.Will{Topic: "w", Payload: []byte{0xff, 0}, QoS: 2}
	table, err := Table(p, map[string]any{"shape": "round", "name": "old"})
	if err != nil {
		t.Fatal(err)
	}
	if table["shape"] != "round" || table["name"] != "Lab" {
		t.Errorf("%v", table)
	}
	back, _, err := FromTable(p.ID, table)
	if err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, back, p)
	}
}

// The keys of a newer version that come with a profile are in its file, and
// are still there after a plain Save.
func TestSaveWithKeepsNewerKeys(t *testing.T) {
	s := open(t)
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host = app.NewID(), "Lab", "h.test"
	if err := s.SaveWith(p, map[string]any{"shape": "round", "host": "other"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(p); err != nil {
		t.Fatal(err)
	}
	if keys := s.Keys(p.ID); keys["shape"] != "round" || keys["host"] != "h.test" {
		t.Errorf("%v", keys)
	}
	if s.Keys("../x") != nil || s.Keys("missing") != nil {
		t.Error("keys of nothing")
	}
}

// What a file has been replaced by leaves nothing of its own when it is taken
// back.
func TestSaveOnlyLeavesNoOtherKeys(t *testing.T) {
	s := open(t)
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host = app.NewID(), "Lab", "h.test"
	if err := s.SaveWith(p, map[string]any{"shape": "round", "link": map[string]any{"later": 1}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveOnly(p, map[string]any{"weight": int64(7), "host": "other"}); err != nil {
		t.Fatal(err)
	}
	if keys := s.Keys(p.ID); keys["shape"] != nil || keys["link"] != nil || keys["weight"] != int64(7) || keys["host"] != "h.test" {
		t.Errorf("%v", keys)
	}
}
