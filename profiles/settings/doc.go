// Package settings keeps what a person chose for the whole program (language,
// theme, memory budget, zoom, window size) in one TOML file.
package settings
