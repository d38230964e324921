package clientstest

import (
	"crypto/tls"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"tidings/brokerlocal/engine/auth"
)

func TestMosquittoClientsOverTLS(t *testing.T) {
	c := makeCerts(t)
	b := start(t, options{url: "tls://127.0.0.1:0", tls: c.config(t, false)})
	for _, v := range versions {
		t.Run(v.flag, func(t *testing.T) {
			trusted := []string{"-V", v.flag, "--cafile", c.ca}
			sub := b.subscribed(t, append(trusted, "-t", "lab/#", "-q", "2")...)
			b.publishLines(t, numbered("%d", 50), append(trusted, "-t", "lab/x", "-q", "2")...)
			sub.want(numbered("lab/x 2 0 %d", 50)...)
		})
	}
	t.Run("a client that does not know the authority", func(t *testing.T) {
		fails(t, b.tool(t, "mosquitto_pub", "--cafile", c.stranger, "-t", "lab/x", "-m", "x"))
	})
}

// TestACertificateMaySayWhoTheClientIs is mutual TLS.
func TestACertificateMaySayWhoTheClientIs(t *testing.T) {
	c := makeCerts(t)
	rules, err := auth.ParseRules("acl", []byte("pattern readwrite ready\nuser device-7\ntopic readwrite lab/#\n"))
	if err != nil {
		t.Fatal(err)
	}
	guard := auth.New(auth.Config{Rules: rules, Certificates: true, Anonymous: true})
	b := start(t, options{url: "tls://127.0.0.1:0", tls: c.config(t, true), guard: guard})
	for _, v := range versions {
		t.Run(v.flag, func(t *testing.T) {
			known := []string{"-V", v.flag, "--cafile", c.ca, "--cert", c.client, "--key", c.clientKey}
			sub := b.subscribed(t, append(known, "-t", "lab/#", "-q", "1")...)
			does(t, b.tool(t, "mosquitto_pub", append(known, "-t", "lab/x", "-q", "1", "-m", "mine")...))
			sub.want("lab/x 1 0 mine")
			list := b.Clients()
			if len(list) == 0 || list[0].User != "device-7" {
				t.Errorf("clients %+v, want the user of the certificate", list)
			}
			for name, cert := range map[string][]string{
				"no certificate":        nil,
				"a foreign certificate": {"--cert", c.foreign, "--key", c.foreignKey},
			} {
				args := append([]string{"-V", v.flag, "--cafile", c.ca, "-t", "lab/x", "-q", "1", "-m", "x"}, cert...)
				t.Run(name, func(t *testing.T) { fails(t, b.tool(t, "mosquitto_pub", args...)) })
			}
		})
	}
}

func TestMosquittoClientsOverAUnixSocket(t *testing.T) {
	// The path of a Unix socket has room for some hundred bytes only.
	dir, err := os.MkdirTemp("", "unix") //nolint:usetesting // t.TempDir is too long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := url.URL{Scheme: "unix", Path: filepath.ToSlash(filepath.Join(dir, "s"))}
	eachVersion(t, options{url: socket.String()}, func(t *testing.T, b *broker, v string) {
		sub := b.subscribed(t, "-V", v, "-t", "lab/#", "-q", "2")
		b.publishLines(t, numbered("%d", 50), "-V", v, "-t", "lab/x", "-q", "2")
		sub.want(numbered("lab/x 2 0 %d", 50)...)
	})
}

// config is the broker's side.
func (c *certs) config(t *testing.T, mutual bool) *tls.Config {
	t.Helper()
	f := c.files
	if !mutual {
		f.ClientCA = ""
	}
	cfg, err := f.Config()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}
