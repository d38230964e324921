package kit_test

import (
	"testing"

	"tidings/ui/kit"
)

func TestWindowReadsOncePerScreen(t *testing.T) {
	reads, length := 0, 1000
	w := kit.NewWindow(func(from, n int, dst []int) []int {
		reads++
		for i := from; i < min(from+n, length); i++ {
			dst = append(dst, i*10)
		}
		return dst
	})
	for i := 500; i < 550; i++ {
		if v, ok := w.At(i); !ok || v != i*10 {
			t.Fatalf("At(%d) = %d, %v", i, v, ok)
		}
	}
	if reads != 1 {
		t.Errorf("%d reads for one screen, want 1", reads)
	}
	length = 510
	w.Reset()
	if _, ok := w.At(520); ok {
		t.Error("a row that went away was found after Reset")
	}
}
