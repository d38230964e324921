// Package cmdline reads command lines of mosquitto_sub and mosquitto_pub as
// people paste them, in the quoting of sh or of the Windows prompt, and a
// single URL. Nothing is run, no variable and no file is looked up.
//
// What is subscribed becomes subscriptions, what is published a template;
// command lines with the same connection become one.
package cmdline
