package rule

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Measure says whether a criterion names anything that could be observed. The
// zero Measure is Unclear.
type Measure string

// The measures.
const (
	Unclear       Measure = "" // a person might check it; nothing observable is named
	Measurable    Measure = "yes"
	NotMeasurable Measure = "no" // an activity, a wish or a vague quality
)

// String returns the measure as reports name it.
func (m Measure) String() string {
	if m == Unclear {
		return "unclear"
	}
	return string(m)
}

// Measured reads one criterion of a Definition of Done, Markdown or plain.
//
// The text is cut into clauses. A clause is measurable when one of the signs
// sees in it what a machine or another person would observe to be so or not.
// How a clause opens limits which signs count: who reviews something promises
// no outcome whatever the text goes on to name, who improves something promises
// a threshold at best. Numbers, status codes, routes, files and code speak in
// any language, verbs only in English.
func Measured(text string) Measure {
	m := Unclear
	for _, c := range clauses(lexemes(text)) {
		if c.observable() {
			return Measurable
		}
		if c.vague() {
			m = NotMeasurable
		}
	}
	return m
}

// evidence is what a sign gives, so that an opening can say which it admits.
type evidence uint8

const (
	ofThreshold evidence = 1 << iota // a number that decides
	ofArtefact                       // a thing that comes to be or goes
	ofOutcome                        // what is seen to happen

	ofNothing evidence = 0
	ofAny              = ofThreshold | ofArtefact | ofOutcome
)

// measureSigns are all that makes a clause measurable, in the order they are looked for.
var measureSigns = [...]struct {
	evidence evidence
	in       func(clause) bool
}{
	{ofThreshold, clause.bounds},
	{ofOutcome, clause.measures},
	{ofOutcome, clause.counts},
	{ofOutcome, clause.comparesInCode},
	{ofOutcome, clause.exchanges},
	{ofOutcome, clause.answersStatus},
	{ofOutcome, clause.exits},
	{ofOutcome, clause.yieldsValue},
	{ofOutcome, clause.showsQuoted},
	{ofOutcome, clause.checksPass},
	{ofOutcome, clause.namesTest},
	{ofOutcome, clause.countsTests},
	{ofOutcome, clause.freeOfFaults},
	{ofOutcome, clause.commandSucceeds},
	{ofOutcome, clause.serviceRuns},
	{ofOutcome, clause.runsOnSchedule},
	{ofArtefact, clause.fileChanges},
	{ofArtefact, clause.codeChanges},
	{ofArtefact, clause.evidenceAttached},
	{ofArtefact, clause.pullReaches},
	{ofArtefact, clause.branchHas},
	{ofArtefact, clause.released},
}

func (c clause) observable() bool {
	admitted := c.admits()
	for _, s := range measureSigns {
		if s.evidence&admitted != 0 && s.in(c) {
			return true
		}
	}
	return false
}

// vague reports an activity, a hedge, an agreement or a quality without a measure.
func (c clause) vague() bool {
	return c.opening() != stating || c.hedged() || c.agrees() ||
		c.some(func(i int) bool { return isVagueQuality(c[i].low) || c.deniesVaguely(i) })
}

// The openings of a clause.

type opening uint8

const (
	stating    opening = iota // or making, running, verifying: the rest of the clause decides
	inquiring                 // review, explore, plan
	improving                 // improve, refactor
	recording                 // document, summarise
	collecting                // gather, coordinate: with people, of things
)

func (c clause) admits() evidence {
	if c.hedged() || c.agrees() || c.asks() {
		return ofNothing
	}
	switch c.opening() {
	case inquiring, collecting:
		return ofNothing
	case improving:
		return ofThreshold
	case recording:
		return ofArtefact
	}
	return ofAny
}

// opening reads the first word that is no adverb.
func (c clause) opening() opening {
	for i, t := range c {
		if t.kind != lexWord || isFiller(t.low) || strings.HasSuffix(t.low, "ly") && len(t.low) > 5 {
			continue
		}
		return c.openingAt(i)
	}
	return stating
}

func (c clause) openingAt(i int) opening {
	if isMethod(c[i].text) {
		return stating
	}
	o := openingOf(c[i].low)
	switch {
	case o == stating:
	case strings.HasSuffix(c[i].low, "ing") && c.gerundActs(i), nounOrVerb(c[i].low) && c.namesSubject(i):
		return stating
	}
	return o
}

// gerundActs reports a gerund that is what brings the outcome about, as in
// "Choosing a plan redirects to /pay".
func (c clause) gerundActs(i int) bool {
	for _, t := range c[i+1:] {
		if isQuestionWord(t.low) || t.low == "that" {
			return false
		}
		if t.kind == lexWord && strings.HasSuffix(t.low, "s") && (isYield(t.low) || isFinite(t.low)) {
			return true
		}
	}
	return false
}

// namesSubject reports that the word at i belongs to the subject of a
// statement, as in "Review page returns 200" or "Plan limits are enforced".
func (c clause) namesSubject(i int) bool {
	for j := i + 1; j < len(c) && j <= i+3; j++ {
		t := c[j]
		if t.kind != lexWord || isDeterminer(t.low) || isPreposition(t.low) || isQuestionWord(t.low) {
			return false
		}
		if isYield(t.low) || isBe(t.low) || isFinite(t.low) {
			return true
		}
	}
	return false
}

func (c clause) asks() bool { return len(c) > 0 && c[len(c)-1].text == "?" }

// agrees reports a clause about what people think.
func (c clause) agrees() bool {
	return slices.ContainsFunc(c[:min(len(c), 5)], func(t lexeme) bool { return t.kind == lexWord && isAgreement(t.low) })
}

// hedged reports "if needed", "where possible", "if there is time".
func (c clause) hedged() bool {
	return c.some(func(i int) bool {
		t := c[i].low
		if t == "etc" || t == "tbd" || t == "tba" {
			return true
		}
		return isCondition(t) && (isHedge(c.at(i+1).low) || isHedge(c.at(i+2).low) || t != "as" && c.last() == "time")
	})
}

// deniesVaguely reports "no new regressions", "0 bugs".
func (c clause) deniesVaguely(i int) bool {
	return (isNone(c[i].low) || c[i].kind == lexNumber && c[i].text == "0") && c.within(i, 3, func(t lexeme) bool { return isVagueThing(t.low) })
}

// Signs: thresholds and quantities.

// bounds sees a number held against another: "< 500ms", "at most 3", "10 or less", "by 20 %".
func (c clause) bounds() bool {
	return c.some(func(i int) bool {
		return c.quantity(i) && (c.boundBefore(i) || c.boundAfter(i))
	})
}

func (c clause) boundBefore(i int) bool {
	j := i - 1
	for isApproximate(c.at(j).low) || isDeterminer(c.at(j).low) {
		j--
	}
	before := c.at(j)
	switch before.low {
	case "to":
		return isLimiting(c.at(j-1).low) || c.at(j-2).low == "from" || c.unit(i, isUnit)
	case "by":
		return c.percent(i)
	case "for", "in", "every", "after":
		return before.low == "after" && c.at(i+1).kind == lexWord && j == i-1 || c.unit(i, isDuration)
	}
	return before.kind == lexComparison || isBound(before.low)
}

func (c clause) boundAfter(i int) bool {
	for j := i + 1; j <= i+3 && j < len(c); j++ {
		if c[j].low == "or" && isComparative(c.at(j+1).low) {
			return true
		}
	}
	return c.at(i+1).low == "or" && isComparative(c.at(i+2).low)
}

// measures sees a number with a unit that instruments read: "60 fps", "200ms".
func (c clause) measures() bool {
	return c.some(func(i int) bool {
		return c.quantity(i) && c.unit(i, isUnit) && !c.definite(i)
	})
}

// counts sees how many there are to be: "returns 3 rows", "5 times", "all 14", "9 of 9".
func (c clause) counts() bool {
	return c.some(func(i int) bool {
		if !c.quantity(i) {
			return false
		}
		before, after := c.at(i-1), c.at(i+1)
		return isYield(before.low) || isYield(c.at(i-2).low) && isApproximate(before.low) ||
			before.low == "all" || after.low == "times" ||
			after.low == "of" && c.at(i+2).kind == lexNumber
	})
}

// comparesInCode sees a condition written as code: `len(rows) == 3`.
func (c clause) comparesInCode() bool {
	return c.some(func(i int) bool {
		return c[i].kind == lexCode && slices.ContainsFunc([]string{"==", "!=", "<=", ">=", " < ", " > "},
			func(op string) bool { return strings.Contains(c[i].text, op) })
	})
}

// quantity reports a number that counts or measures; "Phase 2", "the #3" and dates only name.
func (c clause) quantity(i int) bool {
	one := c[i].low == "one" && isDeterminer(c.at(i-1).low)
	return c[i].kind == lexNumber && !one && !isNumbered(c.at(i-1).low)
}

// definite reports "the 500 ms timeout": a quantity known already, mentioned in passing.
func (c clause) definite(i int) bool { return isDeterminer(c.at(i - 1).low) }

func (c clause) unit(i int, is func(string) bool) bool {
	if c[i].unit != "" {
		return is(c[i].unit)
	}
	return is(c.at(i + 1).low)
}

func (c clause) percent(i int) bool {
	return c.unit(i, func(u string) bool { return u == "%" || u == "percent" || u == "x" })
}

// Signs: programs answer.

// exchanges sees an HTTP method with a route, or a route with a status code.
func (c clause) exchanges() bool {
	status := c.some(func(i int) bool { return c[i].statusCode() && c.quantity(i) })
	return c.some(func(i int) bool {
		t := c[i]
		if t.kind == lexCode {
			method, route, _ := strings.Cut(t.text, " ")
			return isMethod(method) && isRoute(route) || status && isRoute(t.text)
		}
		return isMethod(t.text) && c.at(i+1).route() || status && t.route()
	})
}

// answersStatus sees a status code as an outcome: "returns 401", "→ 403", "denied (403)".
func (c clause) answersStatus() bool {
	return c.some(func(i int) bool {
		if !c[i].statusCode() {
			return false
		}
		j := i - 1
		for isAnswerFiller(c.at(j).low) {
			j--
		}
		return isYield(c.at(j).low) || c.at(j).kind == lexArrow || c.at(i-1).low == "http" || c.at(i-1).low == "status" ||
			c.at(i-1).kind == lexOpen && c.at(i+1).kind == lexShut
	})
}

// exits sees an exit status.
func (c clause) exits() bool {
	return c.some(func(i int) bool {
		switch c[i].low {
		case "exit", "exits", "exited", "exiting":
			return c.within(i, 4, func(t lexeme) bool { return t.kind == lexNumber || isExitWord(t.low) })
		}
		return false
	})
}

// yieldsValue sees a value given back: "returns `ok`", "prints "READY"", "finds nothing", "-> /shop".
func (c clause) yieldsValue() bool {
	return c.some(func(i int) bool {
		if c[i].kind == lexArrow {
			return c.at(i+1).literal() || c.at(i+1).route() || c.at(i+1).kind == lexNumber
		}
		if !isYield(c[i].low) && !isBe(c[i].low) {
			return false
		}
		j := i + 1
		for isAnswerFiller(c.at(j).low) {
			j++
		}
		return c.at(j).literal() || isYield(c[i].low) && c.yieldsNone(j)
	})
}

func (c clause) yieldsNone(i int) bool {
	t := c.at(i).low
	return t == "nothing" || t == "no" && c.at(i+1).kind == lexWord && !c.deniesVaguely(i)
}

// showsQuoted sees words that are to appear.
func (c clause) showsQuoted() bool {
	return c.some(func(i int) bool {
		return c[i].kind == lexQuoted && c.within(i, 4, func(t lexeme) bool { return isAppearing(t.low) })
	})
}

// Signs: checks pass.

// checksPass sees a verdict of tests, builds and the like: "all tests pass", "green CI".
func (c clause) checksPass() bool {
	return c.some(func(i int) bool {
		if !c.check(i) {
			return isRun(c[i].low) && isTidy(c.at(i+1).low) || c[i].low == "compiles" ||
				isPass(c[i].low) && (c.at(i+1).low == "in" || c.at(i+1).low == "on") && isCheck(c.at(i+2).low)
		}
		return isPassingAdjective(c.at(i-1).low) || c.verdictAfter(i)
	})
}

// check reports a noun for something that passes or fails by itself.
func (c clause) check(i int) bool {
	t := c[i]
	if t.namedTest() {
		return true
	}
	return t.kind == lexWord && isCheck(t.low) && !isCheckAbout(c.at(i+1).low)
}

func (c clause) verdictAfter(i int) bool {
	for j := i + 1; j < len(c) && j <= i+12; j++ {
		if isPass(c[j].low) && !isDeterminer(c[j-1].low) || isTidy(c[j].low) && (j == i+1 || isBe(c[j-1].low) || isRun(c[j-1].low)) {
			return true
		}
	}
	return false
}

// namesTest sees a test by its name: test_login_expires, LoginTest::expires, login.spec.ts.
func (c clause) namesTest() bool {
	return c.some(func(i int) bool { return c[i].namedTest() })
}

// countsTests sees how many tests: "3 unit tests".
func (c clause) countsTests() bool {
	return c.some(func(i int) bool {
		if !c.quantity(i) || c.definite(i) {
			return false
		}
		for j := i + 1; j <= i+4 && j < len(c) && c[j].kind == lexWord; j++ {
			if isTest(c[j].low) && !isCheckAbout(c.at(j+1).low) {
				return true
			}
		}
		return false
	})
}

// freeOfFaults sees faults that a machine reports absent: "0 errors", "without warnings".
func (c clause) freeOfFaults() bool {
	return c.some(func(i int) bool {
		t := c[i]
		if t.kind == lexNumber && t.text == "0" && c.within(i, 3, plural) {
			return !c.within(i, 3, func(t lexeme) bool { return isVagueThing(t.low) })
		}
		return (isNone(t.low) || t.text == "0") && c.within(i, 3, func(t lexeme) bool { return isFault(t.low) })
	})
}

func plural(t lexeme) bool { return t.kind == lexWord && strings.HasSuffix(t.low, "s") }

// commandSucceeds sees a command and what becomes of it, or that it is to be run.
// What is said of a command that opens the clause may be in any language.
func (c clause) commandSucceeds() bool {
	if c.at(0).command() && c.at(1).kind == lexWord && !c.some(func(i int) bool { return isVagueQuality(c[i].low) }) {
		return true
	}
	return c.some(func(i int) bool {
		if !c[i].command() && !c[i].script() {
			return false
		}
		return c.at(i-1).low == "run" || c.at(i-1).low == "execute" ||
			c.some(func(j int) bool {
				return j != i && (isPass(c[j].low) || isTidy(c[j].low) || j > i && (isYield(c[j].low) || isCompleting(c[j].low)))
			})
	})
}

// Signs: things run.

// serviceRuns sees the state of a service, container or timer.
func (c clause) serviceRuns() bool {
	return c.some(func(i int) bool {
		return c[i].service() && c.within(i, 4, func(t lexeme) bool { return isRunning(t.low) })
	})
}

// runsOnSchedule sees when something runs: "runs daily", "finishes by 05:30".
func (c clause) runsOnSchedule() bool {
	return c.some(func(i int) bool {
		return (isRun(c[i].low) || isCompleting(c[i].low)) && c.within(i, 6, func(t lexeme) bool {
			return t.kind == lexClock || isPeriod(t.low)
		})
	})
}

// Signs: things come and go.

// fileChanges sees a named file made, changed or removed.
func (c clause) fileChanges() bool {
	return !c.conditional() && c.some(func(i int) bool {
		return c[i].namedFile() && (c.works() || isTelling(c.at(i+1).low) ||
			c.some(func(j int) bool { return c[j].kind == lexWord && isMade(c[j].low) }))
	})
}

// works reports a clause that opens with the making or removing of something.
func (c clause) works() bool {
	i := slices.IndexFunc(c, func(t lexeme) bool { return t.kind != lexWord || !isFiller(t.low) })
	return i >= 0 && (isMaking(c[i].low) || isRemoving(c[i].low))
}

// codeChanges sees code or a directory made or removed, right beside the verb.
func (c clause) codeChanges() bool {
	if c.conditional() {
		return false
	}
	return c.some(func(i int) bool {
		if c[i].kind != lexCode && c[i].kind != lexPath {
			return false
		}
		verb := c.at(i - 1).low
		if isDeterminer(verb) {
			verb = c.at(i - 2).low
		}
		return isMaking(verb) || isRemoving(verb) || verb == "clean" ||
			c.within(i, 3, func(t lexeme) bool { return isMade(t.low) })
	})
}

// conditional reports work that may turn out not to be done.
func (c clause) conditional() bool {
	return c.some(func(i int) bool { return c[i].low == "if" || c[i].low == "unless" })
}

// evidenceAttached sees a screenshot, log or report put where others see it.
func (c clause) evidenceAttached() bool {
	return c.some(func(i int) bool {
		return isEvidence(c[i].low) && c.within(i, 4, func(t lexeme) bool { return isAttached(t.low) })
	})
}

// pullReaches sees a state of a pull request or numbered issue: "PR merged", "issue #5 closed".
func (c clause) pullReaches() bool {
	return c.some(func(i int) bool {
		if c.issue(i) {
			return c.within(i, 4, func(t lexeme) bool { return t.low == "closed" })
		}
		return c.pull(i) && (isPullAct(c.at(i-1).low) || isPullAct(c.at(i-2).low) && isDeterminer(c.at(i-1).low) ||
			c.within(i, 8, func(t lexeme) bool { return isPullState(t.low) })) ||
			c.pull(i) && c[:i].some(func(j int) bool { return isPullState(c[j].low) })
	})
}

func (c clause) pull(i int) bool {
	switch c[i].low {
	case "pr", "prs", "mr", "mrs", "pull-request":
		return true
	case "pull", "merge":
		return strings.HasPrefix(c.at(i+1).low, "request")
	}
	return false
}

func (c clause) issue(i int) bool {
	switch c[i].low {
	case "issue", "issues", "ticket", "tickets":
		return strings.HasPrefix(c.at(i+1).low, "#")
	}
	return false
}

// branchHas sees work on a branch: "merged to main".
func (c clause) branchHas() bool {
	return c.some(func(i int) bool {
		switch c[i].low {
		case "merged", "committed", "pushed":
			return c.within(i, 4, func(t lexeme) bool { return isBranch(t.low) })
		}
		return false
	})
}

// released sees a version or a place that software has reached.
func (c clause) released() bool {
	place := func(i int) bool {
		return isPlace(c[i].low) || c[i].version() || c[i].low == "build" && c.at(i+1).kind == lexNumber
	}
	return c.some(func(i int) bool { return isReleased(c[i].low) || i == 0 && isReleasing(c[i].low) }) && c.some(place)
}

// Clauses.

type clause []lexeme

// clauses cuts at stops and where another verb takes over. What stands in
// brackets stays with what it explains.
func clauses(ts []lexeme) []clause {
	var out []clause
	start, depth := 0, 0
	for i, t := range ts {
		depth += t.depth()
		if depth > 0 || !cuts(ts, i) {
			continue
		}
		end := i
		if t.text == "?" {
			end++
		}
		out = append(out, ts[start:end])
		start = i + 1
	}
	return append(out, ts[start:])
}

func cuts(ts []lexeme, i int) bool {
	c, t := clause(ts), ts[i]
	switch {
	case t.kind == lexStop:
		return t.text != ":" || !isBound(c.at(i-1).low)
	case t.low == "until" || t.low == "so" && c.at(i+1).low == "that":
		return true
	case t.low == "and" || t.low == "then" || t.text == ",":
		return startsVerb(c.at(i + 1).low)
	}
	return false
}

// startsVerb reports an imperative, which opens a clause of its own.
func startsVerb(w string) bool {
	return openingOf(w) != stating && !nounOrVerb(w) || isImperative(w)
}

func (c clause) at(i int) lexeme {
	if i < 0 || i >= len(c) {
		return lexeme{}
	}
	return c[i]
}

func (c clause) last() string { return c.at(len(c) - 1).low }

func (c clause) some(is func(int) bool) bool {
	for i := range c {
		if is(i) {
			return true
		}
	}
	return false
}

// within reports whether one of the n tokens after i is so.
func (c clause) within(i, n int, is func(lexeme) bool) bool {
	return i+1 < len(c) && slices.ContainsFunc(c[i+1:min(len(c), i+1+n)], is)
}

// Tokens.

type lexemeKind uint8

const (
	lexNone       lexemeKind = iota
	lexWord                  // low is lower case
	lexNumber                // text is the digits, unit what hangs on them
	lexLabel                 // a date, a version, a range: digits that measure nothing
	lexClock                 // 07:30
	lexCode                  // text is what stands between the backticks
	lexQuoted                // text is what stands between the quotes
	lexPath                  // a route or file written bare, or an address
	lexComparison            // < <= = == >= > ≤ ≥ and the like
	lexArrow                 // -> => →
	lexOpen
	lexShut
	lexComma
	lexStop
)

type lexeme struct {
	kind            lexemeKind
	text, low, unit string
}

func (t lexeme) depth() int {
	switch t.kind {
	case lexOpen:
		return 1
	case lexShut:
		return -1
	}
	return 0
}

// literal reports a value in backticks or quotes that is no file.
func (t lexeme) literal() bool { return t.kind == lexQuoted || t.kind == lexCode && !t.namedFile() }

func (t lexeme) route() bool {
	return (t.kind == lexPath || t.kind == lexCode) && isRoute(t.text)
}

// statusCode reports a registered HTTP status code, see
// https://www.iana.org/assignments/http-status-codes.
func (t lexeme) statusCode() bool { return t.kind == lexNumber && t.unit == "" && isStatusCode(t.text) }

// namedFile reports a file by its name: with an extension, or known without one.
func (t lexeme) namedFile() bool {
	switch t.kind {
	case lexCode, lexPath:
		return !strings.ContainsRune(t.text, ' ') && isFileName(t.text)
	case lexWord:
		return isKnownFile(t.text)
	}
	return false
}

// command reports a command line in backticks.
func (t lexeme) command() bool {
	if t.kind != lexCode || !strings.ContainsRune(t.text, ' ') {
		return false
	}
	name, _, _ := strings.Cut(t.text, " ")
	return !isMethod(name) && name != "" && strings.IndexFunc(name, func(r rune) bool { return !isCommandRune(r) }) < 0
}

func isCommandRune(r rune) bool {
	return unicode.IsLower(r) || unicode.IsDigit(r) || strings.ContainsRune("./_-", r)
}

// script reports a file that is run.
func (t lexeme) script() bool {
	return (t.kind == lexCode || t.kind == lexPath) && (strings.HasSuffix(t.text, ".sh") || strings.HasPrefix(t.text, "scripts/") || strings.HasPrefix(t.text, "./"))
}

func (t lexeme) service() bool {
	return t.kind == lexWord && isService(t.low) || strings.HasSuffix(t.text, ".service") || strings.HasSuffix(t.text, ".timer")
}

func (t lexeme) version() bool {
	v := strings.TrimPrefix(t.low, "v")
	return v != "" && v[0] >= '0' && v[0] <= '9' && strings.Contains(v, ".")
}

// namedTest reports the name of a test or of a file of tests, by the
// conventions of the common frameworks.
func (t lexeme) namedTest() bool {
	if t.kind != lexWord && t.kind != lexCode && t.kind != lexPath || strings.ContainsRune(t.text, ' ') {
		return false
	}
	name := t.text[strings.LastIndexByte(t.text, '/')+1:]
	return slices.ContainsFunc(strings.Split(name, "::"), isTestName)
}

func isTestName(s string) bool {
	for _, mid := range []string{".spec.", ".test.", "_test.", "_spec."} {
		if strings.Contains(s, mid) {
			return true
		}
	}
	if strings.HasPrefix(s, "test_") || strings.HasSuffix(s, "_test") {
		return true
	}
	for _, end := range []string{"Test", "Tests", "Spec"} {
		if before, ok := strings.CutSuffix(s, end); ok && before != "" && unicode.IsUpper(rune(s[0])) {
			return true
		}
	}
	before, after, ok := strings.Cut(s, "Test")
	return ok && before == "" && after != "" && unicode.IsUpper(rune(after[0])) && hasLower(after)
}

func hasLower(s string) bool { return strings.IndexFunc(s, unicode.IsLower) >= 0 }

// lexemes reads Markdown's inline text; emphasis and brackets of links fall away.
func lexemes(s string) []lexeme {
	var out []lexeme
	for s = strings.TrimSpace(s); s != ""; {
		t, n := nextLexeme(s)
		if t.kind != lexNone {
			if t.low == "" {
				t.low = strings.ToLower(t.text)
			}
			out = append(out, t)
		}
		s = s[n:]
	}
	return out
}

// nextLexeme reads one lexeme and says how many bytes it took.
func nextLexeme(s string) (lexeme, int) {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r == '`':
		return lexCodeOf(s)
	case closingQuote(r) != "":
		return lexQuotedOf(s, n, closingQuote(r))
	case r >= '0' && r <= '9':
		return lexNumberOf(s)
	case isPathStart(s):
		return lexPathOf(s)
	case isWordRune(r) || r == '#' && len(s) > 1 || r == '.' && len(s) > 1 && isWordByte(s[1]):
		return lexWordOf(s)
	}
	return lexMarkOf(s, r, n)
}

func lexCodeOf(s string) (lexeme, int) {
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	inner, _, ok := strings.Cut(s[ticks:], s[:ticks])
	if !ok {
		return lexeme{}, ticks
	}
	return lexeme{kind: lexCode, text: strings.TrimSpace(inner)}, 2*ticks + len(inner)
}

func lexQuotedOf(s string, n int, end string) (lexeme, int) {
	inner, _, ok := strings.Cut(s[n:], end)
	if !ok {
		return lexeme{}, n
	}
	return lexeme{kind: lexQuoted, text: inner}, n + len(inner) + len(end)
}

func closingQuote(r rune) string {
	switch r {
	case '"':
		return "\""
	case '“':
		return "”"
	case '„':
		return "“"
	case '«':
		return "»"
	case '「':
		return "」"
	}
	return ""
}

// lexNumberOf reads digits, what joins them, and the unit that hangs on them.
func lexNumberOf(s string) (lexeme, int) {
	n := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune(".,:/-", r) })
	if n < 0 {
		n = len(s)
	}
	digits := strings.TrimRight(s[:n], ".,:/-")
	rest := s[len(digits):]
	unit := rest[:len(rest)-len(strings.TrimLeftFunc(rest, isUnitRune))]
	n = len(digits) + len(unit)
	n += len(s[n:]) - len(strings.TrimLeft(s[n:], "+"))
	return lexeme{kind: numberKind(digits), text: digits, unit: strings.ToLower(unit)}, n
}

func isUnitRune(r rune) bool {
	return r < utf8.RuneSelf && unicode.IsLetter(r) || strings.ContainsRune("%°µμ", r)
}

// numberKind tells quantities from times of day and from digits that only label.
func numberKind(digits string) lexemeKind {
	joint := strings.IndexAny(digits, ":/-")
	switch {
	case joint < 0 && strings.Count(digits, ".") < 2:
		return lexNumber
	case joint > 0 && digits[joint] == ':':
		return lexClock
	case joint > 0 && digits[joint] == '/' && digits[:joint] == digits[joint+1:]:
		return lexNumber
	}
	return lexLabel
}

func isPathStart(s string) bool {
	if s[0] == '/' {
		return len(s) > 1 && (isWordByte(s[1]) || s[1] == '{' || s[1] == ':')
	}
	w := s[:wordEnd(s)]
	return w != "" && (strings.Contains(w, "://") || isFileName(w) || strings.Count(w, "/") > 1)
}

func lexPathOf(s string) (lexeme, int) {
	n := wordEnd(s)
	return lexeme{kind: lexPath, text: s[:n]}, n
}

// wordEnd returns where what is written without a space ends, closing marks left out.
func wordEnd(s string) int {
	n := strings.IndexAny(s, " \t\n()[]`\",;<>=→*")
	if n < 0 {
		n = len(s)
	}
	return len(strings.TrimRight(s[:n], ".:!?"))
}

func lexWordOf(s string) (lexeme, int) {
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !isWordRune(r) && !joins(s, n) || unspaced(s[:n]) && r < utf8.RuneSelf {
			break
		}
		n += size
	}
	w := strings.TrimRight(s[:n], "'-")
	if v, ok := spelled(w); ok {
		return lexeme{kind: lexNumber, text: v, low: strings.ToLower(w)}, n
	}
	return lexeme{kind: lexWord, text: w}, n
}

// joins reports a mark inside a word: it's, e.g, A::b, and/or.
func joins(s string, n int) bool {
	if strings.HasPrefix(s[n:], "::") || s[n-1] == ':' && s[n] == ':' {
		return true
	}
	return strings.IndexByte("'./-#", s[n]) >= 0 && n+1 < len(s) && isWordByte(s[n+1])
}

// unspaced reports text in a script that puts no space between words (CJK, from U+2E80).
func unspaced(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r >= 0x2E80
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
func isWordByte(b byte) bool { return b >= utf8.RuneSelf || isWordRune(rune(b)) }

// spelled reads a number written out.
func spelled(w string) (string, bool) {
	switch strings.ToLower(w) {
	case "zero":
		return "0", true
	case "one":
		return "1", true
	case "two":
		return "2", true
	case "three":
		return "3", true
	case "four":
		return "4", true
	case "five":
		return "5", true
	case "six":
		return "6", true
	case "seven":
		return "7", true
	case "eight":
		return "8", true
	case "nine":
		return "9", true
	case "ten":
		return "10", true
	}
	return "", false
}

func lexMarkOf(s string, r rune, n int) (lexeme, int) {
	for _, m := range lexMarks {
		if strings.HasPrefix(s, m.text) {
			return lexeme{kind: m.kind, text: m.text}, len(m.text)
		}
	}
	switch r {
	case '.', ':', '-', '!', '?':
		if len(s) == n || s[n] == ' ' {
			return lexeme{kind: lexStop, text: s[:n]}, n
		}
	case ';', '—', '–', '。':
		return lexeme{kind: lexStop, text: s[:n]}, n
	}
	return lexeme{}, n
}

// lexMarks are the marks that are tokens wherever they stand, the longer before the shorter.
var lexMarks = [...]struct {
	text string
	kind lexemeKind
}{
	{"->", lexArrow},
	{"=>", lexArrow},
	{"→", lexArrow},
	{"⇒", lexArrow},
	{"<=", lexComparison},
	{">=", lexComparison},
	{"==", lexComparison},
	{"!=", lexComparison},
	{"≤", lexComparison},
	{"≥", lexComparison},
	{"<", lexComparison},
	{">", lexComparison},
	{"=", lexComparison},
	{"(", lexOpen},
	{")", lexShut},
	{"（", lexOpen},
	{"）", lexShut},
	{",", lexComma},
	{"、", lexComma},
}

// The words. Each list is a part of speech of this small grammar, in lower case.

// openingOf tells what a verb promises, given in its base, -ing or noun form.
func openingOf(w string) opening {
	for _, b := range [...]string{w, strings.TrimSuffix(w, "ing"), strings.TrimSuffix(w, "ing") + "e", undoubled(w), strings.TrimSuffix(w, "s")} {
		if o := openingOfBase(b); o != stating {
			return o
		}
	}
	return stating
}

// undoubled takes "planning" to "plan".
func undoubled(w string) string {
	b, ok := strings.CutSuffix(w, "ing")
	if ok && len(b) > 2 && b[len(b)-1] == b[len(b)-2] {
		return b[:len(b)-1]
	}
	return w
}

func openingOfBase(w string) opening {
	switch w {
	case "review", "explore", "exploration", "investigate", "investigation", "discuss", "discussion", "analyse",
		"analyze", "analysis", "audit", "plan", "consider", "research", "brainstorm", "prioritise",
		"prioritize", "prioritisation", "prioritization", "evaluate", "evaluation", "assess", "assessment",
		"examine", "inspect", "study", "identify", "clarify", "understand", "think", "look", "try", "attempt",
		"read", "revisit", "rethink", "monitor", "watch", "observe", "track", "continue", "keep", "scope", "estimate", "triage",
		"decide", "choose", "select", "propose", "compare", "survey", "learn", "figure", "design", "proofread",
		"playtest", "spike", "prototype", "experiment", "start", "begin", "debug", "diagnose", "follow", "work",
		"whether", "why", "what", "which", "how", "who", "where", "maybe", "possibly", "perhaps":
		return inquiring
	case "improve", "improvement", "refine", "refactor", "enhance", "enhancement", "polish", "optimise", "optimize",
		"optimisation", "optimization", "tune", "strengthen", "harden", "streamline", "simplify", "modernise",
		"modernize", "rework", "tidy", "tweak", "minimise", "minimize", "maximise", "maximize", "speed", "reduce",
		"increase", "raise", "lower", "balance", "restructure", "reorganise", "reorganize", "cleanup":
		return improving
	case "document", "summarise", "summarize", "summary", "consolidate", "describe", "outline", "note", "record",
		"collate", "compile", "map", "report", "draft", "write", "list":
		return recording
	case "gather", "collect", "coordinate", "align", "sync", "communicate", "meet", "agree", "finalise", "finalize", "involve", "engage", "ask", "talk", "train", "get":
		return collecting
	}
	return stating
}

// nounOrVerb lists the openings that often are the first noun of a subject.
func nounOrVerb(w string) bool {
	switch w {
	case "review", "reviews", "plan", "plans", "audit", "audits", "research", "design", "designs", "monitor", "monitors", "monitoring", "track", "tracks",
		"tracking", "sync", "study", "survey", "surveys", "watch", "start", "work", "report", "reports", "reporting", "record", "records",
		"recording", "list", "lists", "listing", "map", "maps", "draft", "drafts", "note", "notes", "document", "documents", "summary",
		"balance", "training", "estimate", "estimates", "spike", "polish", "speed", "read", "reads", "scope",
		"scopes", "discussion", "discussions", "comparison", "prototype", "mapping", "tracing", "evaluation",
		"assessment", "meeting", "following", "get", "gets", "keep", "keeps":
		return true
	}
	return false
}

// isImperative lists verbs besides the openings that begin a piece of work.
func isImperative(w string) bool {
	switch w {
	case "add", "create", "write", "run", "deploy", "release", "publish", "remove", "delete", "update", "verify",
		"check", "confirm", "ensure", "validate", "fix", "implement", "open", "merge", "upload", "commit":
		return true
	}
	return false
}

func isFiller(w string) bool {
	switch w {
	case "also", "then", "now", "re", "please", "to", "just", "the", "a", "an", "all", "first", "must", "we", "and", "optional", "todo":
		return true
	}
	return false
}

func isDeterminer(w string) bool {
	switch w {
	case "the", "a", "an", "this", "that", "these", "those", "our", "their", "its", "existing", "current":
		return true
	}
	return false
}

func isPreposition(w string) bool {
	switch w {
	case "of", "for", "with", "from", "in", "on", "at", "to", "about", "into", "over", "by", "and", "or", "against", "if":
		return true
	}
	return false
}

func isQuestionWord(w string) bool {
	switch w {
	case "what", "why", "how", "whether", "which", "who", "when", "where", "if":
		return true
	}
	return false
}

func isBe(w string) bool {
	switch w {
	case "is", "are", "be", "was", "were", "been", "stays", "stay", "remains", "remain":
		return true
	}
	return false
}

// isFinite lists verbs that only a statement has.
func isFinite(w string) bool {
	return isMade(w) || isPass(w) && w != "pass" || isRun(w) && w != "run" || isCompleting(w) && w != "complete" || isReleased(w) ||
		w == "exists" || w == "loads" || w == "opens" || w == "takes" || w == "can" || w == "cannot"
}

// isYield lists what brings a result to light.
func isYield(w string) bool {
	switch w {
	case "return", "returns", "returned", "responds", "respond", "answers", "answer", "yields", "gives", "give", "gets", "receives", "denies",
		"deny", "denied", "rejects", "rejected", "refused", "refuses", "prints", "print", "outputs", "output", "shows", "show",
		"displays", "display", "contains", "contain", "has", "have", "holds", "hold", "handles", "supports",
		"accepts", "sends", "renders", "exports", "imports", "retries", "keeps", "emits", "reports", "report", "finds", "find",
		"equals", "equal", "becomes", "logs", "counts", "raises", "throws", "produces", "redirects", "loads", "limits", "limited",
		"defaults", "fails", "fail", "failed", "forbidden", "blocked", "allowed", "detects":
		return true
	}
	return false
}

func isAnswerFiller(w string) bool {
	switch w {
	case "a", "an", "the", "http", "status", "code", "codes", "with", "only", "by", "to", "exactly", "either", "of", "always", "back", "as":
		return true
	}
	return false
}

func isAppearing(w string) bool {
	switch w {
	case "appears", "appear", "shown", "shows", "printed", "displayed", "logged", "visible", "returned", "seen":
		return true
	}
	return false
}

func isExitWord(w string) bool {
	switch w {
	case "nonzero", "non-zero", "cleanly", "success", "successfully":
		return true
	}
	return false
}

func isBound(w string) bool {
	switch w {
	case "least", "most", "max", "maximum", "min", "minimum", "under", "below", "within", "over", "above", "than", "exceed",
		"exceeds", "exceeding", "exactly", "beyond", "until", "before", "equals", "cap", "capped", "limit":
		return true
	}
	return false
}

// isLimiting lists what makes a "to" a bound: "limited to 5".
func isLimiting(w string) bool {
	switch w {
	case "up", "down", "limited", "reduced", "raised", "restricted", "equal", "capped", "set", "lowered", "increased", "close":
		return true
	}
	return false
}

func isApproximate(w string) bool {
	switch w {
	case "about", "around", "roughly", "only", "exactly", "last", "approx":
		return true
	}
	return false
}

func isComparative(w string) bool {
	switch w {
	case "less", "fewer", "more", "better", "below", "above", "faster", "higher", "lower", "smaller", "larger", "later", "earlier", "newer", "greater", "under", "over":
		return true
	}
	return false
}

// isUnit lists units of measurement, effort (hours, days) left out.
func isUnit(u string) bool {
	switch u {
	case "ms", "s", "sec", "secs", "second", "seconds", "µs", "μs", "us", "ns", "%", "percent", "b", "byte", "bytes", "kb", "mb", "gb", "tb",
		"kib", "mib", "gib", "fps", "hz", "khz", "mhz", "ghz", "ma", "µa", "μa", "na", "mah", "v", "mv", "w", "mw", "kw", "°c", "°f", "db",
		"dbm", "px", "dpi", "rpm", "km", "cm", "mm", "µm", "kg", "rps", "qps", "tps", "kbit", "mbit", "gbit", "mbps", "gbps", "kbps", "lux", "kpa":
		return true
	}
	return false
}

func isDuration(u string) bool {
	switch u {
	case "h", "hr", "hrs", "hour", "hours", "min", "mins", "minute", "minutes", "s", "sec", "second", "seconds", "ms":
		return true
	}
	return false
}

// isNumbered lists what is told apart by number, so that the number counts nothing.
func isNumbered(w string) bool {
	switch w {
	case "phase", "stage", "step", "sprint", "pass", "week", "day", "milestone", "chapter", "section", "figure", "option", "level",
		"tier", "iteration", "quarter", "pr", "issue", "ticket", "version", "part", "round", "page", "epic", "task", "item", "story",
		"port", "line", "batch", "run", "order", "attempt", "api", "v", "table", "release", "build", "python", "node", "java", "ios", "android":
		return true
	}
	return false
}

func isMethod(w string) bool {
	m, _, _ := strings.Cut(w, "/")
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return true
	}
	return false
}

func isStatusCode(s string) bool {
	switch s {
	case "200", "201", "202", "204", "206", "301", "302", "303", "304", "307", "308", "400", "401", "402", "403", "404", "405",
		"406", "408", "409", "410", "411", "412", "413", "414", "415", "416", "417", "418", "421", "422", "423", "424", "425",
		"426", "428", "429", "431", "451", "500", "501", "502", "503", "504", "505", "507", "511":
		return true
	}
	return false
}

func isRoute(s string) bool {
	return strings.HasPrefix(s, "/") && len(s) > 1 && !isFileName(s) || strings.Contains(s, "://")
}

func isCheck(w string) bool {
	switch w {
	case "ci", "lint", "linter", "e2e", "smoke", "pipeline", "pipelines", "build", "builds", "workflow", "workflows", "job", "jobs", "typecheck",
		"type-check", "benchmark", "benchmarks", "checks", "suite", "suites", "compilation", "gate", "gates", "check", "validation":
		return true
	}
	return isTest(w)
}

func isTest(w string) bool {
	switch w {
	case "test", "tests", "spec", "specs", "unittests", "assertions", "testcases":
		return true
	}
	return false
}

// isCheckAbout lists nouns that make "test ..." something that cannot pass.
func isCheckAbout(w string) bool {
	switch w {
	case "plan", "plans", "strategy", "data", "environment", "environments", "coverage", "approach", "team", "infrastructure", "framework",
		"design", "scenarios", "time", "times", "docs", "documentation", "results", "process", "ideas", "matrix", "quality":
		return true
	}
	return false
}

func isPass(w string) bool {
	switch w {
	case "pass", "passes", "passed", "passing", "green", "succeed", "succeeds", "succeeded", "successful", "successfully", "validates", "ok":
		return true
	}
	return false
}

func isPassingAdjective(w string) bool { return w == "passing" || w == "green" || w == "successful" }

func isTidy(w string) bool { return w == "clean" || w == "cleanly" }

func isRun(w string) bool {
	switch w {
	case "run", "runs", "ran", "executes", "executed", "triggered", "triggers", "scheduled", "starts", "fires":
		return true
	}
	return false
}

func isCompleting(w string) bool {
	switch w {
	case "complete", "completes", "completed", "finish", "finishes", "finished", "works", "ends", "builds", "installs":
		return true
	}
	return false
}

func isPeriod(w string) bool {
	switch w {
	case "daily", "nightly", "hourly", "weekly", "monthly", "every":
		return true
	}
	return false
}

func isService(w string) bool {
	switch w {
	case "service", "services", "daemon", "daemons", "pod", "pods", "container", "containers", "unit", "timer", "process", "processes", "cronjob":
		return true
	}
	return false
}

func isRunning(w string) bool {
	switch w {
	case "active", "running", "enabled", "up", "started", "ready", "inactive", "stopped", "disabled":
		return true
	}
	return false
}

func isNone(w string) bool { return w == "no" || w == "without" || w == "free" }

// isFault lists what compilers, linters, runtimes and monitors count.
func isFault(w string) bool {
	switch w {
	case "warning", "warnings", "error", "errors", "failure", "failures", "crash", "crashes", "diff", "diffs", "conflict", "conflicts", "leak", "leaks",
		"violation", "violations", "timeout", "timeouts", "exception", "exceptions", "downtime", "panic", "panics", "vulnerabilities",
		"cves", "deadlock", "deadlocks", "races", "segfault", "segfaults", "offences", "404s", "500s", "5xx", "overflow":
		return true
	}
	return false
}

// isVagueThing lists what only judgement can count.
func isVagueThing(w string) bool {
	switch w {
	case "bug", "bugs", "regression", "regressions", "issue", "issues", "problem", "problems", "surprise", "surprises", "gaps", "concerns",
		"blockers", "defects", "impact", "downsides", "complaints", "confusion", "inconsistencies":
		return true
	}
	return false
}

func isVagueQuality(w string) bool {
	switch w {
	case "robust", "robustly", "comprehensive", "comprehensively", "better", "intuitive", "graceful", "gracefully", "easy", "easier", "appropriate",
		"appropriately", "proper", "properly", "good", "nice", "user-friendly", "smooth", "smoothly", "snappy", "modern",
		"scalable", "maintainable", "solid", "high-quality", "well", "safer", "cleaner", "faster", "simpler", "friendly", "everything",
		"seamless", "seamlessly", "thorough", "thoroughly", "reasonable", "sufficient", "adequate", "critical", "consistent", "consistency", "stable", "up-to-date":
		return true
	}
	return false
}

// isCondition and isHedge together say that the work may not be done.
func isCondition(w string) bool {
	switch w {
	case "if", "as", "when", "where", "wherever", "whenever":
		return true
	}
	return false
}

func isHedge(w string) bool {
	switch w {
	case "needed", "necessary", "possible", "required", "appropriate", "applicable", "relevant", "feasible", "time", "practical", "desired":
		return true
	}
	return false
}

func isAgreement(w string) bool {
	switch w {
	case "agreement", "agree", "agrees", "agreed", "consensus", "sign-off", "signoff", "signs", "alignment", "aligned", "buy-in",
		"happy", "satisfied", "opinion", "opinions", "stakeholder", "stakeholders":
		return true
	}
	return false
}

// isMaking lists verbs that make or change the thing that follows them.
func isMaking(w string) bool {
	switch w {
	case "create", "add", "write", "publish", "commit", "generate", "save", "produce", "move", "rename", "export", "update",
		"document", "record", "upload", "store", "link", "draft", "summarise", "summarize", "attach", "consolidate", "collate", "list", "describe":
		return true
	}
	return false
}

// isTelling lists what a document does once it says the thing.
func isTelling(w string) bool {
	switch w {
	case "documents", "describes", "lists", "explains", "covers", "names", "contains", "includes", "mentions", "exists", "exist":
		return true
	}
	return false
}

// isMade lists participles that a thing made, changed or removed carries.
func isMade(w string) bool {
	switch w {
	case "created", "added", "written", "published", "committed", "generated", "saved", "produced", "moved", "renamed", "exported",
		"updated", "documented", "recorded", "uploaded", "stored", "linked", "present", "exists", "exist", "shipped", "attached", "applied", "archived", "drafted":
		return true
	case "removed", "deleted", "dropped", "gone", "purged", "emptied":
		return true
	}
	return false
}

func isRemoving(w string) bool {
	switch w {
	case "remove", "delete", "drop", "purge", "wipe", "empty", "removes", "deletes", "prune":
		return true
	}
	return false
}

func isEvidence(w string) bool {
	switch w {
	case "screenshot", "screenshots", "log", "logs", "report", "reports", "recording", "trace", "traces", "video", "output", "transcript":
		return true
	}
	return false
}

func isAttached(w string) bool {
	switch w {
	case "attached", "posted", "uploaded", "linked", "pasted", "archived":
		return true
	}
	return false
}

func isPullAct(w string) bool {
	switch w {
	case "open", "create", "merge", "close", "raise", "submit":
		return true
	}
	return false
}

func isPullState(w string) bool {
	switch w {
	case "created", "opened", "open", "merged", "approved", "closed", "green", "raised", "submitted":
		return true
	}
	return false
}

func isBranch(w string) bool {
	switch w {
	case "main", "master", "develop", "trunk", "branch", "repo", "repository", "upstream":
		return true
	}
	return false
}

func isReleased(w string) bool {
	switch w {
	case "deployed", "released", "published", "shipped", "tagged", "live", "rolled", "uploaded", "promoted", "installed":
		return true
	}
	return false
}

func isReleasing(w string) bool {
	switch w {
	case "deploy", "release", "publish", "ship", "tag", "promote":
		return true
	}
	return false
}

func isPlace(w string) bool {
	switch w {
	case "production", "prod", "staging", "pypi", "npm", "crates.io", "testflight", "registry", "store", "marketplace", "maven", "dockerhub", "cdn":
		return true
	}
	return false
}

// isFileName reports a name with an extension, or one known without.
func isFileName(s string) bool {
	name := s[strings.LastIndexByte(s, '/')+1:]
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return isKnownFile(name)
	}
	return isExtension(strings.ToLower(name[dot+1:]))
}

func isKnownFile(s string) bool {
	switch s {
	case "README", "CHANGELOG", "LICENSE", "NOTICE", "CONTRIBUTING", "CODEOWNERS", "Makefile", "Dockerfile", "Procfile", "Jenkinsfile", "Gemfile", "Justfile":
		return true
	}
	return false
}

func isExtension(s string) bool {
	switch s {
	case "md", "mdx", "rst", "adoc", "txt", "pdf", "html", "htm", "css", "scss", "json", "jsonl", "yaml", "yml", "toml", "ini", "cfg", "conf", "env", "xml",
		"csv", "tsv", "sql", "parquet", "proto", "tf", "lock", "log", "go", "py", "js", "mjs", "ts", "tsx", "jsx", "vue", "rb", "php", "java", "kt",
		"swift", "c", "h", "cc", "cpp", "hpp", "rs", "cs", "dart", "lua", "gd", "sh", "bash", "ps1", "ipynb", "png", "jpg", "svg", "gif", "mp4", "zip", "gz", "tar",
		"hex", "bin", "elf", "apk", "ipa", "exe", "wasm", "whl", "so", "dll", "service", "timer", "patch", "diff", "po", "xlsx", "docx", "tex", "bib", "gradle", "mod":
		return true
	}
	return false
}
