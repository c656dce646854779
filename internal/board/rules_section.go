package board

// ruleHeadings lead the section in which a board states its own rules.
var ruleHeadings = wordsOf("headings", "rules")

// rules reads the sections in which the board states its own rules, and the
// limits that any heading outside the columns states.
func (p *reader) rules() {
	for i, b := range p.blocks {
		if b.kind != heading {
			continue
		}
		if role, _ := p.role(b.region); role == "" {
			p.ruleHeading(b)
		}
		if !p.isRulesHeading(b) {
			continue
		}
		for _, b := range p.blocks[i:p.sectionEnd(i, len(p.blocks))] {
			for _, l := range p.lines(b.region) {
				p.board.RulesText = append(p.board.RulesText, p.shown(l))
			}
		}
	}
}

func (p *reader) isRulesHeading(b block) bool {
	toks := tokens(p.raw(b.region))
	return ruleHeadings().leads(toks)
}

// ruleHeading reads "### WIP Limit = 1".
func (p *reader) ruleHeading(b block) {
	name, n, span, ok := p.limits.rule(b.start, b.end)
	if !ok {
		return
	}
	toks := tokens(name)
	for i := range toks {
		if role, _ := p.leading(name[max(0, toks[i].end-len(toks[i].text)):]); role != "" {
			p.board.Rules = append(p.board.Rules, Limit{Role: role, Max: n, Span: span})
			return
		}
	}
}
