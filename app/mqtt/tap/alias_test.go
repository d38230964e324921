package tap

import (
	"slices"
	"strings"
	"testing"

	"tidings/app"
)

// aliased is a PUBLISH of MQTT 5 with a topic alias.
func aliased(qos byte, topic string, alias byte, payload string) []byte {
	id := []byte{0, 9}[:2*min(qos, 1)]
	return frame(0x30|qos<<1, str(topic), id, []byte{3}, prop(0x23, []byte{0, alias}), []byte(payload))
}

// TestAliasesBecomeNames: QoS 0 and the rest share their aliases in the order
// in which they come, and neither sink nor library sees one without its name.
func TestAliasesBecomeNames(t *testing.T) {
	o := Options{Version: app.V5, Sink: &keeper{}, TopicAliasMaximum: 2}
	out := feed(t, o, slices.Concat(connAck5,
		aliased(0, "a", 1, "1"), aliased(1, "", 1, "2"), // set by QoS 0, used by QoS 1
		aliased(1, "b/c", 1, "3"), aliased(0, "", 1, "4"), // set anew, the other way round
		aliased(2, "d", 2, "5"), aliased(2, "", 2, "6"), pingResp, aliased(0, "", 2, "7")))
	var got []string
	for _, m := range out.sink {
		got = append(got, m.Topic+"="+string(m.Payload))
	}
	if s := strings.Join(got, " "); s != "a=1 b/c=4 d=7" {
		t.Errorf("sink got %s", s)
	}
	want := slices.Concat(connAck5, aliased(1, "a", 1, "2"), aliased(1, "b/c", 1, "3"), aliased(2, "d", 2, "5"), aliased(2, "d", 2, "6"), pingResp)
	if string(out.lib) != string(want) {
		t.Errorf("the library got %x, want %x", out.lib, want)
	}
}

func TestAliasesThatAreNone(t *testing.T) {
	long := strings.Repeat("x", 65_000)
	var many []byte
	for i := range 200 {
		many = append(many, aliased(0, long, byte(i+1), "")...)
	}
	for _, tt := range []struct {
		name   string
		wire   []byte
		reason app.ReasonCode
	}{
		{"0", aliased(0, "a", 0, ""), reasonTopicAlias},
		{"above the maximum", aliased(0, "a", 201, ""), reasonTopicAlias},
		{"never set", aliased(1, "", 3, ""), app.ReasonProtocolError},
		{"neither name nor alias", pub5("", nil, ""), app.ReasonProtocolError},
		{"twice", pub5("a", slices.Concat(prop(0x23, []byte{0, 1}), prop(0x23, []byte{0, 1})), ""), app.ReasonProtocolError},
		{"cut off", pub5("a", prop(0x23, []byte{0}), ""), app.ReasonMalformed},
		{"names without end", many, reasonQuota},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := live(t, Options{Version: app.V5, Sink: &keeper{}, TopicAliasMaximum: 200}, true, connAck5, tt.wire)
			if reason, broken := violation(out.err); !broken || reason != tt.reason {
				t.Errorf("%v", out.err)
			}
		})
	}
}

// TestALinkForgetsAliases [MQTT-3.3.2-7].
func TestALinkForgetsAliases(t *testing.T) {
	o := Options{Version: app.V5, TopicAliasMaximum: 1}
	if out := feed(t, o, connAck5, aliased(0, "a", 1, "")); len(out.lib) == 0 {
		t.Error(out.err)
	}
	if out := live(t, o, true, connAck5, aliased(0, "", 1, "")); !strings.Contains(out.err.Error(), "never set") {
		t.Error(out.err)
	}
}
