package moving

import (
	"slices"

	"tidings/app"
)

// Preview is what would come.
type Preview struct {
	Format Format
	Items  []Item
	// Problems are what stands in the way of more, or of all of it.
	Problems []*app.Error
	// NotRead are findings about the source as a whole, not about one item.
	NotRead []Finding
	// Sealed: the file holds secrets under a passphrase that was not given.
	// Without it everything but the secrets comes.
	Sealed bool
}

// Item is one connection that would come.
type Item struct {
	// Profile has a new ID, except from our own files, which keep theirs.
	Profile app.Profile
	// Secrets belong to the profile and stand nowhere in it.
	Secrets []Secret
	// Unmapped is what does not come, or comes changed.
	Unmapped []Finding
	// Missing are the files that the profile names and that are not on this
	// computer: it may come from another one.
	Missing []string
	// Questions are what the source does not say.
	Questions []Question
	// State compares with what is here; StateNew for every foreign format.
	State State
	// Here is the profile that has the same ID, nil when there is none.
	Here *app.Profile
	// Held are the secrets that are kept for Here now.
	Held []app.SecretKind
	// Differs names the fields in which Profile and Here differ, as in
	// app.Profile; a secret is "Secret.<kind>".
	Differs []string
	// Extra holds the keys of a newer file version, to be saved with the
	// profile. Nil for foreign formats.
	Extra map[string]any
}

// Secret is one secret of an item.
type Secret struct {
	Kind  app.SecretKind
	Value app.Secret
}

// Finding is something that is not taken over as it stands.
type Finding struct {
	Field string   // as the source calls it
	Why   app.Text // never holds the value of a secret
}

// State says how an item of our own file relates to what is here.
type State byte

// The states.
const (
	StateNew       State = iota // nothing here has its ID
	StateUnchanged              // the same profile is here
	StateChanged                // here is the same connection, with other values
	StateConflict               // the ID is here for another connection
)

// Text returns the state in words.
func (s State) Text() app.Text {
	switch s {
	case StateUnchanged:
		return app.Say("moving.state.unchanged")
	case StateChanged:
		return app.Say("moving.state.changed")
	case StateConflict:
		return app.Say("moving.state.conflict")
	}
	return app.Say("moving.state.new")
}

// Choice is what a person wants to happen with an item.
type Choice byte

// The choices.
const (
	Skip    Choice = iota // nothing
	Add                   // as a new profile: under its ID when free, else under a new one
	Replace               // in place of the profile with its ID
)

// Choices returns what can be chosen for the item, the one to suggest first.
// Replace is never suggested: nothing is overwritten unless somebody says so.
// What leads nowhere is not suggested either.
func (it Item) Choices() []Choice {
	switch {
	case it.State == StateUnchanged:
		return []Choice{Skip, Add}
	case it.State == StateChanged:
		return []Choice{Skip, Replace, Add}
	case it.State == StateConflict && it.Nowhere():
		return []Choice{Skip, Add, Replace}
	case it.State == StateConflict:
		return []Choice{Add, Skip, Replace}
	case it.Nowhere():
		return []Choice{Skip, Add}
	}
	return []Choice{Add, Skip}
}

// Nowhere reports whether the profile has no address.
func (it Item) Nowhere() bool {
	if link := it.Profile.Link; link.Transport == app.TransportUnix {
		return link.Path == ""
	}
	return it.Profile.Host == ""
}

// Result is a profile to save, with what belongs to it.
type Result struct {
	Profile app.Profile
	Secrets []Secret
	Extra   map[string]any // as of Item
}

// Resolve returns what to save for the choice, with the questions answered as
// they stand. It reports false when there is nothing to save: for Skip, and
// for a choice that Choices does not offer.
func (it Item) Resolve(c Choice) (Result, bool) {
	if c == Skip || !slices.Contains(it.Choices(), c) {
		return Result{}, false
	}
	r := Result{Profile: it.Profile, Secrets: it.Secrets, Extra: it.Extra}
	for _, q := range it.Questions {
		if q.Chosen >= 0 && q.Chosen < len(q.Answers) {
			q.Answers[q.Chosen].apply(&r.Profile)
		}
	}
	if c == Add && it.Here != nil {
		r.Profile.ID = app.NewID()
	}
	return r, true
}

// SecretName returns the name of a kind of secret in Item.Differs and in our
// own files.
func SecretName(k app.SecretKind) string {
	switch k {
	case app.SecretPassword:
		return "password"
	case app.SecretKey:
		return "key"
	case app.SecretKeyPassphrase:
		return "key_passphrase"
	case app.SecretProxyPassword:
		return "proxy_password"
	case app.SecretHeaders:
		return "headers"
	case app.SecretQuery:
		return "query"
	}
	return ""
}
