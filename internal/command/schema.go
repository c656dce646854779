package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

var schemas = []string{"config", "report"}

func schemaCommand(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:       "schema config|report",
		Short:     "Print the JSON Schema of the configuration or of the JSON report",
		Example:   "  boardgate schema config > boardgate.schema.json",
		ValidArgs: schemas,
		Args:      oneArgumentOf("schema", schemas),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "config" {
				return p.write(config.Schema(rule.Infos()))
			}
			return p.write(report.Schema())
		},
	}
}

// oneArgumentOf asks for exactly one of the names.
func oneArgumentOf(command string, names []string) cobra.PositionalArgs {
	usage := fmt.Sprintf("It is one of %s, as in `boardgate %s %s`.", strings.Join(names, ", "), command, names[0])
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) != 1:
			return misuse(usage, "%s takes one argument, not %d", command, len(args))
		case !slices.Contains(names, args[0]):
			return misuse(usage, "%s %s: there is no such %[1]s", command, args[0])
		}
		return nil
	}
}
