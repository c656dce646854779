package board

import (
	"strings"
	"sync"
)

// vocabulary is the words around a number that say what it is. They are few, as
// GitHub or `git log` decides on a number that no word explains.
type vocabulary struct {
	label    map[string]bool // of pull requests
	noun     map[string]bool // what else is counted with "#"
	landed   map[string]bool // the number's pull request is in
	finished map[string]bool // words right after a number that it is the proof of
	proof    map[string]bool // words before a number that it is the proof of
	filler   map[string]bool // words between one that matters and a number
	relation map[string]bool // words that only relate an item to a number
	phrase   map[string]bool // two such words
	work     map[string]bool // what is done with a pull request or an issue, and what it is before it is in
	naming   map[string]bool // words that only name a number without a label
	list     map[string]bool // words between the numbers of a list
	path     map[string]bool // folders and extensions, which owner/repo#12 has not; but vercel/next.js
}

// terms returns the vocabulary. It is made at first use, so that a command that
// reads no board does not pay for it.
var terms = sync.OnceValue(func() *vocabulary {
	verbs := []string{"s", "es", "ed", "ing"}
	return &vocabulary{
		label: set("pr prs pull pulls pull-request pull-requests pullrequest pullrequests"),
		noun: forms("stories", `order product batch issue run ticket task item card story epic bug error incident alert discussion
			step phase stage pass day week sprint milestone row line user customer build job test case version release
			section rank slot question priority commit colour color`, "s", "es"),
		landed: set("merged landed shipped deployed released"),
		finished: set(`merged landed shipped deployed released closed done complete completed green passed passing approved live
			verified integrated fixed implemented delivered ok`),
		proof: set(`in via by through with merge land done completed implemented delivered evidence proof merged landed shipped
			deployed released`),
		filler: set(`the this that these those our my your their its all both a an any each two three four five six seven
			eight nine ten few several many more of first last new old existing current was is were are now`),
		relation: forms(`after before until once when if unless while since instead pending without except unlike like than
			versus vs not prerequisite prerequisites dependency dependencies follow-up followup follow-ups blocked-by depends-on`,
			"need require await supersede replace block unblock follow obsolete revert duplicate depend wait", verbs...),
		phrase: set(`blocked_by superseded_by replaced_by followed_by caused_by introduced_by broken_by reverted_by
			introduced_in caused_in broken_in reverted_in regressed_in as_in broken_since conflicts_with conflict_with
			depends_on depend_on dependent_on depending_on based_on builds_on build_on built_on waiting_on wait_on waits_on
			blocked_on stacked_on relies_on follow-up_to followup_to up_to related_to relates_to similar_to prior_to due_to
			waiting_for wait_for waits_for review_for instead_of top_of review_of revert_of rebase_of duplicate_of ahead_of
			because_of part_of out_of rest_of regression_from split_from extracted_from cherry-picked_from comments_from`),
		work: forms(`open draft stale dependabot unmerged abandoned failing remaining duplicate previous prior next future planned
			upcoming wip`, `fix close resolve review rebase rollback reopen approve triage abandon reject discard cancel drop
			investigate discuss rework resubmit cherry-pick`, verbs...),
		naming: set(`see ref refs reference re cf per for from of on to at about toward towards address addresses implements
			relates related the our my a is are be and or between where`),
		list: set("and or und oder και et y e und ja och en plus sowie"),
		path: set(`src lib app docs doc test tests pkg cmd internal packages scripts .md .mdx .ts .tsx .jsx .mjs .go .py .rs .rb
			.java .c .h .cpp .cs .html .css .json .yml .yaml .toml .txt .sql .sh`),
	}
})

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// forms is a set of words, and of others with each of the endings too.
func forms(plain, inflected string, endings ...string) map[string]bool {
	m := set(plain + " " + inflected)
	for w := range strings.FieldsSeq(inflected) {
		for _, ending := range endings {
			m[w+ending] = true
			m[strings.TrimSuffix(w, "e")+ending] = true
		}
	}
	return m
}
