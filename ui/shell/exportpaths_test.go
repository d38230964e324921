package shell_test

import (
	"testing"

	"tidings/app"
)

// Files of certificates and keys are named in an export, and not in it.
func TestExportSaysThatFilesStayHere(t *testing.T) {
	d := twoOpen(t)
	d.conns[0].Profile.TLS, d.conns[0].Profile.Security.CA = true, app.CertSource{File: "/etc/ca.pem"}
	w := open(t, d)
	w.menuItem(t, "menu.export").Action()
	if !w.shows("export.paths") {
		t.Error("nothing says that a file stays here")
	}
	w.tap(t, "export.all") // ticks none
	if w.shows("export.paths") {
		t.Error("a file is said to stay here though no connection is chosen")
	}
}
