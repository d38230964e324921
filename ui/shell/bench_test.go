package shell_test

import (
	"fmt"
	"testing"

	"tidings/app/workspace"
)

// What the window costs thirty times a second when nothing it shows has
// changed: 50 profiles, two of them open, a banner.
func BenchmarkSyncWithoutNews(b *testing.B) {
	d := newDesk()
	for i := range 2 {
		p := profile(fmt.Sprint("open", i), fmt.Sprint("Open ", i))
		d.add(b, p, true, connected(p))
	}
	for i := range 48 {
		d.add(b, profile(fmt.Sprint(i), fmt.Sprint("Profile ", i)), false, workspace.Snapshot{})
	}
	d.deleted = "A"
	w := open(b, d)
	b.ReportAllocs()
	for b.Loop() {
		w.Sync()
	}
}
