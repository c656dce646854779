package board

import "bytes"

var bom = []byte("\xef\xbb\xbf")

// blank returns the text with spaces in place of what a Markdown parser would
// misread: the byte order mark hides the first heading, front matter parses as
// a rule and a heading, a comment on a board of Obsidian's as a paragraph. Offsets
// stay. It also returns where the front matter and these comments stood.
func blank(text []byte) (out []byte, front region, comments []region) {
	out = bytes.Clone(text)
	if bytes.HasPrefix(out, bom) {
		copy(out, "   ")
	}
	carriageReturns(out)
	front = frontMatter(out)
	if bytes.Contains(text[front.start:front.end], []byte("kanban-plugin")) {
		comments = obsidianComments(out)
	}
	return out, front, comments
}

// carriageReturns makes every line end in a newline alone.
func carriageReturns(out []byte) {
	for i, b := range out {
		if b != '\r' {
			continue
		}
		out[i] = '\n'
		if i+1 < len(out) && out[i+1] == '\n' {
			out[i] = ' '
		}
	}
}

// frontMatter wipes a block between two lines of three dashes at the very start. It
// needs a key in it: two separators with prose between them are not front matter.
func frontMatter(out []byte) region {
	start := 0
	if bytes.HasPrefix(out, []byte("   ---")) {
		start = len(bom)
	}
	if !lineIs(out[start:], "---") {
		return region{}
	}
	keys := false
	for at := nextLine(out, start); at < len(out) && out[at] != '#'; at = nextLine(out, at) {
		end := lineEnd(out, at)
		if !lineIs(out[at:], "---") && !lineIs(out[at:], "...") {
			keys = keys || bytes.IndexByte(out[at:end], ':') > 0
			continue
		}
		if !keys {
			break
		}
		wipe(out[start:end])
		return region{start, end}
	}
	return region{}
}

// obsidianComments wipes %% … %% blocks that start a line, and returns where they
// stood, the settings of the plugin aside.
func obsidianComments(out []byte) (comments []region) {
	for at := 0; at < len(out); at = nextLine(out, at) {
		if !bytes.HasPrefix(out[at:], []byte("%%")) {
			continue
		}
		end := bytes.Index(out[at+2:], []byte("%%"))
		if end < 0 {
			break
		}
		if !bytes.HasPrefix(out[at+2:], []byte(" kanban:settings")) {
			comments = append(comments, region{at + 2, at + 2 + end})
		}
		wipe(out[at : at+2+end+2])
	}
	return comments
}

func wipe(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

func lineEnd[T string | []byte](b T, at int) int {
	for at < len(b) && b[at] != '\n' {
		at++
	}
	return at
}

func nextLine[T string | []byte](b T, at int) int { return min(lineEnd(b, at)+1, len(b)) }

func lineIs(b []byte, want string) bool {
	return string(bytes.TrimRight(b[:lineEnd(b, 0)], " \t")) == want
}
