package sysstats

import "time"

// Kind says how the value of a Card is to be shown.
type Kind byte

// The kinds of cards.
const (
	Text     Kind = iota // Card.Text
	Count                // Card.Value, a whole number
	Duration             // Card.Value, seconds
	Bytes                // Card.Value, bytes
	Rate                 // Card.Value, per second
)

// Flavour is the family of a broker, as its topics show it.
type Flavour byte

// The families that are told apart.
const (
	Unknown   Flavour = iota
	Mosquitto         // $SYS/broker/… as mosquitto names it
	Mochi             // $SYS/broker/… with names of its own
	EMQX              // $SYS/brokers/<node>/…
	VerneMQ           // $SYS/<node>/…
)

// Card is one figure about the broker.
type Card struct {
	Key       string  // of the translations, for example "sys.card.version"
	Kind      Kind    // how to show it
	Text      string  // of a Text card
	Value     float64 // of every other card
	Rate      float64 // change per second, when HasRate
	HasRate   bool
	Published bool // false: this broker does not publish it
}

// Snapshot is what is known about the broker now.
type Snapshot struct {
	Flavour Flavour
	Cards   []Card // always the same cards in the same order
	Rows    int    // $SYS topics held, for Rows
	Dropped uint64 // $SYS topics not held because there were too many
}

// Row is one $SYS topic as it was received last.
type Row struct {
	Topic     string
	Value     string // at most maxValue bytes, valid UTF-8
	Truncated bool   // Value is not all of it
	Received  time.Time
	Retained  bool
}
