package command

import (
	"io"

	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

const completionLong = `Prints the script by which a shell completes commands, flags, rules and formats.
To load it:

  bash        source <(boardgate completion bash)  # needs bash-completion
  zsh         boardgate completion zsh > "${fpath[1]}/_boardgate"
  fish        boardgate completion fish | source
  powershell  boardgate completion powershell | Out-String | Invoke-Expression`

func completionCommand(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print the script by which a shell completes",
		Long:      completionLong,
		ValidArgs: shells,
		Args:      oneArgumentOf("completion", shells),
		RunE:      func(c *cobra.Command, args []string) error { return generate(c.Root(), args[0], p.Stdout) },
	}
}

// generate writes a shell's script with a description of each command.
func generate(root *cobra.Command, shell string, out io.Writer) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(out, true)
	case "zsh":
		return root.GenZshCompletion(out)
	case "fish":
		return root.GenFishCompletion(out, true)
	}
	return root.GenPowerShellCompletionWithDesc(out)
}
