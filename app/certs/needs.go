package certs

// NeedsPassphrase reports whether the key in s is encrypted and s has no
// passphrase. Reading a file may block.
func NeedsPassphrase(s Source) bool {
	s.Passphrase = ""
	_, err := Load(s)
	return err != nil && err.What.Key == "certs.passphrase_needed"
}
