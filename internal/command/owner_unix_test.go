//go:build unix

package command

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What root writes into a workspace is its owner's, who has to take it away.
func TestReportIsTheWorkspaceOwners(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root gives files away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 1234, 1235); err != nil {
		t.Fatal(err)
	}
	to := target{dir, "out/of/report.json"}
	if err := errors.Join(to.makeFolders(give), to.save([]byte("{}"), give)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"out", "out/of", "out/of/report.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if s := info.Sys().(*syscall.Stat_t); s.Uid != 1234 || s.Gid != 1235 {
			t.Errorf("owner of %s %d:%d", name, s.Uid, s.Gid)
		}
	}
}
