package main

import (
	"fmt"
	"strings"

	"tidings/app"
	"tidings/profiles"
	"tidings/profiles/home"
)

// findProfile returns the saved connection with this ID or name, and its
// home. It changes nothing, so the window may be open.
func findProfile(dir, name string) (p app.Profile, h *home.Home, err error) {
	h, err = home.Find(dir)
	if err != nil {
		return p, nil, err
	}
	list, err := profiles.Read(h.Profiles())
	if err != nil {
		return p, nil, fmt.Errorf("the saved connections cannot be read: %w", err)
	}
	for _, same := range []func(app.Profile) bool{
		func(p app.Profile) bool { return p.ID == name },
		func(p app.Profile) bool { return p.Name == name },
		func(p app.Profile) bool { return strings.EqualFold(p.Name, name) },
	} {
		found := matching(list, same)
		switch len(found) {
		case 0:
			continue
		case 1:
			return found[0], h, nil
		}
		ids := make([]string, len(found))
		for i := range found {
			ids[i] = found[i].ID
		}
		return p, nil, fmt.Errorf("%d saved connections are called %q; use an ID: %s", len(found), name, strings.Join(ids, ", "))
	}
	if len(list) == 0 {
		return p, nil, fmt.Errorf("there are no saved connections in %s", h.Profiles())
	}
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].Name
	}
	return p, nil, fmt.Errorf("no saved connection is called %q; there are: %s", name, strings.Join(names, ", "))
}

func matching(list []app.Profile, same func(app.Profile) bool) (found []app.Profile) {
	for _, p := range list {
		if same(p) {
			found = append(found, p)
		}
	}
	return found
}
