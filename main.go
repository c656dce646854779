// Boardgate holds a Markdown board to its own rules: what a team does now,
// next, and has done.
//
// The program reads as its data travels: source (places in texts), git (what
// was before), board (Markdown to a board), config (the configuration), compare
// (two boards to changes), fact (what is asked of the world), rule (the rules
// and their books), change (both sides of a change, from wherever they are),
// report (findings to words), publish (a report to where people look), command
// (one file a subcommand). event says what woke the gate, github
// reads and writes through the API where there is no work tree, probe asks
// production, and incident decides about the one issue that tells of it.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/boardgate/boardgate/internal/command"
)

// Set at build with -ldflags "-X main.version=1.2.3 -X main.commit=…"; where they
// are empty, Go's build information counts.
var version, commit string

func main() { os.Exit(run(func(*command.Process) {})) }

// run hands the process's world, as it was set by the caller, to the commands
// and returns the exit status.
func run(set func(*command.Process)) int {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "boardgate: finding the working directory:", err)
		return command.Unverified
	}
	p := &command.Process{
		Args:    os.Args[1:],
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Getenv:  os.Getenv,
		Environ: os.Environ,
		Now:     time.Now,
		Sleep:   sleep,
		Random:  rand.Reader,
		Dir:     dir,
		Version: version,
		Commit:  commit,
	}
	p.Watched = term.IsTerminal(int(os.Stderr.Fd()))
	if out := int(os.Stdout.Fd()); term.IsTerminal(out) {
		p.Terminal = true
		if width, _, err := term.GetSize(out); err == nil {
			p.Width = width
		}
	}
	set(p)
	return command.Run(context.Background(), p)
}

// sleep waits, but no longer than the context lives.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
