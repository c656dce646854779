package board

import (
	"strings"
	"sync"
)

// vocabulary is the words around a number that say what it is.
type vocabulary struct {
	pull, plural map[string]bool // labels of pull requests, and those of several
	ordinal      map[string]bool // "no.", between a label and its number
	short        map[string]bool // nouns written with a full stop
	noun         map[string]bool // what else is counted with "#"
	tracked      map[string]bool // those of them that are kept in a tracker
	colour       map[string]bool
	landed       map[string]bool // the number's pull request is in
	finished     map[string]bool // words right after a number that it is the proof of
	proof        map[string]bool // words before a number that it is the proof of
	filler       map[string]bool // words that stand between one that governs and its number
	state        map[string]bool // adjectives of pull requests that are not the proof
	relation     map[string]bool // words that only relate an item to a number
	phrase       map[string]bool // two such words
	opening      map[string]bool // relations with which no title ends
	act          map[string]bool // work done on a pull request
	closing      map[string]bool // GitHub's words that close an issue, and their like
	naming       map[string]bool // words that only name a number without a label
	list         map[string]bool // words between the numbers of a list
	unit         map[string]bool // what "PR 300 lines" counts
	folder       map[string]bool
	extension    map[string]bool
}

// terms returns the vocabulary. It is made at first use, so that a command that
// reads no board does not pay for it.
var terms = sync.OnceValue(func() *vocabulary {
	return &vocabulary{
		pull:    set("pr prs pull pulls pull-request pull-requests pullrequest pullrequests pull_request pull_requests"),
		plural:  set("prs pulls pull-requests pullrequests pull_requests requests"),
		ordinal: set("no nr num number numbers id ids numero nummer"),
		short:   set("fig figs sec ch vol ver art ex eq tab ep app apt chap pt"),
		noun: set(`fig sec ch vol ver art ex eq tab ep chap q run order product batch issue bug ticket task item step phase stage pass
			sprint option day week month year quarter row line column cell room user customer invoice build job attempt test case
			version release chapter section figure table slot port node server shard round iteration milestone epic story incident
			alert error comment rule point priority rank ranked level part question answer pr-review workflow pipeline deployment
			deploy discussion advisory finding defect problem subtask sub-task todo action card cycle wave cohort checkpoint
			episode volume slide requirement req rfc adr spec proposal decision goal objective okr kr initiative theme experiment
			variant scenario example team group apt suite terminal shop kiosk locker sensor channel seed top payment key byte
			cluster revision rev commit changeset patchset patch idea reason note plan design use-case usecase backlog-item
			feature-request fr tc us ac dod
			παραγγελια προϊον προιον βημα θεμα ζητημα εργασια σφαλμα φαση παρτιδα πελατησ χρηστησ τιμολογιο γραμμη auftrag
			bestellung produkt aufgabe schritt fehler vorgang kunde rechnung raum zeile punkt lauf charge commande produit etape
			tache probleme facture ligne pedido producto paso tarea incidencia factura cliente fila lote encomenda tarefa fattura
			ordine 課題 注文 商品 手順 チケット タスク ステップ 問題 订单 问题 任务 步骤 이슈 주문`),
		tracked:  set("issue ticket bug alert incident discussion run task defect milestone story epic order"),
		colour:   set("color colors colour colours hex background bg foreground fill stroke accent border shade tint gray grey palette swatch css rgb theme-color"),
		landed:   set("merged landed shipped deployed released"),
		finished: set("merged landed shipped deployed released closed done complete completed green passed passing approved live verified integrated fixed implemented delivered ok"),
		proof: set(`in via by through merged merge landed land shipped delivered released deployed done completed implemented
			integrated evidence proof using with inside within under`),
		filler: set(`the this that these those our my your their its his her all both a an any some every each old other
			two three four five six seven eight nine ten few several many more of and still yet first last large big
			small new own existing current team's`),
		state: set(`open opened draft stale dependabot renovate bot pending unmerged abandoned failing outdated remaining
			outstanding conflicting blocked competing rejected superseded reverted duplicate upstream previous earlier
			prior original next future follow-up followup later planned upcoming sibling parallel orphaned obsolete
			unreviewed wip closed dangling old aging ageing`),
		relation: set(`after before until till once when if unless while since instead needs need needing requires require
			requiring awaits await awaiting supersedes supersede superseding replaces replacing pending blocks
			unblocks blocking without except unlike like than versus vs not no follows obsoletes reverts duplicates
			depends dependencies dependency waiting wait waits prerequisite prerequisites following precedes
			blocked-by depends-on follow-up followup`),
		phrase: set(`blocked_by superseded_by replaced_by caused_by introduced_by broken_by reverted_by unblocked_by
			obsoleted_by duplicated_by triggered_by gated_by held_by delayed_by
			introduced_in caused_in broken_in reverted_in broke_in regressed_in as_in planned_in blocked_in tracked_in
			discussed_in deferred_in introduced_with broken_with broke_with broken_since conflicts_with conflict_with
			compare_with compared_with collides_with overlaps_with same_with coordinate_with
			depends_on depend_on dependent_on depending_on dependency_on dependencies_on based_on builds_on build_on
			built_on waiting_on wait_on waits_on blocked_on blocking_on stacked_on relies_on rests_on comment_on
			comments_on commented_on feedback_on review_on gated_on
			follow-up_to followup_to up_to related_to relates_to similar_to prior_to due_to compared_to successor_to
			alternative_to next_to response_to parallel_to equivalent_to port_to subject_to
			waiting_for wait_for waits_for pending_for review_for reviewer_for reviewers_for approval_for followup_for
			follow-up_for rebase_for blocked_for
			instead_of top_of review_of reviews_of revert_of rebase_of rollback_of duplicate_of dup_of ahead_of
			because_of part_of port_of backport_of copy_of continuation_of successor_of follow-up_of followup_of out_of
			regardless_of split_of outside_of rework_of remainder_of rest_of half_of clone_of variant_of
			regression_from regressed_from extracted_from split_from salvaged_from cherry-picked_from backported_from
			deferred_from leftover_from leftovers_from carried_from inherited_from comments_from feedback_from`),
		opening: set("after before until supersedes requires awaits awaiting replaces than unlike"),
		act: set(`review reviews reviewed reviewing re-review rebase rebases rebased rebasing revert reverted reverting
			rollback reopen reopened reopening approve approves approved approving triage triaged triaging abandon
			abandoned reject rejected decline declined discard discarded cancel cancelled canceled drop dropped
			retarget retargeted unblock unblocked investigate inspect inspected discuss discussed rework resubmit
			nudge ping chase resume salvage cherry-pick close closes closed closing resolves resolved fixes`),
		closing: set("fix fixes fixed fixing close closes closed closing resolve resolves resolved resolving"),
		naming: set(`see refs ref references reference re cf per for from of on to at about toward towards addresses
			address addressing implements implementing related relates the our my a is are be become became was as
			between and or where because reusing reuse mirrors mirroring matching against`),
		list:      set("and or und oder και et y e und ja och en plus sowie"),
		unit:      set("lines line files file loc changes commits days day hours hour comments reviews of more open stale other percent"),
		folder:    set("src lib app apps docs doc test tests pkg cmd internal packages scripts dist build public components pages assets and client server frontend backend spec specs his w tcp input"),
		extension: set("md mdx ts tsx js jsx mjs cjs go py rs rb php java kt swift c h cc cpp cs html htm css scss json yml yaml toml txt xml sql sh ps1 vue svelte lock cfg ini csv pdf png svg"),
	}
})

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// counts says whether a word is a noun that is counted with "#", and whether it
// stands in the plural.
func (v *vocabulary) counts(word string, of map[string]bool) (plural, ok bool) {
	if of[word] {
		return false, true
	}
	for _, ending := range [...][2]string{{"ies", "y"}, {"es", ""}, {"s", ""}} {
		if stem, cut := strings.CutSuffix(word, ending[0]); cut && of[stem+ending[1]] {
			return true, true
		}
	}
	return false, false
}
