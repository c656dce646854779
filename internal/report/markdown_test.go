package report

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	gmtext "github.com/yuin/goldmark/text"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// page is what a reader with GitHub's extensions makes of a text.
type page struct {
	headings []string
	links    []string
	html     []string
	wrong    []string // what no report of ours holds
	prose    []string // runs of text outside code
}

// meantHTML is all the HTML that a report holds.
var meantHTML = regexp.MustCompile(`^(<details><summary>\d+ older findings?, not from this change: [a-z0-9, -]+</summary>|</details>)$`)

// acting is what GitHub makes something of in rendered text outside code.
var acting = regexp.MustCompile(`(?i)@[a-z0-9]|#\d|\bgh-\d|\b[0-9a-f]{7,40}\b|:[a-z0-9_+-]+:|://|www\.|<!--|-->|[a-z0-9.]@|\$`)

func readPage(src []byte) page {
	var p page
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			p.prose = append(p.prose, run.String())
			run.Reset()
		}
	}
	_ = ast.Walk(md.Parser().Parse(gmtext.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok {
			if entering {
				run.Write(t.Segment.Value(src))
				if t.SoftLineBreak() {
					run.WriteByte(' ')
				}
			}
			return ast.WalkContinue, nil
		}
		flush()
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			p.headings = append(p.headings, string(n.Lines().Value(src)))
		case *ast.Link:
			p.links = append(p.links, string(n.Destination))
		case *ast.HTMLBlock:
			p.html = append(p.html, strings.TrimSpace(string(n.Lines().Value(src))))
		case *ast.List:
			if n.Parent().Kind() == ast.KindListItem {
				p.wrong = append(p.wrong, fmt.Sprintf("a list in a list: %.60q", n.Lines().Value(src)))
			}
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML, *ast.Image, *ast.AutoLink, *east.TaskCheckBox, *ast.ThematicBreak, *ast.Blockquote, *ast.CodeBlock:
			p.wrong = append(p.wrong, fmt.Sprintf("%s: %.60q", n.Kind(), src))
		}
		return ast.WalkContinue, nil
	})
	flush()
	return p
}

var meantHeading = regexp.MustCompile(`^(boardgate (fail|pass|unverified)(: .*)?|In work and next|What moved|Errors|Warnings|Notices|Waived|Notes)$`)

// check reports what a page holds that no report means.
func (p page) check(t *testing.T, help string) {
	t.Helper()
	for _, w := range p.wrong {
		t.Errorf("became %s", w)
	}
	for _, h := range p.headings {
		if !meantHeading.MatchString(h) {
			t.Errorf("became a heading: %q", h)
		}
	}
	for _, l := range p.links {
		if help == "" || !strings.HasPrefix(l, help) {
			t.Errorf("became a link: %q", l)
		}
	}
	for _, h := range p.html {
		if !meantHTML.MatchString(h) {
			t.Errorf("became HTML: %q", h)
		}
	}
	if len(p.html)%2 != 0 {
		t.Errorf("<details> and </details> do not pair: %q", p.html)
	}
	for _, s := range p.prose {
		if found := acting.FindString(s); found != "" {
			t.Errorf("GitHub makes something of %q in %q", found, s)
		}
		if i := strings.IndexFunc(s, hidden); i >= 0 {
			t.Errorf("%q holds something invisible at %d", s, i)
		}
	}
}

// hidden is what visible would have shown by number, joiners of emoji and letters aside.
func hidden(r rune) bool { return r != 0xFE0F && r != 0x200D && r != 0x200C && text.Invisible(r) }

var hostile = []string{
	"@octocat", "@org/team", "hello @octocat's", "\"@octocat\"", "(@octocat)", "x@y.example", "mailto:a@b.example",
	"#1", "owner/repo#1", "GH-12", "gh-12", "deadbeefcafe", "(deadbee)", "1234567", "owner/repo@deadbeef", "a1b2c3d…",
	":tada:", ":+1:", "a:b:c", "https://evil.example/x", "http://a", "www.evil.example", "WWW.evil.example", "ftp://x", "xmpp:a@b",
	"<b>", "<script>alert(1)</script>", "<img src=x>", "<!-- boardgate:sticky -->", "-->", "</details>", "<details>", "</summary>", "&lt;b&gt;", "&#64;octocat", "&commat;octocat",
	"![x](http://evil/p.png)", "[x](http://evil)", "[x]: http://evil", "[ ] task", "[x] task", "- [ ] task", "x | y", "|---|---|",
	"# heading", "## heading", "===", "---", "***", "> quote", "    code", "\tcode", "1. one", "- one", "-", "1.", "1) one", "+ one", "* one",
	"`", "``", "```", "````\n", "`a`` b```", "a ` b", "~~~", "\\", "\\`", "a\\", "**bold**", "__bold__", "~~gone~~", "_it_",
	"\n\n# heading", "\n```\n@octocat\n```\n", "\r\n</details>\r\n", "\n- [ ] task", "\n    code", "\n\n<div>\n\n", "\u200b", "\u202e@octocat", "@\u200boctocat",
	"\x00\x1b[31m", "\xff\xfe", "\u2028# heading", "$x$", "$`x`$", "$$x$$", "", " ", "東京", "Πληρωμή", "👩‍👧 ⚠️", strings.Repeat("long ", 500),
	strings.Repeat("`", 300), strings.Repeat("[", 500), strings.Repeat("*a_", 300), "plain words, as they are.", "\"quoted\" (value)", "##[error]x", "::error::x",
	"file-name_with_under", "a--b", "T-003", "50%", "12:30", "x<y>z", "{a}", "^", "a=b", "co-op", "R&D", "&", "& amp;",
}

// hostileText joins a few hostile pieces.
func hostileText(rnd *rand.Rand) string {
	var b strings.Builder
	for range rnd.IntN(4) + 1 {
		b.WriteString(hostile[rnd.IntN(len(hostile))])
		b.WriteString([]string{"", " ", "\n", "\"", ": ", "`"}[rnd.IntN(6)])
	}
	return b.String()
}

// hostileReport makes a report whose every foreign text is hostile.
func hostileReport(seed uint64) *Report {
	rnd := rand.New(rand.NewPCG(seed, 1))
	say := func() string { return hostileText(rnd) }
	side := func() *board.Board {
		file := source.NewFile("docs/"+say()+".md", []byte(say()+"\n"+say()+"\n"+say()))
		b := &board.Board{File: file}
		for _, role := range []board.Role{board.WIP, board.Next, board.Done, board.Other} {
			c := &board.Column{Role: role, Title: board.Text{Value: say(), Span: file.LineSpan(1)}}
			for range rnd.IntN(3) {
				c.Items = append(c.Items, &board.Item{Column: c, Title: board.Text{Value: say()}, Line: file.LineSpan(2)})
			}
			b.Columns = append(b.Columns, c)
		}
		return b
	}
	base, head := side(), side()
	r := &Report{
		Tool: "1", Verdict: rule.Fail, Case: &rule.Case{Base: base, Head: head, BaseKind: rule.Present},
		Waivers: []Waived{{Rule: "dod-required", Reason: say(), Findings: 1}},
		Remarks: []string{say()}, Reasons: []string{say()},
	}
	for _, i := range base.All() {
		r.Case.Changes.Changes = append(r.Case.Changes.Changes, compare.Change{Kind: compare.Removed, Base: i})
	}
	rules := []string{"wip-limit", "done-reference", "item-lost", "done-date"}
	for i := range rnd.IntN(12) {
		f := rule.Finding{
			Rule: rules[i%len(rules)], Severity: []rule.Finding{{Severity: rule.Error}, {Severity: rule.Warning}, {Severity: rule.Notice}}[rnd.IntN(3)].Severity,
			Message: say(), Hint: say(), Introduced: rnd.IntN(3) > 0,
		}
		if rnd.IntN(2) == 0 {
			quoted := `"` + say() + `"`
			f.Quotes = []rule.Quote{{Start: len(f.Message), End: len(f.Message) + len(quoted)}}
			f.Message += quoted + say()
		}
		if rnd.IntN(4) > 0 {
			f.Span = head.File.LineSpan(1 + rnd.IntN(head.File.Lines()))
		}
		if rnd.IntN(4) == 0 {
			f.Waived = &board.Waiver{Reason: say()}
		}
		if rnd.IntN(3) == 0 {
			f.Related = []rule.Related{{Span: base.File.LineSpan(1), Message: say()}}
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// listed counts the findings of a page that are in it whole, and those it says are left out.
func listed(r *Report, md string, o Options) (whole, more int) {
	for _, f := range r.Findings {
		place := strings.TrimSpace(placed(r, f.Span, o))
		for _, entry := range []string{
			"**" + code(f.Rule) + "** " + place, code(f.Rule) + " " + place + " ", strings.TrimSpace(code(f.Rule)+" "+place) + "~~",
			"**" + code(f.Rule) + "**](https://example.com/" + f.Rule + ".md) " + place,
		} {
			if strings.Contains(md, "- "+entry) || strings.Contains(md, "- ["+entry) || strings.Contains(md, "- ~~"+entry) {
				whole++
				break
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^- … and (\d+) more (error|warning|notice|waived finding|older finding)s?$`).FindAllStringSubmatch(md, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			panic(err) // the pattern is of digits
		}
		more += n
	}
	return whole, more
}

func sameLine(_ string, line int) int { return line }

// TestMarkdownLinks leads to lines of the head where they are known there.
func TestMarkdownLinks(t *testing.T) {
	at := source.NewFile("docs/Week [1] & 2.md", []byte("a\nb\nc\n"))
	config := source.NewFile(".github/boardgate.yml", []byte("a: 1\n"))
	o := Options{Blob: "https://ghe.example/acme/shop/blob/abc/", Line: func(_ string, line int) int { return (line + 6) % 8 }}
	for _, tt := range []struct {
		span source.Span
		want string
	}{
		{at.LineSpan(1), "[docs/Week `[1]` & 2.md:7](https://ghe.example/acme/shop/blob/abc/docs/Week%20%5B1%5D%20&%202.md?plain=1#L7) "},
		{at.LineSpan(2), "`docs/Week [1] & 2.md:2:1` "},
		{config.LineSpan(1), "[.github/boardgate.yml:7](https://ghe.example/acme/shop/blob/abc/.github/boardgate.yml#L7) "},
		{source.Span{}, ""},
	} {
		if got := placed(&Report{}, tt.span, o); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// TestMarkdownMeansOnlyItself renders generated hostile reports at several
// budgets and reads them back as GitHub would.
func TestMarkdownMeansOnlyItself(t *testing.T) {
	const help = "https://example.com/"
	for seed := range uint64(1000) {
		r := hostileReport(seed)
		for _, o := range []Options{{Bytes: 65_535, Help: help}, {Bytes: 65_535, Help: help, Blob: help + "blob/", Line: sameLine}, {Bytes: 3000}} {
			md := Markdown(r, o)
			if o.Bytes > 0 && len(md) > o.Bytes {
				t.Errorf("%d bytes of %d", len(md), o.Bytes)
			}
			if !utf8.Valid(md) {
				t.Errorf("not UTF-8")
			}
			readPage(md).check(t, o.Help)
			if whole, more := listed(r, string(md), o); whole+more < len(r.Findings) {
				t.Errorf("of %d findings %d stand there and %d are counted", len(r.Findings), whole, more)
			}
			if t.Failed() {
				t.Fatalf("seed %d, %d bytes:\n%.6000s", seed, o.Bytes, md)
			}
		}
	}
}

// TestMarkdownAlone renders each hostile text alone, in each place.
func TestMarkdownAlone(t *testing.T) {
	for _, evil := range hostile {
		r := sample(t)
		for i := range r.Findings {
			r.Findings[i].Message, r.Findings[i].Hint = evil, evil
			if i%2 == 0 {
				r.Findings[i].Message = `a"` + evil + `"b`
				r.Findings[i].Quotes = []rule.Quote{{Start: 1, End: len(evil) + 3}}
			}
			r.Findings[i].Related = []rule.Related{{Message: evil}}
		}
		r.Waivers[0].Reason, r.Remarks, r.Reasons = evil, []string{evil}, []string{evil}
		for _, i := range append(r.Case.Head.All(), r.Case.Base.All()...) {
			i.Title.Value = evil
		}
		md := Markdown(r, Options{})
		readPage(md).check(t, "")
		if t.Failed() {
			t.Fatalf("%q:\n%.6000s", evil, md)
		}
	}
}

// TestMarkdownFailuresFirst shrinks the budget until nothing is left: errors
// are the last to go, and nothing goes uncounted.
func TestMarkdownFailuresFirst(t *testing.T) {
	r := sample(t)
	for i := range 400 {
		f := r.Findings[i%7]
		f.Message = fmt.Sprintf("number %d of many", i)
		r.Findings = append(r.Findings, f)
	}
	for range 200 {
		r.Case.Changes.Changes = append(r.Case.Changes.Changes, r.Case.Changes.Changes[0])
	}
	s := partitionOf(r)
	for budget := 65_535; budget >= 2000; budget -= 997 {
		md := string(Markdown(r, Options{Bytes: budget}))
		if len(md) > budget {
			t.Fatalf("%d bytes of %d", len(md), budget)
		}
		readPage([]byte(md)).check(t, "")
		cut := func(noun string) bool { return regexp.MustCompile(`and \d+ more ` + noun).MatchString(md) }
		if cut("error") && !cut("warning") || cut("warning") && !cut("notice") {
			t.Errorf("%d bytes: graver findings are left out before lighter ones", budget)
		}
		if cut("error") && strings.Contains(md, "NEXT → WIP") {
			t.Errorf("%d bytes: errors are left out and changes are not", budget)
		}
		if errors := strings.Count(md, "- **`wip-limit`**") + strings.Count(md, "- **`done-reference`**"); !cut("error") && errors != len(s.errors) {
			t.Errorf("%d bytes: %d of %d errors, and none counted", budget, errors, len(s.errors))
		}
	}
	if got, want := string(Markdown(r, Options{Bytes: 20})), "## boardgate fail…"; got != want {
		t.Errorf("20 bytes: %q, want %q", got, want)
	}
}

// TestMarkdownOfTitles shows titles with Markdown and more in them, in messages
// and in hints of both kinds.
func TestMarkdownOfTitles(t *testing.T) {
	const base = `## WIP (max 1)

## NEXT (max 3)
1. **Rename snake_case *keys* in ` + "`" + `config.yml` + "`" + `** (@ada)
2. **Mail a receipt after payment**

## DONE
`
	const head = `## WIP (max 1)
- **Rename snake_case *keys* in ` + "`" + `config.yml` + "`" + `** (@ada)
- A new ` + "`" + `colour` + "`" + ` for #12

> **Ada:** ask @bob about *T_12*, see #4

## NEXT (max 3)

## DONE
- **Log in** with a __passkey__ | <b>now</b>
`
	c, err := ruletest.Case(rule.Example{Files: []txtar.File{{Name: "base.md", Data: []byte(base)}, {Name: "head.md", Data: []byte(head)}, {Name: "args", Data: []byte("pull 57\n")}}})
	if err != nil {
		t.Fatal(err)
	}
	j := rule.Judge(c)
	golden(t, "titles.md", Markdown(&Report{Verdict: rule.Fail, Case: c, Findings: j.Findings, Remarks: j.Remarks}, Options{}))
}

func TestProse(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`"Pay by card" comes into DONE.`, `"Pay by card" comes into DONE.`},
		{`"Fix @me and #4" is late.`, "\"Fix `@me` and `#4`\" is late."},
		{"@a @b", "`@a @b`"},
		{"see (#12), then", "see (`#12`), then"},
		{"a `b` c", "a `b` c"},
		{"snake_case", "`snake_case`"},
		{"cart & till &amp; &", "cart & till `&amp`; &"},
		{"commit deadbeef", "commit `deadbeef`"},
		{"defaced", "`defaced`"},
		{"due 2026-03-01 12:30", "due 2026-03-01 12:30"},
		{"東京 ⚠️", "東京 ⚠️"},
		{`"""`, `"""`},
		{`"<"`, "\"`<`\""},
		{`_"`, "`_`\""},
		{"\u200b", "⟨U+200B⟩"},
	} {
		if got := prose(tt.in); got != tt.want {
			t.Errorf("prose(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestClipped(t *testing.T) {
	if got := clipped(text.Lines(strings.Repeat("line\n", 50))); len(got) != hintLines+1 || got[hintLines] != "…" {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	if got := clipped([]string{strings.Repeat("ώ", 9000)}); utf8.RuneCountInString(got[0]) != hintRunes {
		t.Errorf("%d runes", utf8.RuneCountInString(got[0]))
	}
}

func TestCode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a", "`a`"}, {"", "`⟨nothing⟩`"}, {"`", "`` ` ``"}, {"a``b", "```a``b```"}, {" a\nb ", "`a b`"},
	} {
		if got := code(tt.in); got != tt.want {
			t.Errorf("code(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}
