package profiles

import (
	"errors"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"tidings/app"
	"tidings/app/certs"
)

// withoutSecrets refuses what is secret in p, but for what stands in the file
// that p replaces, whose keys are old: somebody wrote it there by hand, or an
// older program did, and until it is kept elsewhere that is its only place.
func withoutSecrets(p app.Profile, old map[string]any) error {
	_, keys := certs.TakeKeys(p.Security)
	_, values := app.TakeHeaders(p.Link.Headers)
	_, query := app.TakeQuery(p.Link)
	if keys+values+query == "" {
		return nil
	}
	var was struct {
		Link     fileLink     `toml:"link"`
		Security fileSecurity `toml:"security"`
	}
	text, err := toml.Marshal(map[string]any{"link": old["link"], "security": old["security"]})
	if err == nil {
		err = toml.Unmarshal(text, &was)
	}
	if err != nil {
		return errors.New("what the file holds in clear cannot be compared")
	}
	_, keysThere := certs.TakeKeys(was.Security.security())
	_, queryThere := app.TakeQuery(app.LinkOptions{Path: was.Link.Path})
	switch {
	case keys != "" && keys != keysThere:
		return errors.New("a private key has no place in a profile's file")
	case query != "" && query != queryThere:
		return errors.New("the query of an address has no place in a profile's file")
	}
	for _, h := range p.Link.Headers {
		if h.Secret && h.Value != "" && !slices.Contains(was.Link.Headers, fileHeader(h)) {
			return errors.New("the value of a secret header has no place in a profile's file")
		}
	}
	return nil
}
