package outline

const (
	// step is the distance between positions: room for ten moves to the very
	// same place before a neighbour has to be written too.
	step = 1024
	// far bounds the positions that are built upon. A file may hold any
	// number; beyond this one the whole folder is counted anew.
	far = 1 << 40
)

// relabel gives row[at], which has just come to its place, a position between
// its neighbours, and moves as few of these as it takes to make room. It
// returns the places that changed; always says that row[at] did anyway.
func relabel(row []Place, at int, always bool) []Place {
	from, to := window(row, at)
	var changed []Place
	for i := from; i < to; i++ {
		p := label(row, from, to, i)
		if p != row[i].Position || i == at && always {
			row[i].Position = p
			changed = append(changed, row[i])
		}
	}
	return changed
}

// window returns the smallest part of row around at whose positions, counted
// anew, keep clear of those beside it.
func window(row []Place, at int) (from, to int) {
	for size := 1; size < len(row); size++ {
		for from = max(0, at-size+1); from <= min(at, len(row)-size); from++ {
			if fits(row, from, from+size) {
				return from, from + size
			}
		}
	}
	return 0, len(row)
}

func fits(row []Place, from, to int) bool {
	open := from == 0 || to == len(row)
	for _, i := range []int{from - 1, to} {
		if i >= 0 && i < len(row) && (row[i].Position > far || row[i].Position < -far) {
			return false
		}
	}
	return open || row[to].Position-row[from-1].Position > to-from
}

// label returns the position of row[i] when those from from to to are counted
// anew.
func label(row []Place, from, to, i int) int {
	switch {
	case from == 0 && to == len(row):
		return step * (i + 1)
	case from == 0:
		return row[to].Position - step*(to-i)
	case to == len(row):
		return row[from-1].Position + step*(i-from+1)
	}
	low, high := row[from-1].Position, row[to].Position
	return low + (high-low)*(i-from+1)/(to-from+1)
}
