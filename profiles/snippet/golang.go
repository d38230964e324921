package snippet

import (
	"crypto/tls"
	"go/format"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidings/app"
)

// goProgram is a program while its lines and imports are collected.
type goProgram struct {
	writer
	imports []string
}

func (g *goProgram) use(paths ...string) {
	for _, p := range paths {
		if !slices.Contains(g.imports, p) {
			g.imports = append(g.imports, p)
		}
	}
}

// golang writes a program over Eclipse Paho: paho.mqtt.golang speaks MQTT 3,
// paho.golang MQTT 5.
func golang(in Input) (string, error) {
	g := &goProgram{}
	library := `mqtt "github.com/eclipse/paho.mqtt.golang"`
	if in.Profile.Version == app.V5 {
		if in.Profile.Link.Transport == app.TransportUnix {
			return "", impossible("snippet.no_unix")
		}
		library = "\"github.com/eclipse/paho.golang/autopaho\"\n\"github.com/eclipse/paho.golang/paho\""
		g.five(in)
	} else {
		g.three(in)
	}
	if in.Profile.TLS {
		g.tls(in.Profile.Security)
	}
	head := &writer{}
	head.line("// %s", comment(in.Profile.Name))
	head.line("//\n// As main.go in a folder of its own:\n//\n//\tgo mod init copy\n//\tgo mod tidy\n//\tgo run .")
	head.line("package main\n\nimport (")
	slices.Sort(g.imports)
	for _, path := range g.imports {
		head.line("%q", path)
	}
	head.line("\n%s\n)\n", library)
	text, err := format.Source([]byte(head.String() + g.String()))
	if err != nil { // nothing that does not parse leaves this package
		return "", &app.Error{What: app.Say("error.unexpected"), Do: app.Say("error.unexpected.do"), Cause: err}
	}
	return string(text), nil
}

// password returns the expression for the password, "" for none.
func (g *goProgram) password(in Input) string {
	switch {
	case in.Password != "":
		g.line("// The password in plain text: do not share this.")
		return strconv.Quote(in.Password.Reveal())
	case in.HasPassword:
		g.use("os")
		return `os.Getenv("` + variable + `")`
	}
	return ""
}

func goURL(p app.Profile) string {
	if p.Link.Transport == app.TransportUnix {
		return (&url.URL{Scheme: "unix", Path: p.Link.Path}).String()
	}
	return p.FullURL()
}

func (g *goProgram) three(in Input) {
	p := in.Profile
	g.use("fmt", "log", "time")
	g.line("func main() {\noptions := mqtt.NewClientOptions()")
	g.line("options.AddBroker(%q)", goURL(p))
	g.line("options.SetClientID(%q)", ownID(Go, p))
	g.line("options.SetProtocolVersion(%d)", p.Version)
	g.line("options.SetCleanSession(%t)", !keepsSession(Go, p))
	g.line("options.SetKeepAlive(%d * time.Second)", seconds(p.KeepAlive))
	if p.User != "" {
		g.line("options.SetUsername(%q)", p.User)
	}
	if password := g.password(in); password != "" {
		g.line("options.SetPassword(%s)", password)
	}
	if p.TLS {
		g.line("options.SetTLSConfig(tlsConfig())")
	}
	if w := p.Will; w != nil {
		g.line("options.SetBinaryWill(%q, []byte(%q), %d, %t)", w.Topic, w.Payload, w.QoS, w.Retain)
	}
	g.line("options.SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) {")
	g.line("fmt.Printf(\"%%s %%q qos %%d retained %%t\\n\", m.Topic(), m.Payload(), m.Qos(), m.Retained())\n})")
	g.line("options.SetOnConnectHandler(func(client mqtt.Client) { // after a reconnect too: the broker may have forgotten them")
	for _, s := range filters(p) {
		g.line("report(client.Subscribe(%q, %d, nil))", s.Filter, s.QoS)
	}
	g.line("})\nclient := mqtt.NewClient(options)\ncheck(client.Connect())")
	if m := in.Template; m.Topic != "" {
		g.line("check(client.Publish(%q, %d, %t, []byte(%q)))", m.Topic, m.QoS, m.Retain, m.Payload)
	}
	g.line("select {} // until it is interrupted\n}\n")
	g.line("func check(t mqtt.Token) {\nif t.Wait(); t.Error() != nil {\nlog.Fatal(t.Error())\n}\n}\n")
	g.line("func report(t mqtt.Token) {\nif t.Wait(); t.Error() != nil {\nlog.Print(t.Error())\n}\n}\n")
}

func (g *goProgram) five(in Input) {
	p := in.Profile
	g.use("context", "fmt", "log", "net/url")
	g.line("func main() {\nctx := context.Background()")
	g.line("broker, err := url.Parse(%q)\nif err != nil {\nlog.Fatal(err)\n}", goURL(p))
	g.line("config := autopaho.ClientConfig{\nServerUrls: []*url.URL{broker},")
	g.line("KeepAlive: %d,\nCleanStartOnInitialConnection: %t,\nSessionExpiryInterval: %d,", seconds(p.KeepAlive), !keepsSession(Go, p), expiry(Go, p))
	if p.User != "" {
		g.line("ConnectUsername: %q,", p.User)
	}
	if password := g.password(in); password != "" {
		g.line("ConnectPassword: []byte(%s),", password)
	}
	if p.TLS {
		g.line("TlsCfg: tlsConfig(),")
	}
	if w := p.Will; w != nil {
		g.line("WillMessage: &paho.WillMessage{Topic: %q, Payload: []byte(%q), QoS: %d, Retain: %t},", w.Topic, w.Payload, w.QoS, w.Retain)
	}
	g.line("OnConnectError: func(err error) { log.Print(err) },")
	g.line("OnConnectionUp: func(c *autopaho.ConnectionManager, _ *paho.Connack) {")
	g.line("_, err := c.Subscribe(ctx, &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{")
	for _, s := range filters(p) {
		g.line("{Topic: %q, QoS: %d, NoLocal: %t, RetainAsPublished: %t, RetainHandling: %d},", s.Filter, s.QoS, s.NoLocal, s.RetainAsPublished, s.RetainHandling)
	}
	g.line("}})\nif err != nil {\nlog.Print(err)\n}\n},")
	g.line("ClientConfig: paho.ClientConfig{\nClientID: %q,", ownID(Go, p))
	g.line("OnPublishReceived: []func(paho.PublishReceived) (bool, error){func(r paho.PublishReceived) (bool, error) {")
	g.line("m := r.Packet\nfmt.Printf(\"%%s %%q qos %%d retained %%t\\n\", m.Topic, m.Payload, m.QoS, m.Retain)\nreturn true, nil\n}},\n},\n}")
	g.line("client, err := autopaho.NewConnection(ctx, config)\nif err != nil {\nlog.Fatal(err)\n}")
	g.line("if err := client.AwaitConnection(ctx); err != nil {\nlog.Fatal(err)\n}")
	if m := in.Template; m.Topic != "" {
		g.line("if _, err := client.Publish(ctx, &paho.Publish{Topic: %q, Payload: []byte(%q), QoS: %d, Retain: %t}); err != nil {", m.Topic, m.Payload, m.QoS, m.Retain)
		g.line("log.Fatal(err)\n}")
	}
	g.line("<-client.Done() // until it is interrupted\n}\n")
}

// tls writes the function that makes the TLS configuration.
func (g *goProgram) tls(s app.TLSOptions) {
	g.use("crypto/tls")
	g.line("func tlsConfig() *tls.Config {\nconfig := &tls.Config{MinVersion: %s}", minVersion(s.MinVersion))
	if s.ServerName != "" {
		g.line("config.ServerName = %q", s.ServerName)
	}
	if len(s.ALPN) > 0 {
		names := make([]string, len(s.ALPN))
		for i, name := range s.ALPN {
			names[i] = strconv.Quote(name)
		}
		g.line("config.NextProtos = []string{%s}", strings.Join(names, ", "))
	}
	if s.SkipVerify {
		g.line("// Accepts every certificate: whoever is on the network can listen.\nconfig.InsecureSkipVerify = true")
	}
	if !s.CA.IsZero() {
		g.use("crypto/x509", "log")
		if s.CA.File != "" {
			g.use("os")
			g.line("authorities, err := os.ReadFile(%q)\nif err != nil {\nlog.Fatal(err)\n}", s.CA.File)
		} else {
			g.line("authorities := []byte(%q)", s.CA.PEM)
		}
		g.line("config.RootCAs = x509.NewCertPool()\nif !config.RootCAs.AppendCertsFromPEM(authorities) {\nlog.Fatal(\"no certificate of an authority\")\n}")
	}
	if s.Certificate.File != "" && s.Key.File != "" {
		g.use("log")
		g.line("pair, err := tls.LoadX509KeyPair(%q, %q)\nif err != nil {\nlog.Fatal(err)\n}", s.Certificate.File, s.Key.File)
		g.line("config.Certificates = []tls.Certificate{pair}")
	}
	g.line("return config\n}")
}

func minVersion(v uint16) string {
	switch v {
	case tls.VersionTLS10:
		return "tls.VersionTLS10"
	case tls.VersionTLS11:
		return "tls.VersionTLS11"
	case tls.VersionTLS13:
		return "tls.VersionTLS13"
	}
	return "tls.VersionTLS12"
}
