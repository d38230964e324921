//go:build e2e && linux

package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// startDisplay opens a virtual display and returns its name. Xvfb picks a
// number that is free and says it through a pipe. Its keys do not repeat (-r): a
// busy machine may leave one pressed for longer than it takes to begin that.
func startDisplay(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", "-r")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not say which display it opened: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}
