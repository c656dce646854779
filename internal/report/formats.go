package report

// Formats lists the names that FormatNamed knows, for usage and completion.
func Formats() []string {
	return []string{"text", "json", "sarif", "junit", "markdown", "github"}
}

// FormatNamed returns the format of a name and whether there is one.
func FormatNamed(name string) (Format, bool) {
	switch name {
	case "text":
		return Text, true
	case "json":
		return JSON, true
	case "sarif":
		return SARIF, true
	case "junit":
		return JUnit, true
	case "markdown":
		return Markdown, true
	case "github":
		return GitHub, true
	}
	return nil, false
}
