package tap

import (
	"reflect"
	"slices"
	"testing"

	"tidings/app"
)

func TestPropertiesAreDecodedAndCopied(t *testing.T) {
	expiry := uint32(0x01020304)
	want := app.Properties{
		PayloadIsUTF8: true, MessageExpiry: &expiry, ContentType: "text/plain", ResponseTopic: "re/ply",
		CorrelationData: []byte{0, 1, 2}, SubscriptionIDs: []uint32{1, 268_435_455},
		User: []app.UserProperty{{Name: "k", Value: "1"}, {Name: "k", Value: ""}, {Name: "", Value: "ü"}},
	}
	block := slices.Concat(
		prop(1, []byte{1}), prop(2, []byte{1, 2, 3, 4}), prop(3, str("text/plain")), prop(8, str("re/ply")),
		prop(9, []byte{0, 3, 0, 1, 2}), prop(0x0B, []byte{1}), prop(0x0B, []byte{0xff, 0xff, 0xff, 0x7f}),
		prop(0x26, str("k"), str("1")), prop(0x26, str("k"), str("")), prop(0x26, str(""), str("ü")),
	)
	body := slices.Concat(str("t"), []byte{byte(len(block))}, block, []byte("payload"))
	var m app.Message
	if err := decodePublish(&m, app.V5, 0x30, body, true, nil); err != nil {
		t.Fatal(err)
	}
	if m.Topic != "t" || string(m.Payload) != "payload" {
		t.Errorf("%q %q", m.Topic, m.Payload)
	}
	clear(body) // the read buffer is used again
	if !reflect.DeepEqual(*m.Properties, want) {
		t.Errorf("got %+v\nwant %+v", *m.Properties, want)
	}
	var none app.Message
	if err := decodePublish(&none, app.V5, 0x30, slices.Concat(str("t"), []byte{0}), true, nil); err != nil || none.Properties != nil {
		t.Errorf("without properties: %+v, %v", none.Properties, err)
	}
}

func BenchmarkDecodePublish(b *testing.B) {
	payload := make([]byte, 64)
	props := slices.Concat(prop(0x0B, []byte{1}), prop(3, str("application/json")), prop(0x26, str("unit"), str("C")))
	tests := []struct {
		name string
		v    app.Version
		body []byte
	}{
		{"3.1.1", app.V311, slices.Concat(str("site/07/device/0042/value"), payload)},
		{"5", app.V5, slices.Concat(str("site/07/device/0042/value"), []byte{0}, payload)},
		{"5 with 3 properties", app.V5, slices.Concat(str("site/07/device/0042/value"), []byte{byte(len(props))}, props, payload)},
	}
	for _, tt := range tests {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var m app.Message
				if err := decodePublish(&m, tt.v, 0x30, tt.body, true, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
