package sysstats

import "strings"

// The cards, in the order in which they are shown.
const (
	cardVersion = iota
	cardUptime
	cardConnected
	cardClients
	cardMaximum
	cardPublishIn
	cardPublishOut
	cardPacketsIn
	cardPacketsOut
	cardBytesIn
	cardBytesOut
	cardSubscriptions
	cardRetained
	cardDropped
	cardMemory
	cardLoadIn
	cardLoadOut
	cardCount
)

// cardFace is what a card is, whatever the broker.
type cardFace struct {
	key     string
	kind    Kind
	counter bool // only grows, so that a rate can be derived
}

func cardFaces() [cardCount]cardFace {
	return [cardCount]cardFace{
		cardVersion:       {"sys.card.version", Text, false},
		cardUptime:        {"sys.card.uptime", Duration, false},
		cardConnected:     {"sys.card.clients_connected", Count, false},
		cardClients:       {"sys.card.clients_total", Count, false},
		cardMaximum:       {"sys.card.clients_maximum", Count, false},
		cardPublishIn:     {"sys.card.publish_in", Count, true},
		cardPublishOut:    {"sys.card.publish_out", Count, true},
		cardPacketsIn:     {"sys.card.packets_in", Count, true},
		cardPacketsOut:    {"sys.card.packets_out", Count, true},
		cardBytesIn:       {"sys.card.bytes_in", Bytes, true},
		cardBytesOut:      {"sys.card.bytes_out", Bytes, true},
		cardSubscriptions: {"sys.card.subscriptions", Count, false},
		cardRetained:      {"sys.card.retained", Count, false},
		cardDropped:       {"sys.card.dropped", Count, true},
		cardMemory:        {"sys.card.memory", Bytes, false},
		cardLoadIn:        {"sys.card.load_in", Rate, false},
		cardLoadOut:       {"sys.card.load_out", Rate, false},
	}
}

// source is one way in which a broker publishes a card: the sum of the topics
// that match. "*" in a name stands for one level.
type source struct {
	names []string
	unit  unit
}

// unit says how a payload becomes the value of a card.
type unit byte

const (
	plain     unit = iota // the number is the value
	perMinute             // the value is per minute
	millis                // milliseconds, or words ("3 hours, 2 minutes")
)

func of(names ...string) source { return source{names: names} }

// table gives, for each card, the sources of a flavour, the best first.
type table [cardCount][]source

// tables returns the table of each flavour that has one.
func tables() [VerneMQ + 1]table {
	return [VerneMQ + 1]table{
		Mosquitto: mosquittoTable(), Mochi: mochiTable(), EMQX: emqxTable(), VerneMQ: vernemqTable(),
	}
}

// mosquittoTable: messages/… counts all packets, publish/messages/… PUBLISH.
func mosquittoTable() table {
	return table{
		cardVersion:       {of("version")},
		cardUptime:        {of("uptime")},
		cardConnected:     {of("clients/connected"), of("clients/active")},
		cardClients:       {of("clients/total")},
		cardMaximum:       {of("clients/maximum")},
		cardPublishIn:     {of("publish/messages/received")},
		cardPublishOut:    {of("publish/messages/sent")},
		cardPacketsIn:     {of("messages/received")},
		cardPacketsOut:    {of("messages/sent")},
		cardBytesIn:       {of("bytes/received")},
		cardBytesOut:      {of("bytes/sent")},
		cardSubscriptions: {of("subscriptions/count")},
		cardRetained:      {of("retained messages/count")},
		cardDropped:       {of("publish/messages/dropped")},
		cardMemory:        {of("heap/current"), of("heap/current size")},
		cardLoadIn:        {{[]string{"load/publish/received/1min"}, perMinute}},
		cardLoadOut:       {{[]string{"load/publish/sent/1min"}, perMinute}},
	}
}

// mochiTable: here messages/… counts PUBLISH, and load/bytes/… are totals.
func mochiTable() table {
	return table{
		cardVersion:       {of("version")},
		cardUptime:        {of("uptime")},
		cardConnected:     {of("clients/connected")},
		cardClients:       {of("clients/total")},
		cardMaximum:       {of("clients/maximum")},
		cardPublishIn:     {of("messages/received")},
		cardPublishOut:    {of("messages/sent")},
		cardPacketsIn:     {of("packets/received")},
		cardPacketsOut:    {of("packets/sent")},
		cardBytesIn:       {of("load/bytes/received")},
		cardBytesOut:      {of("load/bytes/sent")},
		cardSubscriptions: {of("subscriptions")},
		cardRetained:      {of("retained")},
		cardDropped:       {of("messages/dropped")},
		cardMemory:        {of("system/memory")},
	}
}

// emqxTable: dots of the names of statistics and metrics are slashes here.
func emqxTable() table {
	return table{
		cardVersion:       {of("version")},
		cardUptime:        {{[]string{"uptime"}, millis}},
		cardConnected:     {of("stats/live_connections/count"), of("stats/connections/count")},
		cardClients:       {of("stats/sessions/count")},
		cardMaximum:       {of("stats/connections/max")},
		cardPublishIn:     {of("metrics/messages/received")},
		cardPublishOut:    {of("metrics/messages/sent")},
		cardPacketsIn:     {of("metrics/packets/received")},
		cardPacketsOut:    {of("metrics/packets/sent")},
		cardBytesIn:       {of("metrics/bytes/received")},
		cardBytesOut:      {of("metrics/bytes/sent")},
		cardSubscriptions: {of("stats/subscriptions/count")},
		cardRetained:      {of("stats/retained/count")},
		cardDropped:       {of("metrics/messages/dropped", "metrics/delivery/dropped")},
	}
}

// vernemqTable: packets are counted by type, and there is no version.
func vernemqTable() table {
	return table{
		cardUptime:        {{[]string{"system/wallclock"}, millis}},
		cardConnected:     {of("total/active/connections")},
		cardClients:       {of("queue/processes")},
		cardPublishIn:     {of("mqtt/publish/received")},
		cardPublishOut:    {of("mqtt/publish/sent")},
		cardPacketsIn:     {of("mqtt/*/received")},
		cardPacketsOut:    {of("mqtt/*/sent")},
		cardBytesIn:       {of("bytes/received")},
		cardBytesOut:      {of("bytes/sent")},
		cardSubscriptions: {of("router/subscriptions")},
		cardRetained:      {of("retain/messages")},
		cardDropped:       {of("queue/message/drop")},
		cardMemory:        {of("vm/memory/total")},
	}
}

// prefix is what all topics of a $SYS tree begin with.
const prefix = "$SYS/"

// place takes a $SYS topic apart: the name below the broker or node, and the
// flavour that its prefix alone gives away (Mosquitto for "broker").
func place(topic string) (name string, f Flavour) {
	head, rest, ok := strings.Cut(topic[len(prefix):], "/")
	switch {
	case !ok:
		return "", Unknown
	case head == "broker":
		return rest, Mosquitto
	case head == "brokers":
		_, rest, ok = strings.Cut(rest, "/")
		if !ok {
			return "", EMQX // the list of nodes
		}
		return rest, EMQX
	}
	return rest, VerneMQ
}

// matches reports whether a name is what a source means.
func matches(pattern, name string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	if len(name) <= len(before)+len(after) || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) {
		return false
	}
	return !strings.Contains(name[len(before):len(name)-len(after)], "/")
}

// telling are the names below $SYS/broker/ that only one of the two flavours
// there has.
func telling(name string) Flavour {
	switch name {
	case "publish/messages/received", "publish/messages/sent", "subscriptions/count", "bytes/received",
		"bytes/sent", "retained messages/count", "store/messages/count":
		return Mosquitto
	case "packets/received", "packets/sent", "load/bytes/received", "load/bytes/sent", "subscriptions",
		"retained", "system/threads", "messages/inflight":
		return Mochi
	}
	return Unknown
}
