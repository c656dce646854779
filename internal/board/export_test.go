package board

import "github.com/yuin/goldmark/parser"

// Markdown is the parser of a board's blocks and of what stands inside them.
func Markdown(inline bool) parser.Parser { return markdown(inline, &meter{mostLooks}) }
