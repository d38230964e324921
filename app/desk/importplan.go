package desk

import (
	"cmp"
	"slices"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/outline"
)

// coming is one connection that an import saves.
type coming struct {
	moving.Result
	replaces bool // it takes the place of the profile with its ID
	ordered  bool // it goes behind the one before it in its folder, not by name
}

// resolve returns what to save, in the order in which to save it.
func resolve(p moving.Preview, decisions []Decision, folder string) (results []coming) {
	for i, it := range p.Items {
		if i >= len(decisions) {
			break
		}
		it.Questions = slices.Clone(it.Questions)
		for n := range it.Questions {
			if n < len(decisions[i].Answers) {
				it.Questions[n].Chosen = decisions[i].Answers[n]
			}
		}
		r, ok := it.Resolve(decisions[i].Choice)
		if !ok {
			continue
		}
		replaces := decisions[i].Choice == moving.Replace
		if !replaces {
			r.Profile.Folder = strings.Trim(folder+"/"+r.Profile.Folder, "/")
			own := p.Format == moving.FormatTidings // written without its password, which it has
			if own && r.Profile.User != "" && !slices.Contains(kindsOf(r.Secrets), app.SecretPassword) {
				r.Profile.AskPassword = true
			}
		}
		results = append(results, coming{Result: r, replaces: replaces})
	}
	arrange(results)
	return results
}

// arrange sorts what is new as its positions say, which mean nothing among
// those that are here. A folder whose connections all have one position was
// ordered by nobody.
func arrange(list []coming) {
	slices.SortStableFunc(list, func(a, b coming) int { return cmp.Compare(a.Profile.Position, b.Profile.Position) })
	positions := map[string]map[int]bool{}
	for _, c := range list {
		if c.replaces {
			continue
		}
		folder := outline.Clean(c.Profile.Folder)
		if positions[folder] == nil {
			positions[folder] = map[int]bool{}
		}
		positions[folder][c.Profile.Position] = true
	}
	for i := range list {
		if c := &list[i]; !c.replaces {
			c.ordered = len(positions[outline.Clean(c.Profile.Folder)]) > 1
			c.Profile.Position = 0
		}
	}
}
