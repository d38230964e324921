// Package snippet writes a connection as something to paste elsewhere: a URL,
// a command line of mosquitto's clients or of tidingsctl, or a program in Go,
// Python, JavaScript or for an ESP32. Without the password, unless it is handed
// over: programs and commands then read MQTT_PASSWORD from the environment, and
// tidingsctl TIDINGS_PASSWORD, where it is also put when it is handed over.
//
// Names, topics and payloads are hostile: in every language they are quoted
// so that none can end its literal, and a terminal gets no control
// characters.
package snippet
