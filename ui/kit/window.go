package kit

// windowRows is how many rows a Window reads at once: more than a screen
// shows, so that drawing one takes one read.
const windowRows = 128

// Window is a cache between a RowSource and a model that hands out rows in
// slices: drawing a screen costs one read of the model. Call Reset when the
// model may have changed. UI goroutine only.
type Window[T any] struct {
	read func(from, n int, dst []T) []T
	from int
	rows []T
}

// NewWindow returns a window over read, which appends at most n rows from
// row number from on to dst, as the Rows methods of the models do.
func NewWindow[T any](read func(from, n int, dst []T) []T) *Window[T] {
	return &Window[T]{read: read}
}

// Reset forgets the rows read, so that the next At reads again.
func (w *Window[T]) Reset() { w.rows = w.rows[:0] }

// At returns row i, or false when the model does not have it any more.
func (w *Window[T]) At(i int) (row T, ok bool) {
	if i < w.from || i >= w.from+len(w.rows) {
		w.from = max(0, i-windowRows/4)
		w.rows = w.read(w.from, windowRows, w.rows[:0])
	}
	if i -= w.from; i >= 0 && i < len(w.rows) {
		return w.rows[i], true
	}
	return row, false
}
