package engine

import (
	"fmt"
	"strconv"
	"time"
)

// figures is what one round of $SYS tells.
type figures struct {
	version       string
	uptime        time.Duration
	connected     int
	away          int // sessions without a connection
	maximum       uint64
	expired       uint64
	packetsIn     uint64
	packetsOut    uint64
	bytesIn       uint64
	bytesOut      uint64
	publishIn     uint64
	publishOut    uint64
	payloadIn     uint64
	payloadOut    uint64
	dropped       uint64
	sockets       uint64
	connects      uint64
	subscriptions int
	shared        int
	retained      int
	stored        int // messages held: retained, queued and in flight
	storedBytes   int64
	heap          uint64
	heapMaximum   uint64
}

// sysRow is one topic of $SYS under "$SYS/broker/", with mosquitto's name and
// meaning (mosquitto(8), "Broker Status").
type sysRow struct {
	topic string
	value func(f *figures) string
}

func number[N int | int64 | uint64](v N) string { return fmt.Sprint(v) }

func sysTable() []sysRow {
	return []sysRow{
		{"version", func(f *figures) string { return f.version }},
		{"uptime", func(f *figures) string { return strconv.Itoa(int(f.uptime.Seconds())) + " seconds" }},
		{"clients/total", func(f *figures) string { return number(f.connected + f.away) }},
		{"clients/maximum", func(f *figures) string { return number(f.maximum) }},
		{"clients/disconnected", func(f *figures) string { return number(f.away) }},
		{"clients/inactive", func(f *figures) string { return number(f.away) }},
		{"clients/connected", func(f *figures) string { return number(f.connected) }},
		{"clients/active", func(f *figures) string { return number(f.connected) }},
		{"clients/expired", func(f *figures) string { return number(f.expired) }},
		{"messages/received", func(f *figures) string { return number(f.packetsIn) }},
		{"messages/sent", func(f *figures) string { return number(f.packetsOut) }},
		{"messages/stored", func(f *figures) string { return number(f.stored) }},
		{"store/messages/count", func(f *figures) string { return number(f.stored) }},
		{"store/messages/bytes", func(f *figures) string { return number(f.storedBytes) }},
		{"subscriptions/count", func(f *figures) string { return number(f.subscriptions) }},
		{"shared_subscriptions/count", func(f *figures) string { return number(f.shared) }},
		{"retained messages/count", func(f *figures) string { return number(f.retained) }},
		{"heap/current", func(f *figures) string { return number(f.heap) }},
		{"heap/maximum", func(f *figures) string { return number(f.heapMaximum) }},
		{"publish/messages/dropped", func(f *figures) string { return number(f.dropped) }},
		{"publish/messages/received", func(f *figures) string { return number(f.publishIn) }},
		{"publish/messages/sent", func(f *figures) string { return number(f.publishOut) }},
		{"publish/bytes/received", func(f *figures) string { return number(f.payloadIn) }},
		{"publish/bytes/sent", func(f *figures) string { return number(f.payloadOut) }},
		{"bytes/received", func(f *figures) string { return number(f.bytesIn) }},
		{"bytes/sent", func(f *figures) string { return number(f.bytesOut) }},
	}
}

// loadRow is one family of topics under "$SYS/broker/load/".
type loadRow struct {
	topic string
	value func(f *figures) uint64
}

func loadTable() []loadRow {
	return []loadRow{
		{"messages/received", func(f *figures) uint64 { return f.packetsIn }},
		{"messages/sent", func(f *figures) uint64 { return f.packetsOut }},
		{"publish/dropped", func(f *figures) uint64 { return f.dropped }},
		{"publish/received", func(f *figures) uint64 { return f.publishIn }},
		{"publish/sent", func(f *figures) uint64 { return f.publishOut }},
		{"bytes/received", func(f *figures) uint64 { return f.bytesIn }},
		{"bytes/sent", func(f *figures) uint64 { return f.bytesOut }},
		{"sockets", func(f *figures) uint64 { return f.sockets }},
		{"connections", func(f *figures) uint64 { return f.connects }},
	}
}
