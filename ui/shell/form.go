package shell

import (
	"slices"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/ui/profileform"
	"tidings/ui/tlsform"
)

// formParams are what the form of a connection needs.
func (s *Shell) formParams(p app.Profile) profileform.FormParams {
	d := s.p.Desk
	params := profileform.FormParams{
		Diagnose: s.diagnoseDraft,
		Profile:  p, Folders: s.folders(), Keyring: d.Secrets(), Save: s.save,
		ReadFile: func(path string, limit int64) func() ([]byte, *app.Error, bool) {
			return d.ReadFile(path, limit).Result
		},
		SystemProxy: d.SystemProxy,
		TLS: func(changed func(), reveal func(fyne.CanvasObject)) profileform.TLSSection {
			return tlsform.New(s.d, tlsform.Params{Inspector: d, OnChanged: changed, Reveal: reveal})
		},
	}
	if id := p.ID; id != "" {
		params.Delete = func() { s.remove(id) }
		params.Place = func(kind app.SecretKind) app.SecretPlace {
			return d.SecretPlace(app.SecretRef{Profile: id, Kind: kind})
		}
	}
	return params
}

// folders returns those that connections lie in, by name.
func (s *Shell) folders() []string {
	var list []string
	for _, p := range s.p.Desk.Profiles() {
		list = append(list, p.Folder)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
