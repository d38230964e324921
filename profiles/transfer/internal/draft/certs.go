package draft

import (
	"crypto/tls"
	"encoding/pem"
	"path"
	"strings"

	"tidings/app"
	"tidings/app/moving"
)

// CertFile returns a path as the source of a certificate or key.
func (d *Draft) CertFile(field, file string) app.CertSource {
	file = strings.TrimSpace(file)
	if file == "" {
		return app.CertSource{}
	}
	if _, same := clean(file, 4096); !same {
		d.LeftOut(field)
		return app.CertSource{}
	}
	if ext := strings.ToLower(path.Ext(file)); ext == ".jks" || ext == ".bks" || ext == ".keystore" {
		d.Note(field, "moving.why.keystore")
		return app.CertSource{}
	}
	return app.CertSource{File: file}
}

// Certificates returns the certificates in data, PEM or DER, as content. A
// private key among them becomes a secret.
func (d *Draft) Certificates(field string, data []byte) app.CertSource {
	blocks, ok := d.blocks(field, data)
	if !ok {
		return app.CertSource{}
	}
	if len(blocks) == 0 && len(data) > 0 && data[0] == 0x30 { // a DER sequence
		blocks = []*pem.Block{{Type: "CERTIFICATE", Bytes: data}}
	}
	var certs, keys strings.Builder
	for _, b := range blocks {
		if strings.HasSuffix(b.Type, "CERTIFICATE") {
			certs.Write(pem.EncodeToMemory(&pem.Block{Type: b.Type, Bytes: b.Bytes}))
		}
		if strings.HasSuffix(b.Type, "PRIVATE KEY") {
			keys.Write(pem.EncodeToMemory(b))
		}
	}
	d.Secret(field, app.SecretKey, keys.String())
	if certs.Len() == 0 {
		d.Note(field, "moving.why.no_certificate")
	}
	return app.CertSource{PEM: certs.String()}
}

// PrivateKey keeps the private key in data as a secret: its PEM blocks and
// nothing around them, or DER as it is.
func (d *Draft) PrivateKey(field string, data []byte) {
	blocks, ok := d.blocks(field, data)
	if !ok {
		return
	}
	if len(blocks) == 0 && len(data) > 0 && data[0] == 0x30 {
		d.Secret(field, app.SecretKey, string(data))
		return
	}
	var keys strings.Builder
	for _, b := range blocks {
		if strings.HasSuffix(b.Type, "PRIVATE KEY") {
			keys.Write(pem.EncodeToMemory(b))
		}
	}
	if keys.Len() == 0 {
		d.Note(field, "moving.why.no_key")
	}
	d.Secret(field, app.SecretKey, keys.String())
}

func (d *Draft) blocks(field string, data []byte) (all []*pem.Block, ok bool) {
	if len(data) > maxPEM {
		d.LeftOut(field)
		return nil, false
	}
	for len(all) < MaxList {
		b, rest := pem.Decode(data)
		if b == nil {
			return all, true
		}
		all, data = append(all, b), rest
	}
	return all, true
}

// MinTLS sets the lowest version of TLS, by mosquitto's name of it.
func (d *Draft) MinTLS(field, name string) {
	switch strings.ToLower(name) {
	case "tlsv1", "tlsv1.0":
		d.Profile.Security.MinVersion = tls.VersionTLS10
	case "tlsv1.1":
		d.Profile.Security.MinVersion = tls.VersionTLS11
	case "tlsv1.2":
		d.Profile.Security.MinVersion = tls.VersionTLS12
	case "tlsv1.3":
		d.Profile.Security.MinVersion = tls.VersionTLS13
	default:
		d.Bad(field)
	}
}

// Unverified says that the source does not check the broker's certificate,
// and asks whether it shall stay so. Until a person says so, it is checked:
// what was accepted elsewhere is no reason to let others listen here.
func (d *Draft) Unverified() {
	yes, no := true, false
	d.Profile.Security.SkipVerify = no
	q := moving.Question{Ask: app.Say("moving.ask.verify"), Answers: []moving.Answer{
		{Text: app.Say("moving.ask.verify.check"), SkipVerify: &no},
		{Text: app.Say("moving.ask.verify.skip"), SkipVerify: &yes},
	}}
	d.Questions = append(d.Questions, q)
}

// AskAddress asks which of several addresses is meant; the first is chosen.
func (d *Draft) AskAddress(all []moving.Address) {
	if len(all) < 2 {
		return
	}
	q := moving.Question{Ask: app.Say("moving.ask.address")}
	for i := range all {
		o := app.ConnectOptions{Host: all[i].Host, Port: all[i].Port}
		q.Answers = append(q.Answers, moving.Answer{Text: app.Say("moving.ask.address.is", "Address", o.Address()), Address: &all[i]})
	}
	d.Questions = append(d.Questions, q)
}
