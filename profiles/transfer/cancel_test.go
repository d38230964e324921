package transfer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer"
)

// ending is a context that ends when somebody has asked for it often enough.
type ending struct {
	context.Context
	left int // may be asked
}

func (c *ending) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// many joins n pieces, each made from its number.
func many(n int, piece, separator string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(piece, i)
	}
	return strings.Join(list, separator)
}

// Whoever cancels gets the processor back, whatever is being read.
func TestReadEndsWithItsContext(t *testing.T) {
	const n, asked = 500, 20
	for name, text := range map[string]string{
		"MQTTX":         "[" + many(n, `{"host":"h%d"}`, ",") + "]",
		"MQTT Explorer": `{"ConnectionManager_connections":{` + many(n, `"%d":{"host":"h"}`, ",") + "}}",
		"MQTT.fx":       "<configuration><connectionProfiles>" + many(n, "<connectionProfile><profileName>%d</profileName></connectionProfile>", "") + "</connectionProfiles></configuration>",
		"mqtt-spy":      "<MqttSpyConfiguration><Connectivity>" + many(n, "<Connection><Name>%d</Name></Connection>", "") + "</Connectivity></MqttSpyConfiguration>",
		"mosquitto":     many(n, "connection c%d\naddress h\n", ""),
		"commands":      many(n, "mosquitto_sub -h h%d -t a\n", ""),
		"Tidings":       "format = 'tidings-connections'\nversion = 1\n" + many(n, "[[profiles]]\nname = 'n%d'\nhost = 'h'\n", ""),
	} {
		t.Run(name, func(t *testing.T) {
			if p := transfer.Read(t.Context(), "", []byte(text), ""); len(p.Items) != n {
				t.Fatalf("%d of %d came: %v", len(p.Items), n, p.Problems)
			}
			ctx := &ending{t.Context(), asked}
			p := transfer.Read(ctx, "", []byte(text), "")
			if len(p.Items) > asked || ctx.left < -3 {
				t.Errorf("%d came after the end, which was looked for %d times", len(p.Items), asked-ctx.left)
			}
		})
	}
}

// One connection may be nearly all of a file: its messages are only counted,
// and what it is subscribed to is a list of its own.
func TestReadEndsInsideOneConnection(t *testing.T) {
	for field, item := range map[string]string{"messages": `{"id":%d}`, "subscriptions": `{"topic":"t/%d"}`} {
		text := []byte(`{"host":"h","` + field + `":[` + many(900, item, ",") + "]}")
		counted := func(ctx context.Context) (n int) {
			it := transfer.Read(ctx, "", text, "").Items[0]
			for _, f := range it.Unmapped {
				if f.Field == "messages" {
					n, _ = f.Why.Args["N"].(int)
				}
			}
			return n + len(it.Profile.Subscriptions)
		}
		if all, some := counted(t.Context()), counted(&ending{t.Context(), 100}); all != 900 || some > 100 {
			t.Errorf("%s: %d, and %d when the context has ended after 100", field, all, some)
		}
	}
}

// No secret is worth a second of work for somebody who has gone.
func TestNobodyDerivesAKeyAfterTheEnd(t *testing.T) {
	const text = "format = 'tidings-connections'\nversion = 1\n[[profiles]]\nhost = 'h'\n[sealed]\nversion = 1\n"
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := transfer.Read(ctx, "", []byte(text), app.Secret("frase"))
	if p.Format != moving.FormatTidings || len(p.Problems) > 0 {
		t.Errorf("the sealed part was opened: %v", p.Problems)
	}
}
