package board

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

// numbers writes references as "12 owner/repo#7".
func numbers(refs []Reference) string {
	var out []string
	for _, r := range refs {
		s := strconv.Itoa(r.Number)
		if r.Repo != "" {
			s = r.Repo + "#" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

type referenceCase struct{ text, pulls, mentions string }

func checkReferences(t *testing.T, cases []referenceCase) {
	t.Helper()
	for _, c := range cases {
		pulls, mentions := newScanner(source.NewFile("b.md", []byte(c.text))).references(0, len(c.text))
		if got := numbers(pulls); got != c.pulls {
			t.Errorf("%q\n  pulls    %q\n  want     %q", c.text, got, c.pulls)
		}
		if got := numbers(mentions); got != c.mentions {
			t.Errorf("%q\n  mentions %q\n  want     %q", c.text, got, c.mentions)
		}
	}
}

func TestReferencesThatProve(t *testing.T) {
	checkReferences(t, []referenceCase{
		{"PR #1761 merged", "1761", ""},
		{"Rate limits (2025-12-19) - all paths covered, PR #1761 merged ✅", "1761", ""},
		{"17 tests PASS, PR #1772 ✅", "1772", ""},
		{"**PR** #12", "12", ""},
		{"PR: #12", "12", ""},
		{"**PR:** #12", "12", ""},
		{"- **PR**: #12 (merged)", "12", ""},
		{"PR no. #12", "12", ""},
		{"PR\u200b #\u200b12\u200b merged", "12", ""},
		{"P\u00adR \u2060#12", "12", ""},
		{"PR(s): #12, #13", "12 13", ""},
		{"PR#12", "12", ""},
		{"PR-#12", "12", ""},
		{"pr #12", "12", ""},
		{"PR (#12)", "12", ""},
		{"PR — #12", "12", ""},
		{"PR\n  #12", "12", ""},
		{"pull request #5", "5", ""},
		{"Pull-Request #5", "5", ""},
		{"Merge pull request #77 from owner/branch", "77", ""},
		{"PR 1761 merged", "1761", ""},
		{"merged as PR-1761.", "1761", ""},
		{"Evidence: PR #1779 (merged 2025-12-20T00:24:04Z)", "1779", ""},

		{"PRs #2694-#2698", "2694 2695 2696 2697 2698", ""},
		{"PRs #2694–#2696", "2694 2695 2696", ""},
		{"`x` #2694–2696", "2694 2695 2696", ""},
		{"PRs #2694 – #2696", "2694 2695 2696", ""},
		{"PRs #2694 - #2696", "2694 2695 2696", ""},
		{"PRs #2694 to #2696", "2694 2695 2696", ""},
		{"PRs #2694-96", "2694 2695 2696", ""},
		{"PRs **#1–#3**", "1 2 3", ""},
		{"PRs #9-#5", "9 5", ""},
		{"PRs #1-#200", "1 200", ""},
		{"PRs #1-#1", "1", ""},
		{"PR #12 - #14 came later", "12 14", ""},
		{"PR #1772 - 17 tests pass", "1772", ""},
		{"PR #12-2025-12-19", "12", ""},
		{"PRs #1-#3, #7", "1 2 3 7", ""},

		{"#2749/#2751/#2753", "2749 2751 2753", ""},
		{"PR #1, #2 and #3", "1 2 3", ""},
		{"PRs #1, #2, and #3 merged", "1 2 3", ""},
		{"PR #1 & #2", "1 2", ""},
		{"PR #1 + PR #2", "1 2", ""},
		{"PR #1, PR #2 und #3", "1 2 3", ""},
		{"PRs: #1; #2", "1 2", ""},

		{"Cart totals (#123)", "123", ""},
		{"Cart totals [#123]", "123", ""},
		{"Fix login bug (#123)", "123", ""},
		{"Speed up the export job (#123)", "123", ""},
		{"Layout fixes (#63)", "63", ""},
		{"Login follow-up (#63)", "63", ""},
		{"Ring on call pending (#63)", "63", ""},
		{"Add order table (#45), live", "45", ""},
		{"(#2549, #2550)", "2549 2550", ""},
		{"Fix the login page #123", "123", ""},
		{"Fix the login page #123.", "123", ""},
		{"Fix the login page #123 ✅", "123", ""},
		{"Fix the login page #123 | done", "123", ""},
		{"~~Fix the login page #123~~", "123", ""},
		{"Fixed upload — #77, all green", "77", ""},
		{"| MERGED #2445 |", "2445", ""},
		{"| 3 | Fix login | MERGED #2445 | ana |", "2445", ""},
		{"| Fix login | #2445 | ana |", "2445", ""},
		{"Merged in #12 by Ana", "12", ""},
		{"landed via #12 last week", "12", ""},
		{"#1761 merged", "1761", ""},
		{"#1761 ✅", "1761", ""},
		{"#1761", "1761", ""},
		{"- #1761 merged", "1761", ""},
		{"fixed in #12, closed by #13", "12 13", ""},
		{"Closed via PR #12", "12", ""},
		{"merged and closed PR #12", "12", ""},
		{"Review: PR #12", "12", ""},
		{"Fix crash after login (PR #12)", "12", ""},
		{"Fix the review form PR #12", "12", ""},
		{"Cart review done with 2 flaky PRs (#1, #2)", "1 2", ""},
		{"several PRs (#1, #2) for the cart", "1 2", ""},
		{"blocked by\n\nPR #12", "12", ""},
		{"blocked by\n- PR #12", "12", ""},
		{"blocked by\n# PR #12", "12", ""},
		{"Shipped in 3 PRs (#1, #2, #3)", "1 2 3", ""},
		{"Needs a new index, PR #12", "12", ""},
		{"stale PR #12 merged", "12", ""},
		{"Reviewed by Ana, PR #12", "12", ""},
		{"ログイン修正#123", "123", ""},
		{"ログイン修正 PR #123をマージ", "123", ""},
		{"Διόρθωση σύνδεσης, PR #88 ✅", "88", ""},
		{"إصلاح تسجيل الدخول PR #88", "88", ""},

		{"[#2581](https://github.com/o/r/pull/2581)", "o/r#2581", ""},
		{"[PR #2581](https://git.example.org/o/r/pull/2581) merged", "o/r#2581", ""},
		{"[the fix](https://github.com/o/r/pull/7/files#diff-1)", "o/r#7", ""},
		{"[the fix](https://github.com/o/r/pull/7 \"PR #8\")", "o/r#7", ""},
		{"[![PR #12](badge.svg)](https://github.com/o/r/pull/12)", "o/r#12", ""},
		{"[[#12](https://github.com/o/r/pull/12), [#13](https://github.com/o/r/pull/13)]", "o/r#12 o/r#13", ""},
		{"[#12](../pull/12)", "12", ""},
		{"[#12][p]", "12", ""},
		{"[PR #12](docs/notes.md)", "12", ""},
		{"https://any-host.example/owner/repo/pull/12", "owner/repo#12", ""},
		{"HTTPS://github.com/owner/repo/pull/12/commits", "owner/repo#12", ""},
		{"<https://github.com/owner/repo/pull/12>", "owner/repo#12", ""},
		{"(https://github.com/owner/repo/pull/12).", "owner/repo#12", ""},
		{"**https://github.com/owner/repo/pull/12**", "owner/repo#12", ""},
		{"PR: https://github.com/owner/my.repo/pull/12, #13", "owner/my.repo#12 13", ""},
		{"github.com/owner/repo/pull/12", "owner/repo#12", ""},
		{"_https://www.example.com/owner/repo/pull/12?w=1_", "owner/repo#12", ""},
		{"[the fix](<../../pull/12>)", "12", ""},
		{"owner/repo#12", "owner/repo#12", ""},
		{"(owner/re.po-x#12)", "owner/re.po-x#12", ""},
		{"vercel/next.js#12", "vercel/next.js#12", ""},
		{"done, owner/repo#12-#14", "owner/repo#12 owner/repo#13 owner/repo#14", ""},
		{"fix landed, GH-12", "12", ""},
		{"PR #12, [#12](https://github.com/o/r/pull/12), #12", "12 o/r#12", ""},
		{"See `a`` #1 `b` PR #12", "12", ""},
		{"unclosed ` tick, PR #12", "12", ""},
		{"one `tick\n- other ` item PR #12", "12", ""},
		{"a < b, PR #12 > c", "12", ""},
		{"<b>PR</b> #12", "12", ""},
	})
}

// What only "#" makes a pull request's is a candidate; any label in the same
// text settles it.
func TestCandidates(t *testing.T) {
	for text, want := range map[string]string{
		"Cart totals (#123)":                       "123?",
		"Cart totals #123 ✅":                       "123?",
		"- **#1, #2** batch":                       "1? 2?",
		"Cart totals, #123, #124-#126":             "123? 124? 125? 126?",
		"Cart totals via #123":                     "123?",
		"[#123](docs/x.md)":                        "",
		"PR #123":                                  "123",
		"PRs #1, #2 and (#3)":                      "1 2 3?",
		"Kiosk #3":                                 "3?",
		"Smoke test with Παραγγελία #86":           "86?",
		"注文#12":                                    "12?",
		"owner/repo#12 and GH-13":                  "owner/repo#12 13",
		"[#12](https://github.com/o/r/pull/12)":    "o/r#12",
		"#1761 merged":                             "1761",
		"merged #1761; landed in #1762":            "1761 1762",
		"(#12) and then PR #12":                    "12",
		"Cart (#12), Order table (#13), PR #13":    "12? 13",
		"Cart totals (#20), #1-#18, #20, PR #20":   "20 1? 2? 3? 4? 5? 6? 7? 8? 9? 10? 11? 12? 13? 14? 15? 16? 17? 18?",
		"Fixed upload — #77 — merged yesterday":    "77",
		"#1, PR #2, #3 and #1":                     "1 2 3",
		"#1, o/r#2, #3":                            "1? o/r#2 3?",
		"#1, #2 merged":                            "1 2",
		"PR\n  #12":                                "12",
		"pull requests: #5, #6":                    "5 6",
		"Closed via PR #12 (fixes the table, #13)": "12 13?",
	} {
		pulls, _ := newScanner(source.NewFile("b.md", []byte(text))).references(0, len(text))
		var got []string
		for i, r := range pulls {
			name := numbers(pulls[i : i+1])
			if r.Candidate {
				name += "?"
			}
			got = append(got, name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}

func TestReferencesThatOnlyName(t *testing.T) {
	checkReferences(t, []referenceCase{
		{"Close 5 stale PRs (#2547, #2549)", "", "2547 2549"},
		{"Close five outdated bot PRs (#2547, #2549)", "", "2547 2549"},
		{"Close 5 flaky legacy PRs (#1, #2)", "", "1 2"},
		{"depends on\n  #12", "", "12"},
		{"depends on PR\n#12, #13", "", "12 13"},
		{"depends on\nPR #12", "", "12"},
		{"Triage 3 PRs: #1, #2, #3", "", "1 2 3"},
		{"open PRs (#1, #2)", "", "1 2"},
		{"dependabot PRs #1-#3", "", "1 2 3"},
		{"draft PR #4", "", "4"},
		{"review PR #12", "", "12"},
		{"Reviewed the PR #12", "", "12"},
		{"rebase #12", "", "12"},
		{"Rebase my old PR #12 onto main", "", "12"},
		{"revert PR #5", "", "5"},
		{"follow-up to PR #12", "", "12"},
		{"Follow-up: PR #12", "", "12"},
		{"depends on #12", "", "12"},
		{"Depends on: #2, #3", "", "2 3"},
		{"**Depends on**: #2", "", "2"},
		{"- **Blocked by:** PR #12", "", "12"},
		{"blocked by #12", "", "12"},
		{"blocked by (#12)", "", "12"},
		{"(blocked by PR #12)", "", "12"},
		{"blocked by https://github.com/o/r/pull/12", "", "o/r#12"},
		{"depends on [#12](https://github.com/o/r/pull/12)", "", "o/r#12"},
		{"supersedes #12", "", "12"},
		{"superseded by #12", "", "12"},
		{"after #12", "", "12"},
		{"after PR #12 merged", "", "12"},
		{"once PR #12 is merged", "", "12"},
		{"instead of #12", "", "12"},
		{"needs PR #12", "", "12"},
		{"requires #12", "", "12"},
		{"waiting for PR #12", "", "12"},
		{"pending PR #12", "", "12"},
		{"PR pending (after #12)", "", "12"},
		{"duplicate of #12", "", "12"},
		{"builds on PR #12", "", "12"},
		{"regression from PR #12", "", "12"},
		{"broken since #12", "", "12"},
		{"bug introduced in PR #12", "", "12"},
		{"reverted by #12", "", "12"},
		{"conflicts with PR #12", "", "12"},
		{"same as in #34", "", "34"},
		{"unlike #34", "", "34"},
		{"fixes #12", "", "12"},
		{"Fixes: #12", "", "12"},
		{"Title (closes #12, #13)", "", "12 13"},
		{"resolved owner/repo#12", "", "owner/repo#12"},
		{"fixes GH-12", "", "12"},
		{"swapped the #115 coloured cube", "", "115"},
		{"keep #12 in mind", "", "12"},
		{"see #12", "", "12"},
		{"refs #12", "", "12"},
		{"we are #1", "", "1"},
		{"the #1 request of users", "", "1"},
		{"(#34 precedent)", "", "34"},
		{"PR #12 merged, follow-up PR #13", "12", "13"},
		{"PR #12 merged, depends on #12", "12", ""},
		{"After PR #12: PR #13 merged", "13", "12"},
	})
}

func TestNotReferences(t *testing.T) {
	for _, text := range []string{
		"Run #20471409483", "Run #204", "CI run #204 green", "Order #86", "order: #86", "**Order** #86", "Orders #86, #87",
		"Order (#86) paid", "Product #1", "Batch #1", "Issue #311", "issues #311 and #312",
		"Issue **#311**", "[Issue #311](https://github.com/o/r/issues/311)", "[#311](https://github.com/o/r/issues/311)",
		"Triage issues (#1, #2)", "Issue owner/repo#12", "PR #TBD", "PR pending", "PR merged.", "PR #", "PR # 12", "#feature", "#1abc",
		"PR #12abc", "&#123;", "x&#39;s", "colour `#123456`", "colour #123456", "background: #141416", "--bg-panel #141416",
		"accent #333333", "#222222", "`PR #12`", "``PR #12 ` x``", "<!-- PR #12 -->", "<a title='PR #12'>",
		"https://example.com/a#12", "https://example.com/o/r/issues/12", "https://example.com/o/r/pulls/12", "https://github.com/o/r/pull/12a",
		"https://github.com/o/r/pull/new/branch", "https://github.com/o/r/pull/0", "https://api.example.com/repos/o/r/pull/12",
		"https://github.com/o/r/compare/v1...v2#12", "[a](#12)", "[#12](#task-12)", "[#12](tasks/12.md)",
		"PR #0", "PR #007", "PR #1234567890", "#12.5", "#1,234 views", "visitor #12,345", "#12%", "##12", "\\#12", "PR \\#12",
		"#9 Sidebar groups", "**#9** Sidebar groups", "- #9 Sidebar groups", "- [x] #9 Sidebar groups", "### #9 Sidebar", "#9: Sidebar", "#9 - Sidebar",
		"| #9 | Sidebar |", "GH-12 Sidebar", "C#12", "F#7", "room#12", "a#12b", "docs/guide.md#12", "src/cart.ts#12", "src/index.js#12", "a/b/c#12",
		"@user#12", "id=#12", "#help-12", "#12-incident", "*#06#", "Ticket #5", "BUG #5", "Step #3", "Phase #2 done", "Sprint #14 review",
		"Test case #7", "Stage #2", "Milestone #3", "Discussion #44", "Dependabot alert #3", "workflow run #55", "Build #812 passed", "job #3",
		"Customer #42", "Users #1-#5", "Row #7", "Question #4", "Rank #1",
		"priority #1",
		"Task **#1–#153** complete",
		"PR 2 of 3", "PR 1: schema, PR 2: endpoints", "PR 300 lines", "PR 2025-12-19", "5 PRs", "PRs", "pull", "#", "", "Commit #123",
		"reusing #124's writer", "Add #hash and #123abc", "1. #4 Fourth idea", "> #4 Fourth idea",
	} {
		checkReferences(t, []referenceCase{{text, "", ""}})
	}
}

func TestReferenceSpans(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"x PR **#12**", "#12"},
		{"PRs #1-#3", "#1|#1-#3|#3"},
		{"PRs #1–3", "#1|#1–3|3"},
		{"see [PR #7](https://h.example/o/r/pull/7) now", "[PR #7](https://h.example/o/r/pull/7)"},
		{"see <https://h.example/o/r/pull/7>.", "https://h.example/o/r/pull/7"},
		{"by o/r#7, GH-8", "o/r#7|GH-8"},
		{"PR 1761", "1761"},
	} {
		text := "\ufeff\r\n" + c.text + "\nPR #99"
		start := len("\ufeff\r\n")
		pulls, _ := newScanner(source.NewFile("b.md", []byte(text))).references(start, start+len(c.text))
		var got []string
		for _, p := range pulls {
			got = append(got, p.Span.Text())
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q: spans %q, want %q", c.text, s, c.want)
		}
	}
}

// BenchmarkReferencesHostile reads texts that are made to take long: all take
// about the time of any other text of 256 KiB.
func BenchmarkReferencesHostile(b *testing.B) {
	const size = 1 << 18
	for _, unit := range []string{
		"`", "` ``", "[", "](", "[a](", "](\"", "<", "<a", "<!--", "#", "#1", "#1,", "#1-", "PR ", "no ", "no. #1 ", "PR #1, ", "\\", "(", "https://", "a/b#", "a#", "g", "*", "\n", "- `x\n", "[[#", "[x](y) ", "merged and closed #1 ",
	} {
		text := strings.Repeat(unit, size/len(unit))
		file := source.NewFile("b.md", []byte(text))
		b.Run(fmt.Sprintf("%q", unit), func(b *testing.B) {
			for b.Loop() {
				newScanner(file).references(0, len(text))
				directives(file, 0, len(text))
				newScanner(file).dates(0, len(text))
			}
		})
	}
}

func BenchmarkReferences(b *testing.B) {
	line := "Checkout totals (2025-12-19) - rounding covered, all 17 tests PASS, see `a/b.go`, PR #1761 merged ✅"
	file := source.NewFile("b.md", []byte(line))
	b.ReportAllocs()
	for b.Loop() {
		newScanner(file).references(0, len(line))
	}
}

func ExampleReference() {
	text := "Cart totals - PRs #7-#9 merged, depends on #3"
	pulls, mentions := newScanner(source.NewFile("b.md", []byte(text))).references(0, len(text))
	fmt.Println(numbers(pulls), "/", numbers(mentions))
	// Output: 7 8 9 / 3
}
