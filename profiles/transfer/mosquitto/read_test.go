package mosquitto_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/mosquitto"
)

func TestReadConf(t *testing.T) {
	golden.Check(t, "mosquitto.conf", mosquitto.ReadConf(t.Context(), golden.Sample(t, "mosquitto.conf")), "duas senhas")
}

func TestReadDefaults(t *testing.T) {
	golden.Check(t, "mosquitto_sub", mosquitto.ReadDefaults("mosquitto_sub", golden.Sample(t, "mosquitto_sub")), "pass word")
	golden.Check(t, "mosquitto_pub", mosquitto.ReadDefaults(`C:\Users\ana\mosquitto_pub.conf`, golden.Sample(t, "mosquitto_pub")))
}

// A bridge that is still running must not lose its connection to us.
func TestBridgeKeepsItsClientID(t *testing.T) {
	p := mosquitto.ReadConf(t.Context(), []byte("connection a\naddress h\nremote_clientid site7\n"))
	if got := p.Items[0].Profile; got.IDMode != app.ClientIDSuffix || got.ClientID != "site7" {
		t.Errorf("%+v", got)
	}
}

func TestBridgeKeepsItsVersionOfTLS(t *testing.T) {
	for name, want := range map[string]uint16{"tlsv1.3": tls.VersionTLS13, "tlsv1.1": tls.VersionTLS11, "sslv3": 0} {
		it := mosquitto.ReadConf(t.Context(), []byte("connection a\naddress h\nbridge_cafile /ca\nbridge_tls_version "+name+"\n")).Items[0]
		if got := it.Profile.Security.MinVersion; got != want || want == 0 && it.Unmapped[0].Field != "bridge_tls_version" {
			t.Errorf("%s: %x, %+v", name, got, it.Unmapped)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	tests := []struct{ name, text, key string }{
		{"empty", "", "moving.no_bridge"},
		{"no bridge", "listener 1883\n", "moving.no_bridge"},
		{"too many", strings.Repeat("connection a\n", 1001), "moving.too_many"},
		{"too large", strings.Repeat(" ", 3<<20), "moving.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mosquitto.ReadConf(t.Context(), []byte(tt.text))
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%v", p.Problems)
			}
		})
	}
}

func TestFindingsShowNoValue(t *testing.T) {
	p := mosquitto.ReadConf(t.Context(), []byte("connection a\naddress h\nremote_password:hunter2\nkeepalive_interval hunter2\ntopic x in hunter2\naddress hunter2:hunter2:1\n"))
	if text := fmt.Sprintf("%+v", p); strings.Contains(text, "hunter") {
		t.Error(text)
	}
}

func FuzzReadConf(f *testing.F) {
	f.Add(golden.Sample(f, "mosquitto.conf"))
	f.Fuzz(func(t *testing.T, data []byte) {
		golden.Hostile(t, mosquitto.ReadConf(t.Context(), data))
		mosquitto.IsConf(data)
	})
}

func FuzzReadDefaults(f *testing.F) {
	f.Add(golden.Sample(f, "mosquitto_sub"))
	f.Fuzz(func(t *testing.T, data []byte) {
		golden.Hostile(t, mosquitto.ReadDefaults("x", data))
		mosquitto.IsDefaults(data)
	})
}
