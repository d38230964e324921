package fleet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/<pid>/stat: Linux reports hundredths of a second
// whatever it counts in.
const tick = 10 * time.Millisecond

// CPU returns the processor time the broker has used so far, of user and
// system. It is known on Linux alone, to a hundredth of a second.
func (b *Broker) CPU() (time.Duration, error) { return cpu(strconv.Itoa(b.cmd.Process.Pid)) }

// OwnCPU is CPU for the process that calls it.
func OwnCPU() (time.Duration, error) { return cpu("self") }

func cpu(pid string) (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return 0, err
	}
	return parseCPU(string(text))
}

// parseCPU reads utime and stime, the 14th and 15th field. The second one is
// the name in parentheses, and a name may hold anything.
func parseCPU(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("stat of %d fields", len(fields))
	}
	user, err := strconv.ParseUint(fields[11], 10, 64)
	system, err2 := strconv.ParseUint(fields[12], 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err, err2)
}

// RSS returns the memory the broker has resident, in bytes. It is known on
// Linux alone.
func (b *Broker) RSS() (uint64, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(b.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	return parseRSS(string(text))
}

func parseRSS(status string) (uint64, error) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}
