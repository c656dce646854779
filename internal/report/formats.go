package report

// Format is a way to write a report.
type Format func(*Report, Options) []byte

// formats are those that a user may name. Of production by itself there are no
// places in files to tell of, which is all that sarif and github are for.
var formats = [...]struct {
	name       string
	write      Format
	production bool
}{
	{"text", Text, true},
	{"json", JSON, true},
	{"sarif", SARIF, false},
	{"junit", JUnit, true},
	{"markdown", Markdown, true},
	{"github", GitHub, false},
}

// Formats lists the names that FormatNamed knows, for usage and completion.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// ProductionFormats lists those that can write a report on production alone.
func ProductionFormats() []string {
	var names []string
	for _, f := range formats {
		if f.production {
			names = append(names, f.name)
		}
	}
	return names
}

// FormatNamed returns the format of a name and whether there is one.
func FormatNamed(name string) (Format, bool) {
	for _, f := range formats {
		if f.name == name {
			return f.write, true
		}
	}
	return nil, false
}
