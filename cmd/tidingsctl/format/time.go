package format

import (
	"fmt"
	"strconv"
	"time"
)

// layouts are the conversions of strftime that a layout of package time says.
var layouts = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan",
	'c': "Mon Jan _2 15:04:05 2006", 'd': "02", 'D': "01/02/06", 'e': "_2", 'F': "2006-01-02",
	'H': "15", 'I': "03", 'j': "002", 'm': "01", 'M': "04", 'p': "PM", 'r': "03:04:05 PM",
	'R': "15:04", 'S': "05", 'T': "15:04:05", 'x': "01/02/06", 'X': "15:04:05",
	'y': "06", 'Y': "2006", 'z': "-0700", 'Z': "MST",
}

// others are the conversions that no layout says.
var others = map[byte]func(time.Time) string{
	'C': func(t time.Time) string { return fmt.Sprintf("%02d", t.Year()/100) },
	'G': func(t time.Time) string { y, _ := t.ISOWeek(); return strconv.Itoa(y) },
	'V': func(t time.Time) string { _, w := t.ISOWeek(); return fmt.Sprintf("%02d", w) },
	'k': func(t time.Time) string { return fmt.Sprintf("%2d", t.Hour()) },
	'l': func(t time.Time) string { return fmt.Sprintf("%2d", (t.Hour()+11)%12+1) },
	'N': func(t time.Time) string { return fmt.Sprintf("%09d", t.Nanosecond()) },
	'n': func(time.Time) string { return "\n" },
	's': func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
	't': func(time.Time) string { return "\t" },
	'u': func(t time.Time) string { return strconv.Itoa((int(t.Weekday())+6)%7 + 1) },
	'w': func(t time.Time) string { return strconv.Itoa(int(t.Weekday())) },
}

func knowsTime(verb byte) bool { return layouts[verb] != "" || others[verb] != nil }

func appendTime(dst []byte, verb byte, t time.Time) []byte {
	if layout := layouts[verb]; layout != "" {
		return t.AppendFormat(dst, layout)
	}
	return append(dst, others[verb](t)...)
}
