//go:build e2e && linux

package e2e

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tidings/app"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
	"tidings/profiles"
)

// One connection needs a secret of every kind that can be typed: it goes
// through a proxy with a password to a web server that wants a certificate,
// whose key has a passphrase, a header and a query with tokens. A person types
// them once, keeps them in a vault and exports them under another passphrase.
// They are used again after the next start, and stand nowhere.
func TestEverySecretLeavesNoTrace(t *testing.T) {
	h := hide(map[string]string{
		"password": "lemon&pie/1+", "key's passphrase": "kiwi pie=2&", "proxy's password": "melon/3+&", "token of the header": "bearer/4+", "token of the address": "t0ken-5-",
		"vault's passphrase": "harbour%fog=9 kettle ", "export's passphrase": "four words/make+one ",
	})
	home, folder := t.TempDir(), t.TempDir()
	root := filepath.Dir(home)
	web, heads := frontend(t, folder, h["key's passphrase"])
	proxy := sessiontest.StartProxy(t, app.ProxySOCKS5, "bob", h["proxy's password"])
	web.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: proxy.Host, Port: proxy.Port, User: "bob"}
	files, err := profiles.Open(filepath.Join(home, "profiles"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := files.Save(web); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"secrets.of.password": h["password"], "secrets.of.key_passphrase": h["key's passphrase"], "secrets.of.proxy_password": h["proxy's password"],
		"secrets.of.headers": "Bearer " + h["token of the header"], "secrets.of.query": "access_token=" + h["token of the address"],
	}

	p := start(t, home)
	p.connect(web.Name)
	p.answer(web.Name, answers, h["vault's passphrase"], vaultOf(home))
	p.export(filepath.Join(folder, "sealed.toml"), h["export's passphrase"])
	h.nowhere(p, root)
	p.end()

	p = start(t, home)
	p.connect(web.Name)
	p.answer(web.Name, nil, h["vault's passphrase"], vaultOf(home))
	h.nowhere(p, root)
	p.end()
	h.inFiles(t, root)
	h.inText(t, "the program's output", p.output.Bytes())
	for _, head := range heads() {
		if !strings.HasSuffix(head, "access_token="+h["token of the address"]+" Bearer "+h["token of the header"]) {
			t.Error("a request lacks a token")
		}
	}
	if n := len(heads()); n != 2 || !slices.Equal(proxy.Served(), slices.Repeat([]string{net.JoinHostPort(web.Host, strconv.Itoa(web.Port))}, 2)) {
		t.Errorf("%d requests, through the proxy to %v", n, proxy.Served())
	}
}

// answer gives what the program asks for, to be remembered, until a connection
// stands and nothing more is asked.
func (p *program) answer(name string, answers map[string]string, passphrase string, vault func() bool) {
	p.t.Helper()
	for {
		s := p.wait("a question or a connection", func(s State) bool {
			return s.shows("passphrase.entry") || s.Question != "" && s.shows("question.password") || connected(name)(s) && vault()
		})
		switch {
		case s.shows("passphrase.entry"):
			p.insist("the vault open", func() {
				p.fill("passphrase.entry", passphrase)
				if s.shows("passphrase.again") {
					p.fill("passphrase.again", passphrase)
				}
				p.key("Return")
			}, func() bool { s, err := p.now(); return err == nil && !s.shows("passphrase.entry") })
		case s.Question == "":
			return
		default:
			answer, known := answers[s.Question]
			if !known {
				p.t.Fatalf("asked for %s", s.Question)
			}
			p.fill("question.password", answer)
			p.key("Tab")
			p.key("space") // remember it
			p.click("question.ok")
			p.wait("another question than for "+s.Question, func(now State) bool { return now.Question != s.Question })
		}
	}
}

// frontend is a web server before a broker, and a connection to it. It wants a
// client certificate and notes the requests: "URI Authorization".
func frontend(t *testing.T, folder, passphrase string) (web app.Profile, heads func() []string) {
	t.Helper()
	authority := sessiontest.NewAuthority(t)
	broker := brokertest.RunOver(t, "ws://127.0.0.1:0/mqtt", nil)
	secure := authority.Issue("127.0.0.1", nil).Server(authority)
	var mu sync.Mutex
	var noted []string
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		client := tls.Server(c, secure)
		r := bufio.NewReader(client)
		asked, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		mu.Lock()
		noted = append(noted, asked.RequestURI+" "+asked.Header.Get("Authorization"))
		mu.Unlock()
		b, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(broker.Port)))
		if err != nil || asked.Write(b) != nil {
			return
		}
		go func() { _, _ = io.Copy(b, r); _ = b.Close() }() // ends with c
		_, _ = io.Copy(client, b)
	})
	own := authority.Issue("client", nil)
	web = app.DefaultProfile()
	web.ID, web.Name, web.Host, web.Port, web.TLS, web.User, web.AskPassword = app.NewID(), "Everything", host, port, true, "ana", true
	web.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt", SecretQuery: true, Headers: []app.Header{{Name: "Authorization", Secret: true}}}
	web.Security = authority.Trust(&own)
	web.Security.Key.File = locked(t, own, filepath.Join(folder, "locked.key"), passphrase)
	return web, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(noted)
	}
}

// locked writes the key of an identity under a passphrase, as OpenSSL once did
// (RFC 1421 §4.6.1.1), and returns the path.
func locked(t *testing.T, own sessiontest.Identity, path, passphrase string) string {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(own.Certificate, own.Key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(pair.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	block, err := x509.EncryptPEMBlock(rand.Reader, "EC PRIVATE KEY", der, []byte(passphrase), x509.PEMCipherAES256) //nolint:staticcheck // the one form of an encrypted key that the library writes
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
