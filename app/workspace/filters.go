package workspace

import (
	"slices"
	"sync"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// maxCached bounds the topics whose matching filters are remembered; a
// broker with more topics starts the memory anew.
const maxCached = 100_000

// filters counts received messages per subscription. Which filters a topic
// matches is worked out once per topic and remembered until the filters
// change.
type filters struct {
	mu      sync.Mutex
	entries []*filterEntry
	matches map[string][]*filterEntry
	colors  int
}

type filterEntry struct {
	sub      app.Subscription
	color    int
	received uint64
	sampled  uint64
	rate     float64
}

func newFilters() *filters { return &filters{matches: map[string][]*filterEntry{}} }

// add remembers a subscription, or replaces the options of one with the same
// filter (as a broker does, MQTT 5.0 §3.8.4).
func (f *filters) add(s app.Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.entries {
		if e.sub.Filter == s.Filter {
			e.sub = s
			return
		}
	}
	f.entries = append(f.entries, &filterEntry{sub: s, color: f.colors})
	f.colors++
	clear(f.matches)
}

func (f *filters) remove(filter string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.entries = slices.DeleteFunc(f.entries, func(e *filterEntry) bool { return e.sub.Filter == filter })
	clear(f.matches)
}

// subscriptions returns what the profile should remember.
func (f *filters) subscriptions() []app.Subscription {
	f.mu.Lock()
	defer f.mu.Unlock()
	subs := make([]app.Subscription, len(f.entries))
	for i, e := range f.entries {
		subs[i] = e.sub
	}
	return subs
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
	if len(f.matches) >= maxCached {
		clear(f.matches)
	}
	f.matches[string([]byte(name))] = m
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
