package session

// Cause says why a message was not delivered.
type Cause byte

// The causes.
const (
	None          Cause = iota // it was not dropped
	QueueMessages              // the session holds as many messages as it may
	QueueBytes                 // … as many bytes
	AllBytes                   // … all sessions together do
	Expired                    // it waited longer than its expiry [MQTT-3.3.2-5]
	TooLarge                   // for the client's Maximum Packet Size [MQTT-3.1.2-24]
	Absent                     // QoS 0, which waits for nobody; or the session has ended
	causes
)

// String returns the cause in words, for the log.
func (c Cause) String() string {
	return [...]string{"none", "queue full (messages)", "queue full (bytes)", "all queues full", "expired",
		"larger than the client takes", "client absent", "?"}[min(c, causes)]
}
