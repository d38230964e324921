package topics

// holder is what one session subscribed to.
type holder[S comparable] struct {
	session S
	places  []place[S]
	index   map[*Group[S]]int32 // place by group, only once looking takes long
}

// place says where one of a session's subscriptions sits.
type place[S comparable] struct {
	group *Group[S]
	seat  int32 // in group.seats
}

// fewPlaces is how many places are looked through without an index.
const fewPlaces = 16

// find returns the position of g in places, -1 if h has no seat in g.
func (h *holder[S]) find(g *Group[S]) int {
	if h.index != nil {
		if i, ok := h.index[g]; ok {
			return int(i)
		}
		return -1
	}
	for i := range h.places {
		if h.places[i].group == g {
			return i
		}
	}
	return -1
}

// sit gives h a seat in g.
func (h *holder[S]) sit(g *Group[S], o Options) {
	h.places = append(h.places, place[S]{group: g, seat: int32(len(g.seats))})
	at := int32(len(h.places) - 1)
	g.seats = append(g.seats, seat[S]{holder: h, place: at, options: o})
	switch {
	case h.index != nil:
		h.index[g] = at
	case len(h.places) > fewPlaces:
		h.index = make(map[*Group[S]]int32, 2*fewPlaces)
		for i := range h.places {
			h.index[h.places[i].group] = int32(i)
		}
	}
}

// leave gives up the place at i. The last ones of both lists move into the
// gaps, so that it costs the same however long they are.
func (h *holder[S]) leave(i int) {
	g, at := h.places[i].group, h.places[i].seat

	last := len(g.seats) - 1
	moved := g.seats[last]
	g.seats[at] = moved
	moved.holder.places[moved.place].seat = at
	g.seats[last] = seat[S]{}
	g.seats = shrink(g.seats[:last])

	last = len(h.places) - 1
	if i != last {
		h.places[i] = h.places[last]
		h.places[i].group.seats[h.places[i].seat].place = int32(i)
	}
	h.places[last] = place[S]{}
	h.places = shrink(h.places[:last])
	if h.index != nil {
		delete(h.index, g)
		if i != last {
			h.index[h.places[i].group] = int32(i)
		}
	}
}

// shrink gives memory back when a crowd has left.
func shrink[T any](s []T) []T {
	if cap(s) > 64 && len(s) < cap(s)/4 {
		return append(make([]T, 0, 2*len(s)), s...)
	}
	return s
}
