// Package format is the language of `tidingsctl sub -F`, which is that of
// mosquitto_sub: a text in which %, @ and \ introduce what a message says, its
// time, and characters that are hard to type.
//
// Parse refuses what it does not know, so that a mistake shows before the
// first message. Where this differs from mosquitto_sub, its output would not
// be what it claims: %j and %J always give valid JSON (bytes that are no UTF-8
// become U+FFFD, and a payload that is no JSON becomes a string), and widths
// count characters, not bytes.
package format
