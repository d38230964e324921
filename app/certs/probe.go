package certs

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // G505: of the oldest form of PKCS#12, which every reader knows
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"strings"
	"unicode/utf16"

	"software.sslmate.com/src/go-pkcs12"
)

// A part of PKCS#12 that is encrypted may hold a key that is encrypted once
// more, and what that costs to open stands where costly cannot see it. No
// program writes such files.

// maxPKCS12 bounds a file of PKCS#12, in bytes: the library checks the key in
// it too (see maxKey).
const maxPKCS12 = 64 << 10

var errHiddenKey = errors.New("its private key is inside another encrypted part")

var (
	oidData      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncrypted = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
	oidKeyBag    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	oidSHA1      = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
)

// pfx is a file of PKCS#12 (RFC 7292 §4).
type pfx struct {
	Version int
	Safe    typed
	MAC     pfxMAC `asn1:"optional"`
}

// typed is something of a type: a part, or a bag in a part.
type typed struct {
	Type asn1.ObjectIdentifier
	Of   asn1.RawValue `asn1:"optional"`
}

type pfxMAC struct {
	Digest struct {
		Algorithm pkix.AlgorithmIdentifier
		Value     []byte
	}
	Salt   []byte
	Rounds int `asn1:"optional,default:1"`
}

// pfxParts returns the parts of a file; false when it is none of PKCS#12.
func pfxParts(der []byte) (parts []typed, ok bool) {
	var f pfx
	var safe []byte
	_, err := asn1.Unmarshal(der, &f)
	if err == nil {
		_, err = asn1.Unmarshal(f.Safe.Of.Bytes, &safe)
	}
	if err == nil {
		_, err = asn1.Unmarshal(safe, &parts)
	}
	return parts, err == nil
}

// hidesKey reports whether an encrypted part holds a key. Each is put into a
// file behind a key in clear: the library refuses a second key unopened.
func hidesKey(parts []typed, passphrase string) bool {
	for _, p := range parts {
		if !p.Type.Equal(oidEncrypted) {
			continue
		}
		for _, password := range passwords(passphrase) {
			file, err := behindKey(p, password)
			if err != nil {
				return true // which no reader has to understand
			}
			if _, _, _, err = pkcs12.DecodeChain(file, passphrase); err != nil && strings.Contains(err.Error(), "exactly one key bag") {
				return true
			}
		}
	}
	return false
}

// passwords returns the forms that a passphrase has (RFC 7292 §B.1); for an
// empty one programs do not agree.
func passwords(passphrase string) [][]byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(passphrase)) {
		b = append(b, byte(u>>8), byte(u))
	}
	if len(b) == 0 {
		return [][]byte{{0, 0}, nil}
	}
	return [][]byte{append(b, 0, 0)}
}

// behindKey returns a file of a key that opens nothing, and p.
func behindKey(p typed, password []byte) ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		return nil, err
	}
	bags, err := asn1.Marshal([]typed{{oidKeyBag, inside(key)}})
	if err != nil {
		return nil, err
	}
	first, err := data(bags)
	if err != nil {
		return nil, err
	}
	safe, err := asn1.Marshal([]typed{first, p})
	if err != nil {
		return nil, err
	}
	f := pfx{Version: 3}
	if f.Safe, err = data(safe); err != nil {
		return nil, err
	}
	f.MAC.Digest.Algorithm.Algorithm = oidSHA1
	f.MAC.Digest.Value = macOf(safe, password)
	f.MAC.Rounds = 1
	return asn1.Marshal(f)
}

// data returns content that is not encrypted (RFC 5652 §4).
func data(b []byte) (typed, error) {
	octets, err := asn1.Marshal(b)
	return typed{oidData, inside(octets)}, err
}

// inside returns DER under an explicit tag 0.
func inside(der []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: der}
}

// macOf is the MAC of one round without a salt (RFC 7292 §B.2, ID 3).
func macOf(safe, password []byte) []byte {
	const block = 64 // of SHA-1
	in := make([]byte, 0, 2*block)
	for range block {
		in = append(in, 3)
	}
	for i := 0; len(password) > 0 && (i < len(password) || i%block != 0); i++ {
		in = append(in, password[i%len(password)])
	}
	key := sha1.Sum(in) //nolint:gosec // G401: as above
	m := hmac.New(sha1.New, key[:])
	m.Write(safe)
	return m.Sum(nil)
}
