package rule

// Config reports what is wrong in a configuration that this change edits.
var Config = declare(&Rule{
	Name:     "config",
	Severity: Error,
	Always:   true,
	Fixed:    true,
	Check: func(p *Pass) {
		if p.HeadConfig == nil {
			return
		}
		for _, f := range p.HeadConfig.Faults {
			p.Report(Finding{Span: f.Span, Message: f.Message, Hint: f.Hint, Key: f.Message})
		}
	},
})
