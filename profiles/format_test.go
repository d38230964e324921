package profiles

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/certs"
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
			Folder:      texts.Draw(t, "folder"), Position: rapid.Int().Draw(t, "position"), Color: texts.Draw(t, "color"),
			Notes: texts.Draw(t, "notes"), AutoConnect: rapid.Bool().Draw(t, "auto"),
			IDMode: rapid.SampledFrom([]app.ClientIDMode{app.ClientIDFixed, app.ClientIDRandom, app.ClientIDSuffix}).Draw(t, "id mode"),
			Link:   drawLink(t), Security: drawSecurity(t), Session: drawSession(t),
		}
		for range rapid.IntRange(0, 2).Draw(t, "templates") {
			p.Templates = append(p.Templates, app.Template{Name: texts.Draw(t, "template"), Format: rapid.SampledFrom([]string{"", "text", "json", "hex"}).Draw(t, "format"), Message: app.Publish{
				Topic: texts.Draw(t, "topic"), QoS: qos.Draw(t, "qos"), Retain: rapid.Bool().Draw(t, "retain"), Properties: drawProperties(t),
				Payload: append([]byte{}, rapid.SliceOf(rapid.Byte()).Draw(t, "body")...),
			}})
		}
		if rapid.Bool().Draw(t, "has will") {
			p.Will = &app.Will{
				Topic: texts.Draw(t, "will topic"), QoS: qos.Draw(t, "will qos"), Retain: rapid.Bool().Draw(t, "will retain"),
				Delay: rapid.Uint32().Draw(t, "delay"), Properties: drawProperties(t),
				Payload: rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Map(texts, func(s string) []byte { return []byte(s) })).Draw(t, "payload"),
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "subscriptions") {
			p.Subscriptions = append(p.Subscriptions, app.Subscription{
				Filter: texts.Draw(t, "filter"), QoS: qos.Draw(t, "qos"), NoLocal: rapid.Bool().Draw(t, "no local"),
				RetainAsPublished: rapid.Bool().Draw(t, "rap"), RetainHandling: rapid.ByteRange(0, 2).Draw(t, "rh"),
			})
		}
		for _, s := range p.Subscriptions {
			if rapid.Bool().Draw(t, "own colour") {
				if p.FilterColors == nil {
					p.FilterColors = map[string]int{}
				}
				p.FilterColors[s.Filter] = rapid.IntRange(0, 50).Draw(t, "colour")
			}
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

func drawLink(t *rapid.T) app.LinkOptions {
	text := rapid.String()
	o := app.LinkOptions{
		Transport: app.Transport(rapid.ByteRange(0, 2).Draw(t, "transport")), Path: text.Draw(t, "path"),
		Family:  app.Family(rapid.ByteRange(0, 2).Draw(t, "family")),
		Timeout: time.Duration(rapid.IntRange(0, maxTimeoutMS).Draw(t, "timeout")) * time.Millisecond,
		Proxy:   app.Proxy{Kind: app.ProxyKind(rapid.ByteRange(0, 3).Draw(t, "proxy")), Host: text.Draw(t, "proxy host"), Port: rapid.Int().Draw(t, "proxy port"), User: text.Draw(t, "proxy user")},
	}
	for range rapid.IntRange(0, 2).Draw(t, "headers") {
		h := app.Header{Name: text.Draw(t, "header"), Value: text.Draw(t, "value"), Secret: rapid.Bool().Draw(t, "secret")}
		if h.Secret {
			h.Value = ""
		}
		o.Headers = append(o.Headers, h)
	}
	o.SecretQuery = rapid.Bool().Draw(t, "query")
	o, _ = app.TakeQuery(o)
	return o
}

func drawSecurity(t *rapid.T) app.TLSOptions {
	text, yes := rapid.String(), rapid.Bool()
	return app.TLSOptions{
		CA: app.CertSource{File: text.Draw(t, "ca file"), PEM: text.Draw(t, "ca")}, WithoutSystem: yes.Draw(t, "without"),
		Certificate: app.CertSource{File: text.Draw(t, "cert file"), PEM: text.Draw(t, "cert")}, Key: app.CertSource{File: text.Draw(t, "key file")},
		ServerName: text.Draw(t, "sni"), ALPN: some(rapid.SliceOfN(text, 0, 2).Draw(t, "alpn")), MinVersion: rapid.Uint16().Draw(t, "min"),
		Pinned: text.Draw(t, "pin"), SkipVerify: yes.Draw(t, "skip"),
	}
}

func drawSession(t *rapid.T) app.SessionOptions {
	return app.SessionOptions{
		ReceiveMaximum: rapid.Uint16().Draw(t, "rm"), MaximumPacket: rapid.Uint32().Draw(t, "mp"), TopicAliasMaximum: rapid.Uint16().Draw(t, "ta"),
		RequestResponseInfo: rapid.Bool().Draw(t, "ri"), WithoutProblemInfo: rapid.Bool().Draw(t, "pi"), User: drawUser(t),
		AuthenticationMethod: rapid.String().Draw(t, "method"),
	}
}

func drawUser(t *rapid.T) (list []app.UserProperty) {
	for range rapid.IntRange(0, 2).Draw(t, "user properties") {
		list = append(list, app.UserProperty{Name: rapid.String().Draw(t, "name"), Value: rapid.String().Draw(t, "value")})
	}
	return list
}

func drawProperties(t *rapid.T) *app.Properties {
	if rapid.Bool().Draw(t, "no properties") {
		return nil
	}
	p := &app.Properties{
		PayloadIsUTF8: rapid.Bool().Draw(t, "utf8"), ContentType: rapid.String().Draw(t, "type"), ResponseTopic: rapid.String().Draw(t, "response"),
		CorrelationData: some(rapid.SliceOf(rapid.Byte()).Draw(t, "correlation")), User: drawUser(t),
	}
	if rapid.Bool().Draw(t, "expires") {
		p.MessageExpiry = new(rapid.Uint32().Draw(t, "expiry"))
	}
	if reflect.DeepEqual(*p, app.Properties{}) {
		return nil
	}
	return p
}

// What a newer version keeps inside the tables survives a save by this one, and
// what was taken away does not come back.
func TestTablesKeepWhatTheyDoNotKnow(t *testing.T) {
	const file = "name = 'x'\n[link]\ntransport = 'ws'\npath = '/a'\nquic = true\n[link.proxy]\nkind = 'http'\nhost = 'p'\nchain = ['q']\n" +
		"[security]\npinned = 'aa'\npost_quantum = 1\n[session]\nnew = 2\n[will]\ntopic = 'w'\n[will.properties]\nmessage_expiry = 0\ncontent_type = 't'\nmood = 'calm'\n" +
		"[[templates]]\nname = 'a'\ntopic = 'b'\nkey = 'F5'\n"
	p, all, err := decode("p", []byte(file))
	if err != nil || p.Link.Path != "/a" || p.Link.Proxy.Host != "p" || *p.Will.Properties.MessageExpiry != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	p.Link, p.Security = app.LinkOptions{}, app.TLSOptions{}
	p.Will.Properties.MessageExpiry = nil
	data, err := encode(p, all)
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range []string{"quic", "chain", "post_quantum", "new", "mood", "content_type", "F5"} {
		if !bytes.Contains(data, []byte(kept)) {
			t.Errorf("%s is lost", kept)
		}
	}
	for _, gone := range []string{"/a", "kind", "pinned", "message_expiry"} {
		if bytes.Contains(data, []byte(gone)) {
			t.Errorf("%s came back in\n%s", gone, data)
		}
	}
}

// A template that was renamed or moved keeps its keys of a newer version; one
// that took its name does not get them.
func TestTemplatesKeepWhatTheyDoNotKnow(t *testing.T) {
	const file = "name = 'x'\n[[templates]]\nname = 'on'\ntopic = 'lamp'\npayload = '1'\nkey = 'F5'\n" +
		"[[templates]]\nname = 'raw'\ntopic = 'lamp'\npayload_base64 = '/w=='\nkey = 'F6'\n"
	p, all, err := decode("p", []byte(file))
	if err != nil || len(p.Templates) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	p.Templates[0].Name, p.Templates[1].Name = "switch on", "bytes"
	p.Templates[0], p.Templates[1] = p.Templates[1], p.Templates[0]
	p.Templates = append(p.Templates, app.Template{Name: "new", Message: app.Publish{Topic: "lamp"}})
	data, err := encode(p, all)
	if err != nil {
		t.Fatal(err)
	}
	_, all, err = decode("p", data)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"F6", "F5", nil}
	list, _ := all["templates"].([]any)
	for i, item := range list {
		if m, _ := item.(map[string]any); m["key"] != want[i] {
			t.Errorf("template %d: key = %v, want %v in\n%s", i, m["key"], want[i], data)
		}
	}
	if len(list) != len(want) {
		t.Errorf("%d templates, want %d", len(list), len(want))
	}
}

// What a person wrote into a file by hand is read, and never written again.
func TestNoPrivateKeyInAFile(t *testing.T) {
	const key = "-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n"
	for name, put := range map[string]func(*app.TLSOptions){
		"as the key":             func(o *app.TLSOptions) { o.Key.PEM = key },
		"behind the certificate": func(o *app.TLSOptions) { o.Certificate.PEM += key },
		"before the authorities": func(o *app.TLSOptions) { o.CA.PEM = key + o.CA.PEM },
	} {
		p := full()
		put(&p.Security)
		if data, err := encode(p, nil); err == nil {
			t.Errorf("%s: a private key stands in\n%s", name, data)
		}
	}
	if _, _, err := decode("p", []byte("host = 'h'\n[security]\ncertificate = '''"+key+"'''\n")); err != nil {
		t.Errorf("the file is taken for a broken one: %v", err)
	}
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
		p.Link, _ = app.TakeQuery(p.Link) // has no place in a file, and is kept elsewhere
		p.Security.Certificate.PEM, _ = certs.Split(p.Security.Certificate.PEM)
		p.Security.CA.PEM, _ = certs.Split(p.Security.CA.PEM)
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
