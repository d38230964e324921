package e2e

// State is what the program says about itself. Fields that a program does
// not write stay zero. cmd/tidings writes it, the tests read it; nothing else
// may depend on it.
type State struct {
	// Revision grows by one with every write.
	Revision int `json:"revision"`
	// Read is when the window was read, in nanoseconds since 1970: what a test
	// did later is not in it. The file may be behind by some reports.
	Read int64 `json:"read"`
	// Painted counts the frames until then. The window takes what a person did
	// before it paints: a report with a later frame than one that was read after
	// a click shows what the click did.
	Painted int `json:"painted"`
	// Ready is true once the first frame stands and input is taken.
	Ready bool `json:"ready"`
	// Screen is the screen in front: "welcome", "connect", "workspace", …
	Screen string `json:"screen"`
	// Tab is the tab in front of a workspace: "publish", "subscribe",
	// "topics", "retained", "sys".
	Tab string `json:"tab"`
	// Broker is the local broker.
	Broker BrokerState `json:"broker"`
	// Connections are the open connections, in the order of the sidebar.
	Connections []ConnectionState `json:"connections"`
	// Profiles are the names of the saved connections.
	Profiles []string `json:"profiles"`
	// Controls says where a control stands now, by name ("welcome.start"), in
	// pixels of the window's content. A control out of sight is missing.
	Controls map[string]Rect `json:"controls"`
	// Typed is how many characters the entry with the focus holds, -1 when none
	// has it. What they are may be a secret.
	Typed int `json:"typed"`
	// Frames says how long frames took, from the start of the reading of the
	// model to the end of the painting.
	Frames Frames `json:"frames"`
	// Memory is what the stored messages take, in bytes.
	Memory int64 `json:"memory"`
	// Question is what a person is asked for, by the key of its word; empty for
	// nothing.
	Question string `json:"question"`
	// Notice is the last sentence shown to the user, and what to do.
	Notice string `json:"notice"`
}

// Frames are figures over the last frames, in milliseconds.
type Frames struct {
	Count  int     `json:"count"`
	Median float64 `json:"median"`
	P99    float64 `json:"p99"`
	Worst  float64 `json:"worst"`
	// First is the time from the start of the program to its first frame.
	First float64 `json:"first"`
}

// BrokerState is the local broker's part of State.
type BrokerState struct {
	Running bool   `json:"running"`
	Address string `json:"address"` // host:port
	Clients int    `json:"clients"`
}

// ConnectionState is one open connection's part of State.
type ConnectionState struct {
	Name     string        `json:"name"`
	Status   string        `json:"status"` // "connecting", "connected", "waiting", "offline"
	Address  string        `json:"address"`
	Version  string        `json:"version"`  // "3.1", "3.1.1", "5"
	Messages uint64        `json:"messages"` // received in all
	Filters  []FilterState `json:"filters"`
	// Last is the newest message received, without its payload's tail beyond
	// 256 bytes.
	Last *MessageState `json:"last"`
	// Published is the outcome of the last publish from the window.
	Published *PublishState `json:"published"`
}

// FilterState is one subscription.
type FilterState struct {
	Filter  string `json:"filter"`
	Granted int    `json:"granted"` // 0, 1 or 2; -1 until granted, or refused
}

// MessageState is one message.
type MessageState struct {
	Topic   string `json:"topic"`
	Payload string `json:"payload"`
	QoS     int    `json:"qos"`
}

// PublishState is one finished publish.
type PublishState struct {
	Topic  string `json:"topic"`
	Reason int    `json:"reason"` // MQTT 5 reason code; 0 is success
	Error  string `json:"error"`  // technical text; empty without one
}

// Rect is a place in the window, in pixels.
type Rect struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// Connection returns the open connection of that name, or nil.
func (s State) Connection(name string) *ConnectionState {
	for i := range s.Connections {
		if s.Connections[i].Name == name {
			return &s.Connections[i]
		}
	}
	return nil
}

// Granted returns the granted QoS of a filter, -1 when there is none.
func (c *ConnectionState) Granted(filter string) int {
	if c != nil {
		for _, f := range c.Filters {
			if f.Filter == filter {
				return f.Granted
			}
		}
	}
	return -1
}
