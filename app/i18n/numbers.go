package i18n

import (
	"math"
	"time"

	"golang.org/x/text/number"
)

// Int returns n with the language's separators: "48,213".
func (p *Printer) Int(n int64) string { return p.numbers.Sprint(number.Decimal(n)) }

// decimal returns f with one digit after the separator, none when it is whole.
func (p *Printer) decimal(f float64) string {
	return p.numbers.Sprint(number.Decimal(f, number.MaxFractionDigits(1)))
}

// Short returns a number that is not negative in few characters: "812", "1.2k",
// "48k", "1.2M".
func (p *Printer) Short(f float64) string {
	const kilo, mega = 1000, 1_000_000
	write := func(f float64, digits int) string { return p.numbers.Sprint(number.Decimal(f, number.Scale(digits))) }
	switch {
	case f < kilo-0.5:
		return write(f, 0)
	case f < 100*kilo-50:
		return write(f/kilo, 1) + "k"
	case f < mega-500:
		return write(f/kilo, 0) + "k"
	}
	return write(f/mega, 1) + "M"
}

// Bytes returns a size as a person reads it: exact below 100,000 bytes
// ("48,213 B"), then in decimal units of one digit ("1.2 MB"). The unit hangs
// on a no-break space.
func (p *Printer) Bytes(n int64) string {
	const exact = 100_000
	if n > -exact && n < exact {
		return p.Int(n) + "\u00a0" + p.S("unit.byte")
	}
	size := float64(n)
	units := []string{"unit.kilobyte", "unit.megabyte", "unit.gigabyte", "unit.terabyte"}
	unit := ""
	for _, unit = range units {
		size /= 1000
		// 999.95 would be written as 1000.0: the next unit is shorter.
		if math.Abs(size) < 999.95 {
			break
		}
	}
	return p.numbers.Sprint(number.Decimal(size, number.Scale(1))) + "\u00a0" + p.S(unit)
}

// Duration returns d as a person reads it, with its two largest units:
// "0.4 ms", "12 ms", "1.5 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
func (p *Printer) Duration(d time.Duration) string {
	if d < 0 {
		return "−" + p.Duration(-max(d, -math.MaxInt64))
	}
	switch {
	case d == 0:
		return p.quantity(0, "unit.second")
	case d < 10*time.Millisecond-50*time.Microsecond:
		return p.quantity(float64(d)/float64(time.Millisecond), "unit.millisecond")
	case d < time.Second-500*time.Microsecond:
		return p.quantity(math.Round(float64(d)/float64(time.Millisecond)), "unit.millisecond")
	case d < time.Minute-50*time.Millisecond:
		return p.quantity(d.Seconds(), "unit.second")
	case d < time.Hour-500*time.Millisecond:
		return p.pair(d, time.Minute, "unit.minute", time.Second, "unit.second")
	case d < 24*time.Hour-30*time.Second:
		return p.pair(d, time.Hour, "unit.hour", time.Minute, "unit.minute")
	}
	return p.pair(d, 24*time.Hour, "unit.day", time.Hour, "unit.hour")
}

func (p *Printer) quantity(f float64, unit string) string { return p.decimal(f) + "\u00a0" + p.S(unit) }

// pair writes d in whole units of two sizes, rounded to the smaller.
func (p *Printer) pair(d, big time.Duration, bigUnit string, small time.Duration, smallUnit string) string {
	d = d.Round(small)
	text := p.quantity(float64(d/big), bigUnit)
	if rest := d % big / small; rest > 0 {
		text += " " + p.quantity(float64(rest), smallUnit)
	}
	return text
}
