package page_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/page"
)

// hostile is what somebody may write into any text of a pull request.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`<details open ontoggle=alert(1)><summary>x`,
	`<b onclick=alert(1)>x</b>`,
	"<!-- > <script>alert(1)</script> -->",
	"<!--><img src=x>-->",
	`[x](javascript:alert(1)) ![y](https://example.com/z.png) <javascript:alert(1)>`,
	"</style></title></pre></code></table></main><iframe src=//example.com>",
	"<style>@import url(//example.com)</style><link rel=stylesheet href=//example.com><base href=//example.com>",
	"```\"><img src=x>\n<img src=x>\n```",
	"<svg/onload=alert(1)>\n\n<math><mi xlink:href=\"javascript:alert(1)\">",
	"<a href='javascript:alert(1)' style=x>x</a>",
	"[a]: javascript:alert(1)\n\n[a]",
	"<",
	"<b",
	"<!",
	"<!-- never closed <img src=x>",
	"\u202e\u2066gnp.exe\u200b",
	"%s %d %!",
}

func pull(text string) *page.Pull {
	return &page.Pull{
		Repo: text, Number: 5, Title: text, Body: text, Author: text, Branch: text, Into: text, Path: text,
		Before: "one\n" + text + "\n", After: text + "\ntwo\n", Job: text, Note: text,
		Checks: []fake.CheckRun{{
			Name: text, Conclusion: text, Title: text, Summary: text,
			Annotations: []fake.Annotation{{Path: text, StartLine: 1, EndLine: 1, Level: text, Title: text, Message: text}},
		}},
		Comments: []fake.Comment{{Author: text, Body: text}},
		Reviews:  []fake.ReviewComment{{Path: text, Line: 900, Author: text, Body: text}},
	}
}

// The elements and attributes that a page is made of. The one style element is ours.
var (
	elements = strings.Fields("html head meta title style body main header p b br h1 h2 h3 h4 h5 h6 span code nav a section article div ul ol li " +
		"details summary sub sup del em strong pre table thead tbody tr th td input hr blockquote footer")
	attributes = strings.Fields("lang charset name content http-equiv id class href aria-hidden aria-label role colspan checked disabled type start align")
)

// TestHostile reads each page as a browser does, and finds nothing that could act or fetch.
func TestHostile(t *testing.T) {
	for _, text := range append(hostile, strings.Join(hostile, "\n\n")) {
		root, err := html.Parse(bytes.NewReader(pull(text).HTML()))
		if err != nil {
			t.Fatal(err)
		}
		styles := 0
		for n := range root.Descendants() {
			if n.Type == html.CommentNode {
				t.Errorf("%q: a comment: %q", text, n.Data)
			}
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "style" {
				styles++
			}
			if !slices.Contains(elements, n.Data) {
				t.Errorf("%q: an element %s", text, n.Data)
			}
			for _, a := range n.Attr {
				if problem := wrong(n.Data, a); problem != "" {
					t.Errorf("%q: %s", text, problem)
				}
			}
		}
		if styles != 1 {
			t.Errorf("%q: %d elements style, want 1", text, styles)
		}
	}
}

func wrong(element string, a html.Attribute) string {
	outside := a.Key == "href" && a.Val != "" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://")
	if outside || !slices.Contains(attributes, a.Key) || a.Key == "href" && element != "a" {
		return fmt.Sprintf("<%s %s=%q>", element, a.Key, a.Val)
	}
	return ""
}

// TestVisible holds that nothing turns the direction of what follows.
func TestVisible(t *testing.T) {
	if got := string(pull("a\u202eb\u200bc").HTML()); strings.ContainsAny(got, "\u202e\u200b") || !strings.Contains(got, "a⟨U+202E⟩b⟨U+200B⟩c") {
		t.Error("marks that cannot be seen are on the page")
	}
}

// TestMarkdown holds what GitHub would show of what boardgate writes.
func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"<!-- boardgate name= -->\n## boardgate pass":              "<h2>boardgate pass</h2>",
		"| a |\n| --- |\n| ~~b~~ |":                                "<td><del>b</del></td>",
		"<details><summary>2 older</summary>\n\n- x\n\n</details>": "<details><summary>2 older</summary>\n<ul>\n<li>x</li>\n</ul>\n</details>",
		"```suggestion\n- one, PR #5\n```":                         `<pre class="suggestion"><code>- one, PR #5`,
		"![a cat](https://example.com/cat.png)":                    "<p>[picture: a cat]</p>",
		"a <i>b</i> c":                                             "a &lt;i&gt;b&lt;/i&gt; c",
		"a <br> <!-- quiet --> b":                                  "a <br>  b",
	} {
		p := &page.Pull{Body: in}
		if got := string(p.HTML()); !strings.Contains(got, want) {
			_, got, _ = strings.Cut(got, `<div class="markdown">`)
			got, _, _ = strings.Cut(got, "</article>")
			t.Errorf("%q: got %s\nwant in it %s", in, got, want)
		}
	}
}

func TestDiff(t *testing.T) {
	got := page.Diff("a\nb\nc\n", "a\nB\nc\nd")
	want := []page.Line{
		{Mark: '@', Text: "@@ -1,3 +1,4 @@"},
		{' ', 1, 1, "a"},
		{'-', 2, 0, "b"},
		{'+', 0, 2, "B"},
		{' ', 3, 3, "c"},
		{'+', 0, 4, "d"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := page.Diff("a\n", "a\n"); got != nil {
		t.Errorf("no change: %v", got)
	}
	if got := page.Diff("", "a\n"); len(got) != 2 || got[1] != (page.Line{Mark: '+', New: 1, Text: "a"}) {
		t.Errorf("a new file: %v", got)
	}
}

// TestPlaces puts each annotation and comment under its line, and the rest below the diff.
func TestPlaces(t *testing.T) {
	p := &page.Pull{
		Path: "B.md", Before: "a\nb\n", After: "a\nc\n",
		Checks:  []fake.CheckRun{{Annotations: []fake.Annotation{{Path: "B.md", StartLine: 2, EndLine: 2, Level: "failure", Title: "near"}, {Path: "B.md", StartLine: 8, EndLine: 9, Title: "far"}}}},
		Reviews: []fake.ReviewComment{{Path: "B.md", Line: 2, Author: "github-actions[bot]", Body: "```suggestion\nd\n```"}},
	}
	_, files, _ := strings.Cut(string(p.HTML()), `id="files"`)
	files, _, _ = strings.Cut(files, "</section>")
	last := 0
	for _, want := range []string{`<td class="t">c</td>`, "near", "commented on line 2", `class="suggestion"`, "</table>", "on lines 8 to 9", "far"} {
		at := strings.Index(files, want)
		if at < last {
			t.Errorf("%q stands at %d, after %d:\n%s", want, at, last, files)
		}
		last = at
	}
}
