package desk_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/desk"
)

// Paths come from the computer that the file was written on: the preview says
// which of them lead nowhere here.
func TestThePreviewNamesFilesThatAreNotHere(t *testing.T) {
	dir := t.TempDir()
	here, gone := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "no such folder", "client.pem")
	if err := os.WriteFile(here, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := items("all", "a pair in one file", "plain", "pasted")
	for i := range list {
		list[i].Profile.TLS = true
		list[i].Profile.Security = app.TLSOptions{CA: app.CertSource{File: here}, Certificate: app.CertSource{File: gone}, Key: app.CertSource{File: filepath.Join(here, "key.pem")}}
	}
	list[1].Profile.Security.Key.File = gone
	list[2].Profile.TLS = false
	list[3].Profile.Security = app.TLSOptions{CA: app.CertSource{PEM: "-----BEGIN"}}
	atMoving(t, list, func(h *house, m *desk.Moving, _ *fakeMover) {
		preview := read(m).Preview
		for i, want := range [][]string{{gone, filepath.Join(here, "key.pem")}, {gone}, nil, nil} {
			if got := preview.Items[i].Missing; !slices.Equal(got, want) {
				h.Errorf("%s: %q, want %q", list[i].Profile.Name, got, want)
			}
		}
	})
}
