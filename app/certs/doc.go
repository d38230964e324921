// Package certs reads certificates and private keys as people have them: PEM
// of every kind, DER, PKCS#12, encrypted or not, from a file or pasted. It
// checks that key and certificate belong together and says what a certificate
// is about. Its errors are *app.Error: each names the source and the way out.
package certs
