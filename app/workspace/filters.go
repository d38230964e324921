package workspace

import (
	"slices"
	"strings"
	"sync"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// Bounds of the memory of which filters a topic matches: topics, and bytes
// of their names and of the lists of filters. Beyond them it starts anew.
const (
	maxCached      = 100_000
	maxCachedBytes = 32 << 20
)

// filters counts received messages per subscription. Which filters a topic
// matches is worked out once per topic and remembered until the filters
// change.
type filters struct {
	mu      sync.Mutex
	entries []*filterEntry
	matches map[string][]*filterEntry
	cached  int // bytes that matches refers to
	colors  int
}

type filterEntry struct {
	sub      app.Subscription
	color    int
	received uint64
	sampled  uint64
	rate     float64
	kept     *app.Error // why it is still here although it was to be removed
}

// newFilters returns the filters that a profile has, with their colours.
func newFilters(p app.Profile) *filters {
	f := &filters{matches: map[string][]*filterEntry{}}
	next := 0
	for i, s := range p.Subscriptions {
		f.colors = i
		if color, ok := p.FilterColors[s.Filter]; ok {
			f.colors = max(0, color)
		}
		f.add(s)
		next = max(next, f.colors)
	}
	f.colors = next
	return f
}

// add remembers a subscription, or replaces the options of one with the same
// filter (as a broker does, MQTT 5.0 §3.8.4).
func (f *filters) add(s app.Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := f.index(s.Filter); i >= 0 {
		f.entries[i].sub, f.entries[i].kept = s, nil
		return
	}
	f.entries = append(f.entries, &filterEntry{sub: s, color: f.colors})
	f.colors++
	f.forget()
}

// remove takes a filter out, and returns it with its place for putBack.
func (f *filters) remove(filter string) (*filterEntry, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := f.index(filter)
	if i < 0 {
		return nil, 0
	}
	e := f.entries[i]
	f.entries = slices.Delete(f.entries, i, i+1)
	f.forget()
	return e, i
}

// putBack undoes remove, for the reason why, unless the filter was added
// anew. It reports whether it did.
func (f *filters) putBack(e *filterEntry, place int, why *app.Error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e == nil || f.index(e.sub.Filter) >= 0 {
		return false
	}
	e.kept = why
	f.entries = slices.Insert(f.entries, min(place, len(f.entries)), e)
	f.forget()
	return true
}

// index returns the place of a filter, or -1. The caller holds mu.
func (f *filters) index(filter string) int {
	return slices.IndexFunc(f.entries, func(e *filterEntry) bool { return e.sub.Filter == filter })
}

// forget drops the memory of matches. The caller holds mu.
func (f *filters) forget() {
	clear(f.matches)
	f.cached = 0
}

// subscriptions returns what the profile should remember: the filters, and
// the colours that are not their places.
func (f *filters) subscriptions() (subs []app.Subscription, colors map[string]int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	subs = make([]app.Subscription, len(f.entries))
	for i, e := range f.entries {
		if subs[i] = e.sub; e.color != i {
			if colors == nil {
				colors = map[string]int{}
			}
			colors[e.sub.Filter] = e.color
		}
	}
	return subs, colors
}

// count adds a batch to the counters of the filters its topics match.
func (f *filters) count(batch []app.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.entries) == 0 {
		return
	}
	for i := range batch {
		for _, e := range f.matching(batch[i].Topic) {
			e.received++
		}
	}
}

// matching returns the filters that name matches. The caller holds mu. name
// may alias a reader's buffer, so a copy is kept.
func (f *filters) matching(name string) []*filterEntry {
	if m, ok := f.matches[name]; ok {
		return m
	}
	var m []*filterEntry
	for _, e := range f.entries {
		if topic.Match(e.sub.Filter, name) {
			m = append(m, e)
		}
	}
	size := len(name) + 8*len(m)
	if len(f.matches) >= maxCached || f.cached+size > maxCachedBytes {
		f.forget()
	}
	f.matches[strings.Clone(name)] = m
	f.cached += size
	return m
}

// colorOf returns the colour number of the first filter that name matches,
// or -1.
func (f *filters) colorOf(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.matching(name); len(m) > 0 {
		return m[0].color
	}
	return -1
}

// sample works out the rates after seconds have passed since the last call.
func (f *filters) sample(seconds float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.entries {
		e.rate = float64(e.received-e.sampled) / seconds
		e.sampled = e.received
	}
}

// reset sets every counter to zero.
func (f *filters) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.entries {
		e.received, e.sampled, e.rate = 0, 0, 0
	}
}
