package main

import (
	"os"
	"syscall"
)

// peak returns the most memory that a process had, in MiB.
func peak(s *os.ProcessState) float64 {
	return float64(s.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // in KiB on Linux
}
