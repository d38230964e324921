// Package e2e tests the real program from outside: the binary in a window on
// a virtual display, driven with mouse and keyboard by xdotool, with
// mosquitto_pub and mosquitto_sub as the other side. The tests have the build
// tag e2e; `make e2e` builds the program and runs them, `make shots` keeps a
// picture of every screen in build/shots.
//
// The program says what it shows through `--state FILE`: after every change
// it replaces the file, atomically, by the JSON of one State. A test waits
// until a State satisfies a condition and never for a time to pass.
//
// Environment: TIDINGS_BIN is the program (required), TIDINGS_SHOTS the
// folder for pictures (default: the test's own), TIDINGS_SCREENS a list of
// screens for TestScreens (default: all).
package e2e
