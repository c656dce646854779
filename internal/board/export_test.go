package board

// Markdown is the parser of a board's blocks and of what stands inside them.
var Markdown = markdown
