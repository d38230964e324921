//go:build !linux

package listener

import "net"

// listenConfig returns how TCP is listened: package net asks every accepted
// socket for keep-alive probes.
func listenConfig() *net.ListenConfig { return new(net.ListenConfig) }
