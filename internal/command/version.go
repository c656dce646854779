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
	return p.write([]byte(versionText(p.version(), p.Commit, info)))
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

// ref names this boardgate in a workflow: a release's tag, else the commit that
// it was built from; empty where neither is known.
func (p *Process) ref() string {
	commit := p.Commit
	if info, ok := debug.ReadBuildInfo(); ok && commit == "" {
		commit = settings(info)["vcs.revision"]
	}
	return cmp.Or(release(p.version()), commit)
}

func settings(info *debug.BuildInfo) map[string]string {
	out := map[string]string{}
	for _, s := range info.Settings {
		out[s.Key] = s.Value
	}
	return out
}

// versionText returns the version, and the commit, Go and system of the build
// as far as they are known.
func versionText(version, commit string, info *debug.BuildInfo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "boardgate %s\n", version)
	if info == nil {
		return b.String()
	}
	set := settings(info)
	if commit = cmp.Or(commit, set["vcs.revision"]); commit != "" {
		b.WriteString("commit " + commit)
		if at := set["vcs.time"]; at != "" {
			b.WriteString(" of " + at)
		}
		if set["vcs.modified"] == "true" {
			b.WriteString(", with changes")
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s %s/%s\n", info.GoVersion, set["GOOS"], set["GOARCH"])
	return b.String()
}
