//go:build unix

package command

import (
	"os"
	"syscall"
)

// give makes a file the folder owner's. Only root can, and only root must.
func give(root *os.Root, name string) {
	info, err := root.Stat(".")
	if err != nil {
		return
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		_ = root.Lchown(name, int(owner.Uid), int(owner.Gid))
	}
}
