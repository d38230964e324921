package listener

import (
	"net"
	"syscall"
)

// keepAliveSeconds and keepAliveProbes are those of package net: a peer that
// vanished is found out within two and a half minutes, also when its client
// asked for no keep alive.
const (
	keepAliveSeconds = 15
	keepAliveProbes  = 9
)

// listenConfig returns how TCP is listened. Linux hands the options of the
// listening socket on to the accepted ones, which spares four system calls
// for every connection.
func listenConfig() *net.ListenConfig {
	lc := &net.ListenConfig{KeepAlive: -1, Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		set := func(level, option, value int) func(fd uintptr) {
			return func(fd uintptr) {
				if err := syscall.SetsockoptInt(int(fd), level, option, value); err != nil {
					failed = err
				}
			}
		}
		for _, do := range []func(fd uintptr){
			set(syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1),
			set(syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, keepAliveSeconds),
			set(syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, keepAliveSeconds),
			set(syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, keepAliveProbes),
		} {
			if err := raw.Control(do); err != nil {
				return err
			}
		}
		return failed
	}}
	lc.SetMultipathTCP(false) // older systems take none of the options on such a socket
	return lc
}
