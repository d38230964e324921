//go:build linux || netbsd || openbsd || (freebsd && cgo) || (dragonfly && cgo)

package secrets

import ss "github.com/zalando/go-keyring/secret_service"

// lacksCollection reports whether the Secret Service answers and has no
// collection in which secrets would be kept: neither "login", which the library
// looks for first, nor a default one. It is for a call that failed, because a
// collection that stayed locked fails with the same error.
func lacksCollection() bool {
	service, err := ss.NewSecretService()
	if err != nil || service.CheckCollectionPath("/org/freedesktop/secrets/collection/login") == nil {
		return false
	}
	var path string
	root := service.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	err = root.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&path)
	return err == nil && path == "/" // which stands for none
}
