package tlsform

import (
	"net/url"
	"strings"
)

// filePath returns the path in what follows "file://" of a URL.
func filePath(rest string) string {
	u, err := url.Parse("file://" + rest)
	if err != nil {
		return rest
	}
	path := u.Path
	if len(path) > 2 && path[0] == '/' && path[2] == ':' { // "/C:/keys/…"
		path = strings.TrimPrefix(path, "/")
	}
	return path
}
