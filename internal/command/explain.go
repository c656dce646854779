package command

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/rule"
)

func explainCommand(p *Process) *cobra.Command {
	examples := false
	c := &cobra.Command{
		Use:               "explain [RULE]",
		Short:             "List the rules, or say what one is for, with examples",
		Example:           "  boardgate explain\n  boardgate explain wip-limit\n  boardgate explain wip-limit --examples",
		Args:              atMost(1),
		ValidArgsFunction: completeRule,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.write(ruleList())
			}
			return p.explain(args[0], examples)
		},
	}
	c.Flags().BoolVar(&examples, "examples", false, "print every example of the rule")
	return c
}

func completeRule(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return ruleNames(), cobra.ShellCompDirectiveNoFileComp
}

func ruleNames() []string {
	var names []string
	for _, r := range rule.All() {
		names = append(names, r.Name)
	}
	return names
}

// ruleList is a line a rule: name, severity, the first sentence of its book.
func ruleList() []byte {
	var out bytes.Buffer
	width := 0
	for _, name := range ruleNames() {
		width = max(width, len(name))
	}
	for _, r := range rule.All() {
		book, _ := rule.BookOf(r.Name)
		fmt.Fprintf(&out, "%-*s  %-7s  %s\n", width, r.Name, r.Severity, book.Title)
	}
	out.WriteString("\n`boardgate explain RULE` says why, with examples.\n")
	return out.Bytes()
}

// explain prints a rule's book: of its examples all, or the first that it speaks
// at and the first that it is silent at.
func (p *Process) explain(name string, all bool) error {
	book, ok := rule.BookOf(name)
	if !ok {
		return misuse(cmp.Or(didYouMean(name, ruleNames()), "`boardgate explain` lists the rules."), "unknown rule %q", name)
	}
	if all {
		return p.write(bookText(book))
	}
	whole := len(book.Examples)
	speaks := func(e rule.Example) bool { return e.Want != "" }
	silent := func(e rule.Example) bool { return e.Want == "" }
	book.Examples = slices.Concat(firstOfKind(book.Examples, speaks), firstOfKind(book.Examples, silent))
	more := fmt.Sprintf("\n`boardgate explain %s --examples` prints all %d examples.\n", name, whole)
	return p.write(append(bookText(book), more...))
}

// firstOfKind returns the first example of a kind, none where there is none.
func firstOfKind(examples []rule.Example, kind func(rule.Example) bool) []rule.Example {
	i := slices.IndexFunc(examples, kind)
	if i < 0 {
		return nil
	}
	return examples[i : i+1]
}

// bookText is a book in Markdown: its prose, then each example's files and what is said of it.
func bookText(b rule.Book) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s: %s\n\n%s\n", b.Rule, b.Title, b.Prose)
	for _, e := range b.Examples {
		fmt.Fprintf(&out, "\nExample: %s\n", strings.ReplaceAll(e.Name, "-", " "))
		for _, f := range e.Files {
			fmt.Fprintf(&out, "\n  %s\n%s", f.Name, indent(string(f.Data), "    "))
		}
		says := cmp.Or(e.Want, "nothing\n")
		fmt.Fprintf(&out, "\n  says\n%s", indent(says, "    "))
	}
	return out.Bytes()
}

// indent puts lead before every line that is not empty.
func indent(text, lead string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(lead)
		}
		b.WriteString(line)
	}
	if !strings.HasSuffix(text, "\n") {
		b.WriteString("\n")
	}
	return b.String()
}
