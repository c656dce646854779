package report

// Formats lists the names that FormatNamed knows, for usage and completion.
func Formats() []string { return []string{"text"} }

// FormatNamed returns the format of a name and whether there is one.
func FormatNamed(name string) (Format, bool) {
	switch name {
	case "text":
		return Text, true
	}
	return nil, false
}
