package moving

import "tidings/app"

// SnippetKind is a form in which a connection is copied.
type SnippetKind byte

// The kinds of snippet.
const (
	SnippetURL          SnippetKind = iota // mqtt://user@host:1883
	SnippetSubscribe                       // mosquitto_sub, for sh
	SnippetPublish                         // mosquitto_pub, for sh
	SnippetSubscribeW                      // mosquitto_sub, for the Windows prompt
	SnippetPublishW                        // mosquitto_pub, for the Windows prompt
	SnippetCtlSubscribe                    // tidingsctl sub, for sh
	SnippetCtlPublish                      // tidingsctl pub, for sh
	SnippetCtlDoctor                       // tidingsctl doctor, for sh
	SnippetGo                              // Go with paho
	SnippetPython                          // Python with paho-mqtt 2
	SnippetJavaScript                      // JavaScript for Node.js with MQTT.js
	SnippetArduino                         // ESP32 with PubSubClient
)

// SnippetKinds returns all kinds in the order in which they are offered.
func SnippetKinds() []SnippetKind {
	return []SnippetKind{
		SnippetURL, SnippetSubscribe, SnippetPublish, SnippetSubscribeW, SnippetPublishW,
		SnippetCtlSubscribe, SnippetCtlPublish, SnippetCtlDoctor, SnippetGo, SnippetPython, SnippetJavaScript, SnippetArduino,
	}
}

// Text returns the kind in words.
func (k SnippetKind) Text() app.Text {
	return app.Say([]string{
		"snippet.kind.url", "snippet.kind.sub", "snippet.kind.pub", "snippet.kind.sub_windows", "snippet.kind.pub_windows",
		"snippet.kind.ctl_sub", "snippet.kind.ctl_pub", "snippet.kind.ctl_doctor",
		"snippet.kind.go", "snippet.kind.python", "snippet.kind.javascript", "snippet.kind.arduino",
	}[k])
}

// Copied returns the kinds of secret of p that a snippet can hold.
func Copied(p app.Profile) (kinds []app.SecretKind) {
	for _, kind := range []app.SecretKind{app.SecretPassword, app.SecretQuery} {
		if p.Wants(kind, nil) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// SnippetInput is what to write about.
type SnippetInput struct {
	Profile app.Profile
	// HasPassword: the broker gets a password.
	HasPassword bool
	// Password and Query are written in plain text when they are not empty.
	Password app.Secret
	Query    app.Secret // of the WebSocket's URL
	// Template is the message that the commands and programs send; with an
	// empty topic it is the profile's first, or none.
	Template app.Publish
}

// Snippet is what was written.
type Snippet struct {
	Text string
	// Missing names the fields of app.Profile that are not in it, and secrets
	// as "Secret.<kind>".
	Missing []string
	// ClientID is the client identifier in it when it stands for a fixed one:
	// another one, so that the copy does not evict the connection.
	ClientID string
	// Variable is the environment variable that it reads the password from, or
	// empty.
	Variable string
}
