package brokerlocal

// engine is the protocol behind the listener: sessions, subscriptions,
// retained messages and delivery. All methods are safe for concurrent use.
type engine interface {
	// serve speaks MQTT on one connection and returns when that has ended.
	// It runs on the caller's goroutine, so that the caller can recover.
	serve(c *conn) error
	// abandon forgets what a connection left behind when serve panicked.
	abandon(c *conn)
	// counters returns the present figures.
	counters() counters
	// farewell tells the MQTT 5 clients that the broker goes away.
	farewell()
	// close ends the engine; no serve may be running.
	close() error
}

// counters are the figures an engine keeps.
type counters struct {
	subscriptions, retained          int
	messagesIn, messagesOut, dropped uint64
}

// newEngine makes an engine. From serve, on a connection whose CONNECT it
// accepts, the engine calls claim and then connected before it looks for the
// client's session.
type newEngine func(cfg Config) (engine, error)
