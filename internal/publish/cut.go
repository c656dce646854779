package publish

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/text"
)

// CutMarkdown returns Markdown of at most max bytes that ends after a whole
// line, with what was open there closed, and says how much is missing.
func CutMarkdown(s string, max int) string {
	if len(s) <= max {
		return s
	}
	const room = 512 // for what closes and what is said; nesting is shallow in what we write
	head := text.ClipBytes(s, max-room)
	if i := strings.LastIndexByte(head, '\n'); i > 0 {
		head = head[:i]
	}
	return head + closing(head) + fmt.Sprintf("\n\n*Cut here: %d bytes more. The job's log has every finding.*\n", len(s)-len(head))
}

// closing is what closes the code fence and the details that are open at the end of a text.
func closing(s string) string {
	fence, details := "", 0
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(line, fence) && strings.Trim(line, fence[:1]) == "" {
				fence = ""
			}
		case strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~"):
			fence = line[:len(line)-len(strings.TrimLeft(line, line[:1]))]
		default:
			details += strings.Count(line, "<details") - strings.Count(line, "</details>")
		}
	}
	out := ""
	if fence != "" {
		out = "\n" + fence
	}
	return out + strings.Repeat("\n\n</details>", max(0, min(details, 8)))
}
