// Package assets embeds what Tidings shows and says: translations and
// pictures. It imports no toolkit.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed translations/*.json
var translations embed.FS

// Translations returns the folder of the language files "en.json",
// "pt-BR.json", "es.json" and "ru.json": flat objects of a dotted key and a
// sentence, or an object of plural forms. It is read-only and safe for
// concurrent use.
func Translations() fs.FS {
	sub, err := fs.Sub(translations, "translations")
	if err != nil {
		panic(err) // the name above is a constant and valid
	}
	return sub
}
