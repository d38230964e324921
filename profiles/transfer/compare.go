package transfer

import (
	"reflect"
	"slices"

	"tidings/app/moving"
)

// Compare fills in how the items of a file of our own relate to what is here.
// Previews of other formats stay as they are: their items have new IDs. What
// is this machine's own business (position, connecting at launch, whether the
// password is kept, the mark of the local broker) comes from what is here. Safe for concurrent use with
// other previews.
func Compare(p *moving.Preview, here []moving.Local) {
	if p.Format != moving.FormatTidings {
		return
	}
	byID := make(map[string]*moving.Local, len(here))
	for i := range here {
		byID[here[i].Profile.ID] = &here[i]
	}
	for i := range p.Items {
		it := &p.Items[i]
		local := byID[it.Profile.ID]
		it.State, it.Here, it.Differs = moving.StateNew, nil, nil
		if local == nil {
			continue
		}
		mine := local.Profile
		it.Here = &mine
		it.Profile.Position, it.Profile.AutoConnect, it.Profile.LocalBroker = mine.Position, mine.AutoConnect, mine.LocalBroker
		it.Profile.AskPassword = mine.AskPassword
		compared := it.Profile
		if asksToVerify(*it) { // that it says so stands in the question
			compared.Security.SkipVerify = mine.Security.SkipVerify
		}
		it.Differs = append(differs("", reflect.ValueOf(compared), reflect.ValueOf(mine)), secretsDiffer(it.Secrets, local.Secrets)...)
		switch {
		case len(it.Differs) == 0:
			it.State = moving.StateUnchanged
		case it.Profile.Name == mine.Name || it.Profile.FullURL() == mine.FullURL():
			it.State = moving.StateChanged
		default:
			it.State = moving.StateConflict
		}
	}
}

func asksToVerify(it moving.Item) bool {
	return slices.ContainsFunc(it.Questions, func(q moving.Question) bool { return q.Answers[0].SkipVerify != nil })
}

// differs names the fields in which a and b differ, one level below Profile.
func differs(prefix string, a, b reflect.Value) (names []string) {
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		x, y := a.Field(i), b.Field(i)
		switch {
		case x.Kind() == reflect.Struct && prefix == "":
			names = append(names, differs(name+".", x, y)...)
		case x.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0:
		case !reflect.DeepEqual(x.Interface(), y.Interface()):
			names = append(names, prefix+name)
		}
	}
	return names
}

// secretsDiffer names the secrets that the file has and that are not here, or
// here with another value.
func secretsDiffer(file, here []moving.Secret) (names []string) {
	for _, s := range file {
		same := false
		for _, h := range here {
			same = same || h == s
		}
		if !same {
			names = append(names, "Secret."+moving.SecretName(s.Kind))
		}
	}
	return names
}
