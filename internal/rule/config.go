package rule

import (
	"bytes"
	"fmt"

	"github.com/boardgate/boardgate/internal/config"
)

// Config reports what is wrong in a configuration that this change edits, and a
// change that would have another file judged from now on.
var Config = declare(&Rule{
	Name:     "config",
	Severity: Error,
	Always:   true,
	Fixed:    true,
	Check: func(p *Pass) {
		if p.HeadConfig != nil {
			for _, f := range p.HeadConfig.Faults {
				p.Report(Faulty(f))
			}
		}
		for _, r := range p.Redirects {
			p.Report(r.finding(p.configPath()))
		}
	},
})

// Faulty returns the finding about what is wrong in a configuration.
func Faulty(f config.Fault) Finding {
	hint := f.Hint
	if f.Example {
		hint = "Write it as in:\n" + hint
	}
	return Finding{Rule: "config", Severity: Error, Span: f.Span, Message: f.Message, Hint: hint, Key: f.Message, Introduced: true}
}

// configPath returns where the configuration is, or would be.
func (c *Case) configPath() string {
	switch {
	case c.HeadConfig != nil:
		return c.HeadConfig.File.Path
	case c.Policy.Source != config.Default().Source:
		return c.Policy.Source
	}
	return ".github/boardgate.yml"
}

// finding says where the head would have the file, and how it stays where it is.
func (r Redirect) finding(configPath string) Finding {
	keep := fmt.Sprintf("%s: %s", r.Key, config.Scalar(r.Path))
	f := Finding{Key: "elsewhere " + r.Key, Hint: fmt.Sprintf("Name %s in %s:\n%s", r.What, configPath, keep)}
	if r.By != nil {
		f.Span = r.By.LineSpan(1)
	}
	becomes := fmt.Sprintf("%s would be %s from now on", r.To, r.What)
	switch {
	case r.To == "":
		becomes = fmt.Sprintf("%s would not be found from now on", r.What)
	case r.Key == "board" && r.By != nil && len(bytes.TrimSpace(r.By.Text)) == 0:
		becomes = fmt.Sprintf("%s would be %s as soon as it has a column", r.To, r.What)
	}
	switch {
	case r.Named:
		f.Span = configLine(r.By, r.Key)
		f.Message = fmt.Sprintf("this change sets `%s: %s` while %s %s still exists, which was read in its place.", r.Key, r.To, r.What, r.Path)
		f.Hint = fmt.Sprintf("If %s takes its place, remove %s in this change; if not, keep:\n%s", r.To, r.Path, keep)
	case r.Unnamed:
		f.Message = fmt.Sprintf("%s, because the configuration no longer says `%s: %s`.", becomes, r.Key, r.Path)
	default:
		f.Message = fmt.Sprintf("%s, because it is looked for before %s, which still exists and was read.", becomes, r.Path)
	}
	if r.Key == "archive" {
		f.Severity = Warning // it can only excuse an item that it names
	}
	return f
}
