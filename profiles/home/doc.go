// Package home says where Tidings keeps its files and sees to it that one
// program at a time uses them.
package home
