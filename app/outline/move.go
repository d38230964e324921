package outline

import (
	"slices"

	"tidings/app"
)

// Place says where a profile lies.
type Place struct {
	ID       string
	Folder   string
	Position int
}

// PlaceOf returns where p lies.
func PlaceOf(p app.Profile) Place { return Place{ID: p.ID, Folder: p.Folder, Position: p.Position} }

// Move returns what changes when the profile id goes into folder, right in
// front of the profile before, or to the folder's end when there is no such
// profile in it. list is sorted. Few profiles change: usually one. Nothing
// changes when it lies there already.
func Move(list []app.Profile, id, folder, before string) []Place {
	i := index(list, id)
	if i < 0 || id == before {
		return nil
	}
	folder = Clean(folder)
	row := members(list, folder)
	was := slices.Index(ids(row), id)
	if was >= 0 {
		row = slices.Delete(row, was, was+1)
	}
	at := slices.Index(ids(row), before)
	if at < 0 {
		at = len(row)
	}
	if at == was {
		return nil
	}
	row = slices.Insert(row, at, Place{ID: id, Folder: folder, Position: list[i].Position})
	return relabel(row, at, was < 0)
}

// Into returns what changes when the profile id goes into folder, no matter
// where: by name, as long as nobody gave the folder an order, else to its
// end.
func Into(list []app.Profile, id, folder string) []Place {
	i := index(list, id)
	folder = Clean(folder)
	if i < 0 || Clean(list[i].Folder) == folder {
		return nil
	}
	return []Place{{ID: id, Folder: folder, Position: Next(list, folder)}}
}

// Next returns the position for a profile that comes to folder: that of all
// others, so that it goes by name, or behind the last where a person has
// ordered them.
func Next(list []app.Profile, folder string) int {
	return next(members(list, Clean(folder)))
}

func next(row []Place) int {
	if len(row) == 0 {
		return 0
	}
	first, last := row[0].Position, row[len(row)-1].Position
	if first == last {
		return first
	}
	return min(last, far) + step
}

// Behind returns the position for a profile that comes to folder behind all
// others, no matter whether a person has ordered them.
func Behind(list []app.Profile, folder string) int {
	row := members(list, Clean(folder))
	if len(row) == 0 {
		return step
	}
	return min(row[len(row)-1].Position, far) + step
}

// MoveFolder returns what changes when the folder from is called to from now
// on: a new name, or a place in another folder, "" for the top. What lies in
// it keeps its order, behind what is there already.
func MoveFolder(list []app.Profile, from, to string) []Place {
	from, to = Clean(from), Clean(to)
	if from == "" || from == to {
		return nil
	}
	rows := map[string][]Place{} // what comes, by its new folder
	var folders []string
	for _, p := range list {
		old := Clean(p.Folder)
		if !Within(old, from) {
			continue
		}
		folder := Clean(to + "/" + old[len(from):])
		if rows[folder] == nil {
			folders = append(folders, folder)
		}
		rows[folder] = append(rows[folder], Place{ID: p.ID, Folder: folder, Position: p.Position})
	}
	var all []Place
	for _, folder := range folders {
		all = append(all, join(members(list, folder), rows[folder], from)...)
	}
	return all
}

// join returns the places of come, set behind those of there that do not move
// themselves.
func join(there, come []Place, from string) []Place {
	there = slices.DeleteFunc(there, func(p Place) bool { return Within(Clean(p.Folder), from) })
	if len(there) == 0 || uniform(there) && uniform(come) && there[0].Position == come[0].Position {
		return come
	}
	last := min(there[len(there)-1].Position, far)
	for i := range come {
		come[i].Position = last + step*(i+1)
	}
	return come
}

// uniform reports whether all have one position: nobody has ordered them.
func uniform(row []Place) bool { return row[0].Position == row[len(row)-1].Position }

// members returns the profiles right in folder, in their order.
func members(list []app.Profile, folder string) []Place {
	var row []Place
	for _, p := range list {
		if p.Folder == folder || Clean(p.Folder) == folder {
			row = append(row, PlaceOf(p))
		}
	}
	return row
}

func ids(row []Place) []string {
	out := make([]string, len(row))
	for i, p := range row {
		out[i] = p.ID
	}
	return out
}

func index(list []app.Profile, id string) int {
	return slices.IndexFunc(list, func(p app.Profile) bool { return p.ID == id })
}
