package tree_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"tidings/app"
	"tidings/app/tree"
)

func messages(topics ...string) []app.Message {
	var batch []app.Message
	for _, topic := range topics {
		batch = append(batch, app.Message{Topic: topic, Payload: []byte("v")})
	}
	return batch
}

// list returns the visible rows as "depth:name".
func list(tr *tree.Tree) []string {
	var out []string
	for _, r := range tr.Rows(0, tr.Len(), nil) {
		out = append(out, string(rune('0'+r.Depth))+":"+r.Name)
	}
	return out
}

func TestTreeShowsLevelsInOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		topics []string
		want   []string
	}{
		{"two levels", []string{"b/y", "b/x", "a"}, []string{"0:a", "0:b", "1:x", "1:y"}},
		{"empty level inside", []string{"a//b"}, []string{"0:a", "1:", "2:b"}},
		{"empty level first", []string{"/a", "a"}, []string{"0:", "1:a", "0:a"}},
		{"empty level last", []string{"a/", "a"}, []string{"0:a", "1:"}},
		{"only separators", []string{"//"}, []string{"0:", "1:", "2:"}},
		{"$ comes last at the root", []string{"$SYS/x", "~", "a"}, []string{"0:a", "0:~", "0:$SYS", "1:x"}},
		{"$ is a letter below", []string{"a/$x", "a/b", "a/!"}, []string{"0:a", "1:!", "1:$x", "1:b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := tree.New(tree.Options{})
			tr.Update(messages(c.topics...))
			if !tr.ExpandAll(1000) {
				t.Fatal("not all expanded")
			}
			got := list(tr)
			if len(got) != len(c.want) {
				t.Fatalf("rows %q, want %q", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("rows %q, want %q", got, c.want)
				}
			}
		})
	}
}

func TestTopicOfManyLevelsIsOverflow(t *testing.T) {
	for _, c := range []struct {
		name     string
		topic    string
		nodes    int
		overflow uint64
	}{
		{"as many as shown", strings.Repeat("a/", tree.MaxLevels-1) + "a", tree.MaxLevels, 0},
		{"one more", strings.Repeat("a/", tree.MaxLevels) + "a", 0, 1},
		{"as many as MQTT allows", strings.Repeat("/", 65_535), 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := tree.New(tree.Options{})
			tr.Update(messages(c.topic))
			tr.ExpandAll(1 << 20)
			if s := tr.Stats(); s.Nodes != c.nodes || s.Overflow != c.overflow || tr.Len() != c.nodes {
				t.Errorf("stats %+v, %d rows; want %d nodes, overflow %d", s, tr.Len(), c.nodes, c.overflow)
			}
		})
	}
}

func TestRetainedMark(t *testing.T) {
	tr := tree.New(tree.Options{})
	for _, step := range []struct {
		name     string
		payload  string
		retained bool
		want     bool
	}{
		{"live", "1", false, false},
		{"retained", "2", true, true},
		{"live copies say nothing about the mark", "3", false, true},
		{"live and empty", "", false, true},
		{"retained and empty", "", true, false},
	} {
		tr.Update([]app.Message{{Topic: "a", Payload: []byte(step.payload), Retained: step.retained}})
		if got := tr.Rows(0, 1, nil)[0].Retained; got != step.want {
			t.Errorf("%s: mark %v, want %v", step.name, got, step.want)
		}
	}
}

func TestValueIsCutAndItsSizeKept(t *testing.T) {
	tr := tree.New(tree.Options{MaxValue: 4})
	batch := messages("a")
	batch[0].Payload = []byte("0123456789")
	tr.Update(batch)
	copy(batch[0].Payload, "xxxxxxxxxx") // the reader's buffer is the reader's again
	id, ok := tr.Find("a")
	if !ok {
		t.Fatal("topic not found")
	}
	if d, _ := tr.Node(id); string(d.Value) != "0123" || d.Size != 10 || d.Messages != 1 || d.Topic != "a" {
		t.Errorf("detail %+v", d)
	}
}

func TestTopicsAreCopied(t *testing.T) {
	buffer := []byte("a/b")
	tr := tree.New(tree.Options{})
	tr.Update(messages(unsafe.String(&buffer[0], len(buffer))))
	copy(buffer, "x/y") // the reader's buffer is the reader's again
	tr.ExpandAll(10)
	if got := list(tr); got[0] != "0:a" || got[1] != "1:b" {
		t.Errorf("rows %q", got)
	}
	if _, ok := tr.Find("a/b"); !ok {
		t.Error("topic not found")
	}
}

func TestNodesAreUnknownAfterClear(t *testing.T) {
	tr := tree.New(tree.Options{})
	tr.Update(messages("a/b"))
	old := tr.Rows(0, 1, nil)[0].ID
	tr.Clear()
	tr.Update(messages("a/b"))
	tr.Expand(old)
	if _, ok := tr.Node(old); ok || tr.Len() != 1 {
		t.Errorf("an id from before Clear still works: known %v, %d rows", ok, tr.Len())
	}
	if _, ok := tr.Index(old); ok {
		t.Error("an id from before Clear has a row")
	}
}

func TestBytesStayWithinTheirBound(t *testing.T) {
	const bound = 16 << 20
	long, levels, large := strings.Repeat("x", 60_000), strings.Repeat("/", 120), make([]byte, 10_000)
	for name, message := range map[string]func(i int) app.Message{
		"unique long topics": func(i int) app.Message {
			return app.Message{Topic: fmt.Sprint(i%1000, "/", long), Payload: []byte("v")}
		},
		"unique short topics": func(i int) app.Message { return app.Message{Topic: fmt.Sprint(i)} },
		"large values": func(i int) app.Message {
			return app.Message{Topic: fmt.Sprint(i % 20_000), Payload: large[:i%10_000]}
		},
		"many levels": func(i int) app.Message {
			return app.Message{Topic: fmt.Sprint(i%10_000) + levels}
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := heap()
			tr := tree.New(tree.Options{MaxBytes: bound})
			for i := range 150_000 {
				tr.Update([]app.Message{message(i)})
				if i > 2000 && tr.Stats().Overflow > 1000 {
					break
				}
			}
			grown := int64(heap()) - int64(before)
			s := tr.Stats()
			if s.Bytes > bound || grown > bound*5/4 {
				t.Errorf("%d bytes counted, %d taken, bound %d", s.Bytes, grown, bound)
			}
			if s.Bytes < bound/2 {
				t.Errorf("only %d of %d bytes used: the test does not reach the bound", s.Bytes, bound)
			}
			runtime.KeepAlive(tr)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestUpdateOfKnownTopicsDoesNotAllocate(t *testing.T) {
	batch := messages("a/b/c", "a/b/d", "e")
	tr := tree.New(tree.Options{})
	if n := testing.AllocsPerRun(100, func() { tr.Update(batch) }); n != 0 {
		t.Errorf("%v allocations for a batch of known topics, want none", n)
	}
}

func TestVersionChanges(t *testing.T) {
	tr := tree.New(tree.Options{})
	tr.Update(messages("a/b"))
	id := tr.Rows(0, 1, nil)[0].ID
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"update", func() { tr.Update(messages("a")) }}, {"toggle", func() { tr.Toggle(id) }},
		{"expand all", func() { tr.ExpandAll(10) }}, {"collapse all", tr.CollapseAll}, {"clear", tr.Clear},
	} {
		before := tr.Version()
		if c.change(); tr.Version() == before {
			t.Errorf("%s does not change the version", c.name)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	tr := tree.New(tree.Options{MaxNodes: 2000})
	var writer, readers sync.WaitGroup
	stop := make(chan struct{})
	writer.Go(func() {
		for i := range 3000 {
			tr.Update(messages(fmt.Sprintf("a/%d/x", i), "a/1", "b"))
			if i%500 == 499 {
				tr.Clear()
			}
		}
	})
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				for _, r := range tr.Rows(tr.Len()/2, 50, nil) {
					tr.Toggle(r.ID)
					tr.Node(r.ID)
					tr.Index(r.ID)
				}
				tr.Stats()
			}
		})
	}
	writer.Wait()
	close(stop)
	readers.Wait()
}

// plant returns n topics over 37 lines.
func plant(n int) []app.Message {
	var batch []app.Message
	for i := range n {
		batch = append(batch, app.Message{
			Topic:   fmt.Sprintf("plant/line%02d/device%06d/temp", i%37, i),
			Payload: []byte(fmt.Sprintf("%064d", i)), Received: time.Unix(0, int64(i)),
		})
	}
	return batch
}

func BenchmarkUpdateKnown(b *testing.B) {
	for _, topics := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(topics), func(b *testing.B) {
			all := plant(topics)
			tr := tree.New(tree.Options{})
			tr.Update(all)
			tr.ExpandAll(1 << 30)
			batch := make([]app.Message, 100)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for i := range batch {
					batch[i] = all[n*7919%topics]
					n++
				}
				tr.Update(batch)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

func BenchmarkInsert(b *testing.B) {
	all := plant(100_000)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		tree.New(tree.Options{}).Update(all)
		n++
	}
	b.ReportMetric(float64(n*len(all))/b.Elapsed().Seconds(), "topics/s")
}

func BenchmarkInsertSiblings(b *testing.B) {
	var all []app.Message
	for i := range 400_000 {
		all = append(all, app.Message{Topic: fmt.Sprint("a/", i*7919%400_000)})
	}
	for b.Loop() {
		tr := tree.New(tree.Options{})
		tr.Update(all)
		if tr.Stats().Overflow > 0 {
			b.Fatal("overflow")
		}
	}
}

func BenchmarkRows50(b *testing.B) {
	tr := tree.New(tree.Options{})
	tr.Update(plant(100_000))
	tr.ExpandAll(1 << 30)
	var rows []tree.Row
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		rows = tr.Rows(i*7919%(tr.Len()-50), 50, rows[:0])
		i++
	}
}
