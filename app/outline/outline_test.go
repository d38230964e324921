package outline_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/outline"
)

// p returns a profile whose ID is its name.
func p(name, folder string, position int) app.Profile {
	return app.Profile{ID: name, Name: name, Folder: folder, Position: position}
}

// names returns what the list looks like: "Lab/a Lab/b c".
func names(list []app.Profile) string {
	var out []string
	for _, p := range list {
		out = append(out, strings.TrimPrefix(outline.Clean(p.Folder)+"/"+p.Name, "/"))
	}
	return strings.Join(out, " ")
}

// apply does what a move says.
func apply(list []app.Profile, places []outline.Place) {
	for _, to := range places {
		i := slices.IndexFunc(list, func(p app.Profile) bool { return p.ID == to.ID })
		list[i].Folder, list[i].Position = to.Folder, to.Position
	}
	outline.Sort(list)
}

func TestFoldersComeFirstAndByName(t *testing.T) {
	list := []app.Profile{
		p("b", "", 0), p("A", "", 0), p("z", "", -1), p("x", "lab / Room 3", 5), p("y", "Lab", 9), p("w", "Lab/", 2),
		p("é", "Água", 0), p("f", "/Água//", 0), p("c", "Home", 0),
	}
	outline.Sort(list)
	if got, want := names(list), "Água/é Água/f Home/c Lab/w Lab/y lab/Room 3/x z A b"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEqualPositionsGoByName(t *testing.T) {
	list := []app.Profile{p("Zeta", "", 3), p("ábaco", "", 3), p("Beta", "", 3), p("first", "", 2)}
	outline.Sort(list)
	if got, want := names(list), "first ábaco Beta Zeta"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMovesWriteFewProfiles(t *testing.T) {
	const n, moves = 60, 2000
	var list []app.Profile
	for i := range n {
		list = append(list, p(fmt.Sprintf("c%02d", i), "", 0))
	}
	writes := 0
	for i := range moves {
		id, before := list[(i*37)%n].ID, list[(i*53+7)%n].ID
		places := outline.Move(list, id, "", before)
		writes += len(places)
		apply(list, places)
	}
	if writes > 2*moves {
		t.Errorf("%d moves wrote %d profiles", moves, writes)
	}
}

func TestMovingToTheSamePlaceAgainAndAgainStaysCheap(t *testing.T) {
	list := []app.Profile{p("a", "", 1), p("b", "", 2), p("c", "", 3), p("d", "", 4), p("e", "", 5)}
	writes := 0
	for range 500 { // what stands last goes to the second place
		id := list[len(list)-1].ID
		places := outline.Move(list, id, "", list[1].ID)
		writes += len(places)
		apply(list, places)
		if list[1].ID != id {
			t.Fatalf("%s went second, and now the order is %s", id, names(list))
		}
	}
	if writes > 1000 {
		t.Errorf("500 moves wrote %d profiles", writes)
	}
}

func TestAMoveThatChangesNothingWritesNothing(t *testing.T) {
	list := []app.Profile{p("a", "", 0), p("b", "", 0), p("c", "", 0)}
	for _, m := range []struct{ id, folder, before string }{{"a", "", "b"}, {"b", "", "c"}, {"c", "", ""}, {"a", "", "a"}, {"gone", "", "a"}} {
		if got := outline.Move(list, m.id, m.folder, m.before); got != nil {
			t.Errorf("%v: %v", m, got)
		}
	}
}

func TestPositionsOfAHostileFileAreCountedAnew(t *testing.T) {
	list := []app.Profile{p("a", "", math.MinInt), p("b", "", math.MaxInt-1), p("c", "", math.MaxInt), p("d", "", math.MaxInt)}
	outline.Sort(list)
	apply(list, outline.Move(list, "d", "", "a"))
	apply(list, outline.Move(list, "c", "", "b"))
	if got, want := names(list), "d a c b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := outline.Next([]app.Profile{p("a", "", 0), p("b", "", math.MaxInt)}, ""); got < 0 {
		t.Errorf("a new one stands at %d", got)
	}
}

func TestWhoComesToAFolderGoesByNameUntilItIsOrdered(t *testing.T) {
	list := []app.Profile{p("a", "Lab", 0), p("z", "Lab", 0), p("m", "", 0), p("n", "", 0)}
	apply(list, outline.Into(list, "m", "Lab"))
	if got, want := names(list), "Lab/a Lab/m Lab/z n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	apply(list, outline.Move(list, "z", "Lab", "a"))
	apply(list, outline.Into(list, "n", "Lab"))
	if got, want := names(list), "Lab/z Lab/a Lab/m Lab/n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := outline.Into(list, "n", " Lab "); got != nil {
		t.Errorf("who is there already: %v", got)
	}
}

func TestAFolderMovesWithAllItHolds(t *testing.T) {
	start := []app.Profile{p("b", "Lab", 1), p("a", "Lab", 2), p("x", "Lab/Room", 0), p("q", "Home", 7), p("y", "Home/Room", 5), p("top", "", 0)}
	for _, c := range []struct{ name, from, to, want string }{
		{"renamed", "Lab", "Office", "Home/Room/y Home/q Office/Room/x Office/b Office/a top"},
		{"into another", "Lab", "Home/Lab", "Home/Lab/Room/x Home/Lab/b Home/Lab/a Home/Room/y Home/q top"},
		{"a deeper one out", "Lab/Room", "Room", "Home/Room/y Home/q Lab/b Lab/a Room/x top"},
		{"taken away", "Lab", "", "Home/Room/y Home/q Room/x top b a"},
		{"merged", "Lab", "Home", "Home/Room/y Home/Room/x Home/q Home/b Home/a top"},
		{"a level deeper", "Lab", "Lab/Old", "Home/Room/y Home/q Lab/Old/Room/x Lab/Old/b Lab/Old/a top"},
		{"to where it is", "Lab", " Lab/", "Home/Room/y Home/q Lab/Room/x Lab/b Lab/a top"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := slices.Clone(start)
			outline.Sort(list)
			apply(list, outline.MoveFolder(list, c.from, c.to))
			if got := names(list); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestCopiesCount(t *testing.T) {
	taken := map[string]bool{"Lab": true, "Lab (2)": true, "Lab (4)": true, "(2)": true}
	for name, want := range map[string]string{
		"Lab": "Lab (3)", "Lab (2)": "Lab (3)", "Home": "Home (2)", "Lab (x)": "Lab (x) (2)", "Lab ()": "Lab () (2)", "(2)": "(2) (2)", "": " (2)",
	} {
		if got := outline.CopyName(name, func(s string) bool { return taken[s] }); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestSearchFoldsCaseAndAccents(t *testing.T) {
	text := outline.Fold("Estufa São João Лаборатория Ёлка Straße ＡＢＣ")
	for query, want := range map[string]bool{
		"": true, "  ": true, "sao": true, "SÃO": true, "joão estufa": true, "лаБор": true, "елка": true, "ёлка": true, "abc": true, "sao paulo": false,
	} {
		if got := outline.Matches(text, query); got != want {
			t.Errorf("%q: %v", query, got)
		}
	}
}

func TestADeepFolderHasFewLevels(t *testing.T) {
	deep := strings.Repeat("a/", 10_000)
	if got := len(outline.Path(deep)); got > 12 {
		t.Errorf("%d levels", got)
	}
	if outline.Clean(outline.Clean(deep)) != outline.Clean(deep) {
		t.Error("cleaning twice changes a path")
	}
}

// model is the order as a person sees it: what lies in each folder, in a list.
type model map[string][]string

func (m model) take(id string) {
	for folder, row := range m {
		if i := slices.Index(row, id); i >= 0 {
			m[folder] = slices.Delete(row, i, i+1)
		}
	}
}

func (m model) put(id, folder, before string) {
	m.take(id)
	at := slices.Index(m[folder], before)
	if at < 0 {
		at = len(m[folder])
	}
	m[folder] = slices.Insert(m[folder], at, id)
}

func TestAnySequenceOfMovesKeepsEveryProfileAndTheOrderMade(t *testing.T) {
	folders := []string{"", "Home", "Lab", "Lab/Room"}
	rapid.Check(t, func(t *rapid.T) {
		var list []app.Profile
		for i := range rapid.IntRange(1, 12).Draw(t, "profiles") {
			position := rapid.SampledFrom([]int{0, 0, 0, 1, 2, -5, 1 << 41, math.MaxInt, math.MinInt}).Draw(t, "position")
			list = append(list, p(fmt.Sprintf("c%02d", i), rapid.SampledFrom(folders).Draw(t, "folder"), position))
		}
		outline.Sort(list)
		m, all := model{}, len(list)
		for _, p := range list {
			m[p.Folder] = append(m[p.Folder], p.ID)
		}
		id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("c%02d", rapid.IntRange(0, all-1).Draw(t, "number")) })
		t.Repeat(map[string]func(*rapid.T){
			"move": func(t *rapid.T) {
				who, to, before := id.Draw(t, "who"), rapid.SampledFrom(folders).Draw(t, "to"), id.Draw(t, "before")
				apply(list, outline.Move(list, who, to, before))
				if who != before {
					m.put(who, to, before)
				}
			},
			"end": func(t *rapid.T) {
				who, to := id.Draw(t, "who"), rapid.SampledFrom(folders).Draw(t, "to")
				apply(list, outline.Move(list, who, to, ""))
				m.put(who, to, "")
			},
			"": func(t *rapid.T) {
				if len(list) != all {
					t.Fatalf("%d profiles, there were %d", len(list), all)
				}
				now := model{}
				for _, p := range list {
					now[p.Folder] = append(now[p.Folder], p.ID)
				}
				for _, f := range folders {
					if !slices.Equal(now[f], m[f]) {
						t.Fatalf("in %q: %v, want %v", f, now[f], m[f])
					}
				}
			},
		})
	})
}
