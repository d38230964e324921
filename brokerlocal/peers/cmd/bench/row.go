package main

import (
	"fmt"
	"slices"
	"strings"
)

// row is a line of the table.
type row struct {
	key   string
	title string
	unit  unit
	goal  goal
}

// unit is what a value is counted in and how it is written.
type unit struct {
	name   string
	digits int
	less   bool // the smaller the better
	none   bool // there is no value but what was lost
}

var (
	thousands = unit{name: "k/s"}
	seconds   = unit{name: "s", digits: 2, less: true}
	micro     = unit{name: "µs", digits: 2, less: true}
	megabytes = unit{name: "MB", less: true}
	lost      = unit{none: true}
)

// good returns the figures of the rounds that went well.
func (r results) good(key, peer string) (list []figure) {
	for _, f := range r[key][peer] {
		if f.err == nil {
			list = append(list, f)
		}
	}
	return list
}

// median returns the middle value of all rounds; ok is false without any.
func (r results) median(key, peer string) (v float64, ok bool) { return median(r.good(key, peer)) }

func median(list []figure) (v float64, ok bool) {
	if len(list) == 0 {
		return 0, false
	}
	values := make([]float64, len(list))
	for i, f := range list {
		values[i] = f.value
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2, true
}

// cell writes the figures of one peer: the median, then what was lost and
// what came wrong in the worst rounds.
func cell(row row, list []figure) string {
	if len(list) == 0 {
		return ""
	}
	failed := 0
	for _, f := range list {
		if f.err != nil {
			failed++
		}
	}
	good := slices.DeleteFunc(slices.Clone(list), func(f figure) bool { return f.err != nil })
	if len(good) == 0 {
		return "failed"
	}
	var parts []string
	if v, _ := median(good); !row.unit.none {
		parts = append(parts, row.unit.write(v))
	}
	if text := losses(good); text != "" {
		parts = append(parts, text)
	} else if row.unit.none {
		parts = append(parts, "0 lost")
	}
	parts = append(parts, wrongs(good)...)
	if note := good[len(good)-1].note; note != "" {
		parts = append(parts, note)
	}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("failed %d×", failed))
	}
	return strings.Join(parts, ", ")
}

func (u unit) write(v float64) string {
	digits := u.digits
	if v >= 100 {
		digits = 0
	} else if v < 10 {
		digits = max(digits, 1)
	}
	return fmt.Sprintf("%.*f %s", digits, v, u.name)
}

// losses says which share was lost, from the best round to the worst.
func losses(list []figure) string {
	lo, hi := 2.0, 0.0
	for _, f := range list {
		share := 0.0
		if f.count.Sent > 0 {
			share = float64(f.count.Lost()) / float64(f.count.Sent)
		}
		lo, hi = min(lo, share), max(hi, share)
	}
	if hi == 0 {
		return ""
	}
	a, b := percent(lo), percent(hi)
	if a == b {
		return "loses " + b + " %"
	}
	return "loses " + a + "–" + b + " %"
}

// percent never writes 0 for something, nor 100 for less than all.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.01:
		return fmt.Sprintf("%.2g", 100*share)
	case share > 0.99 && share < 1:
		return fmt.Sprintf("%.1f", 100*share)
	}
	return fmt.Sprintf("%.0f", 100*share)
}

// wrongs says how many messages came out of order or twice in the worst round.
func wrongs(list []figure) (parts []string) {
	var order, twice uint64
	for _, f := range list {
		order, twice = max(order, f.count.Disordered), max(twice, f.count.Duplicate)
	}
	if order > 0 {
		parts = append(parts, fmt.Sprintf("%d out of order", order))
	}
	if twice > 0 {
		parts = append(parts, fmt.Sprintf("%d twice", twice))
	}
	return parts
}
