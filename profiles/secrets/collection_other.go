//go:build !(linux || netbsd || openbsd || (freebsd && cgo) || (dragonfly && cgo))

package secrets

// lacksCollection reports false: there is one keyring here.
func lacksCollection() bool { return false }
