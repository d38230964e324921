package main

import (
	"os"
	"path/filepath"
)

// confineToolkit keeps what the toolkit writes by itself (an empty
// preferences file, a list of fonts) inside the folder of a portable home.
// The toolkit asks the system for its folders, and that asks these variables.
// macOS has no such variable: there the toolkit's two files stay in Library.
func confineToolkit(dir string) {
	own := filepath.Join(dir, "toolkit")
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "AppData", "LocalAppData"} {
		_ = os.Setenv(name, own)
	}
	_ = os.MkdirAll(own, 0o700)
}
