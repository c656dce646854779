package command

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func versionCommand(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and what it was built from",
		Args:  atMost(0),
		RunE:  func(*cobra.Command, []string) error { return p.printVersion() },
	}
}

func (p *Process) printVersion() error {
	info, _ := debug.ReadBuildInfo()
	return p.write([]byte(versionText(p.version(), info)))
}

// version returns the version given at build, else the module's own.
func (p *Process) version() string {
	if p.Version != "" {
		return p.Version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return cmp.Or(info.Main.Version, "(devel)")
	}
	return "(unknown)"
}

// versionText returns the version, and the commit, Go and system of the build
// as far as they are known.
func versionText(version string, info *debug.BuildInfo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "boardgate %s\n", version)
	if info == nil {
		return b.String()
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if commit := set["vcs.revision"]; commit != "" {
		changed := ""
		if set["vcs.modified"] == "true" {
			changed = ", with changes"
		}
		fmt.Fprintf(&b, "commit %s of %s%s\n", commit, set["vcs.time"], changed)
	}
	fmt.Fprintf(&b, "%s %s/%s\n", info.GoVersion, set["GOOS"], set["GOARCH"])
	return b.String()
}
