// Package command is the command line: one file a subcommand.
//
// It wires the rooms together in one order: load both sides of the change, ask for
// facts, judge, render, write. The verdict stands before anything is written.
package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/text"
)

// Process is what the program may know of the world it runs in.
type Process struct {
	Args   []string // without the program's own name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string // empty for what is not set
	Now    func() time.Time
	Dir    string // the working directory, absolute

	// For those that talk to GitHub.
	Environ   func() []string // "KEY=value"
	Sleep     func(context.Context, time.Duration) error
	Random    io.Reader         // of cryptographic quality
	Transport http.RoundTripper // nil for the network as the environment and ca-file have it

	// World returns what asking production touches, nil for the network and the
	// clock of this process.
	World func(userAgent string, env func(string) (string, bool)) probe.World

	Terminal bool   // whether Stdout is one
	Watched  bool   // whether Stderr is a terminal
	Width    int    // of the terminal in columns, 0 where it is not known
	Version  string // set at build; empty for what Go's build information says
	Commit   string // that boardgate was built from, likewise
}

// The exit statuses; the first that holds.
const (
	Misused    = 2 // wrong use, or a broken configuration
	Failed     = 1 // an introduced, unwaived error
	Unverified = 3 // something that should have been there was not available
	Passed     = 0
)

// failure is an error and the exit status it ends in. One without words has
// said all in the report.
type failure struct {
	status int
	err    error
	hint   string
}

func (f *failure) Error() string {
	if f.err == nil {
		return fmt.Sprintf("exit status %d", f.status)
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// misuse is what the user can put right on the command line.
func misuse(hint, format string, args ...any) error {
	return &failure{Misused, fmt.Errorf(format, args...), hint}
}

// Run runs the command that the arguments name and returns the exit status.
func Run(ctx context.Context, p *Process) int {
	root := rootCommand(p)
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	return p.status(root.ExecuteContext(ctx))
}

// status says what went wrong, once, and returns the exit status.
func (p *Process) status(err error) int {
	if err == nil {
		return Passed
	}
	f := &failure{status: Misused, err: err}
	known, lacks := (*failure)(nil), (*change.Unavailable)(nil)
	switch {
	case errors.As(err, &known):
		f = known
	case errors.As(err, &lacks):
		f = &failure{Unverified, err, lacks.Hint}
	case errors.Is(err, change.ErrDirectory):
		f.hint = "Name a file in it."
	}
	if f.err != nil {
		fmt.Fprintf(p.Stderr, "boardgate: %s\n", text.Block(err.Error()))
	}
	for line := range strings.Lines(f.hint) {
		fmt.Fprintf(p.Stderr, "  %s\n", text.Block(strings.TrimSuffix(line, "\n")))
	}
	return f.status
}

func rootCommand(p *Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "boardgate",
		Short: "Holds a Markdown board to its own rules",
		Long: "boardgate judges what a change does to a Markdown board: its limits, its\n" +
			"Definitions of Done, the pull requests behind DONE. `boardgate demo` shows one.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,

		DisableFlagsInUseLine: true,
	}
	version := root.Flags().Bool("version", false, "print the version")
	root.RunE = func(c *cobra.Command, _ []string) error {
		if *version {
			return p.printVersion()
		}
		return c.Help()
	}
	root.SetFlagErrorFunc(unknownFlag)
	root.SetHelpCommand(helpCommand())
	root.SetUsageFunc(usage)
	root.CompletionOptions.DisableDefaultCmd = true // ours says so where there is no such shell
	root.AddCommand(checkCommand(p), prodFactsCommand(p), actionCommand(p), initCommand(p), doctorCommand(p), explainCommand(p), demoCommand(p), schemaCommand(p), versionCommand(p), completionCommand(p))
	return root
}

// helpWidth is how wide help is at most, in columns.
const helpWidth = 80

// usage prints what cobra prints, with the flags' words in lines of helpWidth. It is
// not a template of cobra's: text/template keeps the linker from leaving out methods
// that nothing calls, and makes the program much larger.
func usage(c *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage:\n  %s\n", c.UseLine())
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s [command]\n", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", c.Example)
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\nAvailable Commands:\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(&b, "\nFlags:\n%s\n", strings.TrimRight(c.LocalFlags().FlagUsagesWrapped(helpWidth), "\n"))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s [command] --help\" for more information about a command.\n", c.CommandPath())
	}
	_, err := io.WriteString(c.OutOrStderr(), b.String())
	return err
}

// helpCommand prints a command's help. Cobra's own ends well where there is no such command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print the help of a command",
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return knownCommand(found, rest)
			}
			return found.Help()
		},
	}
}

// atMost refuses more arguments than a command has use for.
func atMost(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		return misuse("`"+c.CommandPath()+" --help` says what it takes.", "unexpected argument %q", args[n])
	}
}

// knownCommand refuses what is not a command, with the nearest that is one.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	typed := args[0]
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
		if slices.Contains(sub.SuggestFor, typed) {
			typed = sub.Name()
		}
	}
	hint := cmp.Or(didYouMean(typed, names), "`boardgate --help` lists the commands.")
	if rule := text.Nearest(typed, ruleNames()); rule != "" && !slices.Contains(names, text.Nearest(typed, names)) {
		hint = fmt.Sprintf("`boardgate explain %s` explains the rule.", rule)
	}
	return misuse(hint, "unknown command %q", args[0])
}

// otherFlags are what other programs call a flag.
var otherFlags = map[string]string{"yes": "write", "y": "write"}

// unknownFlag adds to what is wrong with a flag where to look, or the nearest that is one.
func unknownFlag(c *cobra.Command, err error) error {
	hint := fmt.Sprintf("`%s --help` lists the flags.", c.CommandPath())
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		typed := unknown.GetSpecifiedName()
		near := text.Nearest(typed, names)
		if other := otherFlags[typed]; other != "" && c.Flags().Lookup(other) != nil {
			near = other
		}
		if near != "" {
			hint = fmt.Sprintf("Did you mean --%s?", near)
		}
	}
	return &failure{Misused, err, hint}
}

// didYouMean asks whether the nearest of the names was meant, "" where none is near.
func didYouMean(typed string, names []string) string {
	if near := text.Nearest(typed, names); near != "" {
		return fmt.Sprintf("Did you mean %q?", near)
	}
	return ""
}

// write puts text on standard output.
func (p *Process) write(data []byte) error {
	if _, err := p.Stdout.Write(data); err != nil {
		return &failure{Misused, fmt.Errorf("writing standard output: %w", err), ""}
	}
	return nil
}
