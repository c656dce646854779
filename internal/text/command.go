package text

import "strings"

// The escapes of a runner's workflow commands are those of the Actions toolkit:
// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// CommandData escapes the message of a workflow command, which is made of lines
// that Visible returned.
func CommandData(s string) string { return commandData.Replace(s) }

// CommandProperty makes a value of a workflow command's property visible and
// escapes it.
func CommandProperty(s string) string { return commandProperty.Replace(Visible(s)) }
