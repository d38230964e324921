// Package auth decides who may connect to the broker and what each client may
// do there: passwords, SCRAM-SHA-256, and rules over topics, read from
// mosquitto's own password and ACL files.
//
// The engine sees three small interfaces (Authenticator, Enhanced,
// Authorizer). AllowAll is all three for a broker without rules; a Guard is
// all three for one with them, and puts the parts together:
//
//	attempt limit per address → bounded verification → users → rules
//
// Everything here fails closed: a file that cannot be understood is an error
// with its line and never an empty set of rules, and a topic that no rule
// mentions is out of reach once there are rules at all.
package auth
