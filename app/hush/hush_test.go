package hush_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/hush"
)

const (
	password = `p"ass wörd`
	token    = "Bearer 0123456789"
)

func options() app.ConnectOptions {
	o := app.ConnectOptions{User: "ana", Password: password, ProxyPassword: "proxy-pass", KeyPassphrase: "open sesame", ClientKey: "-----KEY-----"}
	o.Link.Proxy.User = "bob"
	o.Link.Path = "/mqtt?key=4711&v=mqtt&token=s3cret%2Bvalue"
	o.Link.Headers = []app.Header{
		{Name: "Authorization", Value: token}, {Name: "X-Key", Value: "Key  k4y", Secret: true}, {Name: "X-Open", Value: "v5, mqtt"},
		{Name: "Authorization", Value: "basic  " + base64.StdEncoding.EncodeToString([]byte("eve:open:kiwi?")), Secret: true},
	}
	return o
}

// Whatever a peer sends back, no secret of the connection is left of it.
func TestWhatAPeerSaysIsWithoutSecrets(t *testing.T) {
	secrets := hush.Of(options())
	for name, said := range map[string]string{
		"password":            password,
		"quoted password":     fmt.Sprintf("%q", password),
		"proxy password":      "proxy-pass",
		"passphrase":          "open sesame",
		"private key":         "-----KEY-----",
		"header":              token,
		"without its scheme":  "0123456789",
		"a short secret one":  "k4y",
		"query":               "GET /mqtt?key=4711&v=mqtt&token=s3cret%2Bvalue",
		"a value of it":       "s3cret%2Bvalue",
		"decoded":             "s3cret+value",
		"basic, of the proxy": base64.StdEncoding.EncodeToString([]byte("bob:proxy-pass")),
		"basic, decoded":      "eve:open:kiwi?",
		"its password":        "open:kiwi?",
		"quoted by a page":    `user "eve:open:kiwi?"`,
		"basic, of the user":  base64.StdEncoding.EncodeToString([]byte("ana:" + password)),
	} {
		t.Run(name, func(t *testing.T) {
			err := fmt.Errorf("refused: %s is wrong: %w", said, io.EOF)
			e := secrets.Error(&app.Error{
				What: app.Say("x", "Detail", said, "Reason", app.Say("y", "Detail", said)),
				Do:   app.Say("x.do", "Detail", said), Cause: err,
			})
			if got := fmt.Sprintf("%+v %+v %v", e.What, e.Do, e.Cause); strings.Contains(got, strings.TrimPrefix(said, "GET /mqtt?")) {
				t.Errorf("left: %s", got)
			}
			if !errors.Is(e.Cause, io.EOF) {
				t.Error("the cause is lost")
			}
		})
	}
}

// What holds no secret stays as it is, the error too; a connection without
// secrets hides nothing.
func TestTheRestStaysAsItIs(t *testing.T) {
	err := errors.New("connection refused by broker.example")
	for name, o := range map[string]app.ConnectOptions{"with secrets": options(), "without": {User: "ana"}} {
		secrets := hush.Of(o)
		if got := secrets.Cause(err); got != err {
			t.Errorf("%s: %v", name, got)
		}
		if got := secrets.Line("ana: a b c, mqtt"); got != "ana: a b c, mqtt" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if hush.Of(options()).Error(nil) != nil || hush.Of(options()).Cause(nil) != nil {
		t.Error("nil is an error")
	}
}

// A packet keeps its length, and so its form.
func TestASecretInAPacketBecomesStars(t *testing.T) {
	packet := "\x00\x0fno proxy-pass!!"
	if got := string(hush.Of(options()).Blank([]byte(packet))); got != "\x00\x0fno **********!!" {
		t.Errorf("%q", got)
	}
}
