package secrets

import (
	"fmt"
	"io"
	"log/slog"
)

// fmt prints unexported fields by reflection and never asks app.Secret how it
// wants to be shown. So every type that holds secrets answers for itself.

// Format implements fmt.Formatter: no verb shows a secret.
func (*Keyring) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "secrets.Keyring") }

// LogValue implements slog.LogValuer.
func (*Keyring) LogValue() slog.Value { return slog.StringValue("secrets.Keyring") }

// Format implements fmt.Formatter: no verb shows a secret.
func (*Session) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "secrets.Session") }

// LogValue implements slog.LogValuer.
func (*Session) LogValue() slog.Value { return slog.StringValue("secrets.Session") }

// Format implements fmt.Formatter: no verb shows a secret.
func (*Vault) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "secrets.Vault") }

// LogValue implements slog.LogValuer.
func (*Vault) LogValue() slog.Value { return slog.StringValue("secrets.Vault") }

// Format implements fmt.Formatter: no verb shows a secret.
func (*Router) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "secrets.Router") }

// LogValue implements slog.LogValuer.
func (*Router) LogValue() slog.Value { return slog.StringValue("secrets.Router") }
