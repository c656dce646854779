// Package page draws a pull request as one HTML page, roughly as GitHub would:
// the conversation, the checks, the annotated diff.
//
// The page stands by itself: no script, no address of anything but links. All
// text is escaped, and Markdown is rendered without the HTML in it, but for the
// few bare tags that GitHub lets through and boardgate writes.
package page

import (
	_ "embed"
	"fmt"
	"html"
	"strings"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/text"
)

// Pull is a pull request to draw.
type Pull struct {
	Repo         string // "owner/name"
	Number       int
	Title, Body  string // Body is Markdown
	Author       string
	Branch, Into string

	Path          string // the file it changes
	Before, After string // its text

	Job  string // the name of the job that the branch's rules require
	Pass bool   // how the job ended

	Checks   []fake.CheckRun
	Comments []fake.Comment
	Reviews  []fake.ReviewComment

	Note string // what stands at the foot
}

//go:embed page.css
var css string

// canvas is the page as far as it is written.
type canvas struct{ strings.Builder }

// raw is HTML already.
type raw string

// printf writes a format, each argument escaped but the raw ones.
func (c *canvas) printf(format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = html.EscapeString(text.Block(s))
		}
	}
	fmt.Fprintf(c, format, args...)
}

// HTML returns the page.
func (p *Pull) HTML() []byte {
	c := &canvas{}
	c.printf(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s · Pull request #%d · %s</title>
<style>
%s</style>
</head>
<body>
<main>
`, p.Title, p.Number, p.Repo, raw(css))
	p.drawHeader(c)
	p.drawConversation(c)
	p.drawMergeBox(c)
	p.drawFiles(c)
	p.drawChecks(c)
	c.printf("<footer>%s</footer>\n</main>\n</body>\n</html>\n", p.Note)
	return []byte(c.String())
}

func (p *Pull) drawHeader(c *canvas) {
	owner, name, _ := strings.Cut(p.Repo, "/")
	c.printf(`<header>
<p class="repo">%s / <b>%s</b></p>
<h1>%s <span class="number">#%d</span></h1>
<p class="state"><span class="badge open">Open</span> <span><b>%s</b> wants to merge 1 commit into <code>%s</code> from <code>%s</code></span></p>
<nav><a href="#conversation">Conversation</a> <a href="#files">Files changed</a> <a href="#checks">Checks</a></nav>
</header>
`, owner, name, p.Title, p.Number, p.Author, p.Into, p.Branch)
}

func (p *Pull) drawConversation(c *canvas) {
	c.printf("<section id=\"conversation\">\n")
	drawComment(c, p.Author, "opened this pull request", p.Body)
	for _, m := range p.Comments {
		drawComment(c, m.Author, "commented", m.Body)
	}
	c.printf("</section>\n")
}

// drawComment draws a comment.
func drawComment(c *canvas, author, did, body string) {
	name, isBot := strings.CutSuffix(author, "[bot]")
	var label raw
	if isBot {
		label = ` <span class="label">bot</span>`
	}
	c.printf("<article class=\"comment\">\n<p class=\"by\">%s<b>%s</b>%s %s</p>\n<div class=\"markdown\">\n%s</div>\n</article>\n",
		avatar(author), name, label, did, renderMarkdown(body))
}

// avatar is the first letter of an author, where a picture would be.
func avatar(author string) raw {
	for _, r := range author {
		return raw(`<span class="face" aria-hidden="true">` + html.EscapeString(strings.ToUpper(text.Visible(string(r)))) + `</span>`)
	}
	return ""
}

// drawMergeBox draws the box above the button to merge.
func (p *Pull) drawMergeBox(c *canvas) {
	class, title, lead, merge := "bad", "Some checks were not successful", "Merging is blocked", "The required check has not succeeded."
	if p.Pass {
		class, title, lead, merge = "good", "All checks have passed", "This branch can be merged", "The required check has succeeded."
	}
	c.printf("<section class=\"gate %s\">\n<h2>%s%s</h2>\n<ul>\n", class, icon(p.Pass), title)
	c.printf("<li>%s<span><b>%s</b> <span class=\"quiet\">the job</span></span> <span class=\"label\">Required</span></li>\n", icon(p.Pass), p.Job)
	for _, k := range p.Checks {
		c.printf("<li>%s<span><b>%s</b> <span class=\"quiet\">%s</span></span> <a href=\"#checks\">Details</a></li>\n", conclusionIcon(k.Conclusion), k.Name, k.Title)
	}
	c.printf("</ul>\n<p class=\"merge\">%s<span><b>%s</b><br><span class=\"quiet\">%s</span></span></p>\n</section>\n", icon(p.Pass), lead, merge)
}

func icon(good bool) raw {
	if good {
		return `<span class="icon good" role="img" aria-label="success">✓</span>`
	}
	return `<span class="icon bad" role="img" aria-label="failure">✕</span>`
}

// conclusionIcon is the icon of a check run: one that is neutral neither passes nor fails.
func conclusionIcon(conclusion string) raw {
	if conclusion == "neutral" {
		return `<span class="icon idle" role="img" aria-label="neutral">–</span>`
	}
	return icon(conclusion == "success")
}

// drawChecks draws each check run's own page.
func (p *Pull) drawChecks(c *canvas) {
	c.printf("<section id=\"checks\">\n<h2 class=\"part\">Checks</h2>\n")
	for _, k := range p.Checks {
		c.printf("<article class=\"check\">\n<p class=\"by\">%s<b>%s</b> <span class=\"quiet\">%s</span></p>\n<div class=\"markdown\">\n<h1>%s</h1>\n%s</div>\n",
			conclusionIcon(k.Conclusion), k.Name, k.Conclusion, k.Title, renderMarkdown(k.Summary))
		c.printf("<h3 class=\"count\">%d annotations</h3>\n", len(k.Annotations))
		for _, a := range k.Annotations {
			drawAnnotation(c, a, fmt.Sprintf("%s#L%d", a.Path, a.StartLine))
		}
		c.printf("</article>\n")
	}
	c.printf("</section>\n")
}

// drawAnnotation draws an annotation.
func drawAnnotation(c *canvas, a fake.Annotation, place string) {
	level := a.Level
	if level != "failure" && level != "warning" {
		level = "notice"
	}
	c.printf("<div class=\"annotation %s\">\n<p><b>Check %s</b> <span class=\"quiet\">%s</span></p>\n<p><b>%s</b></p>\n<pre>%s</pre>\n</div>\n",
		level, level, place, a.Title, a.Message)
}
