package event

// Environment returns what an environment ("KEY=value") says where no event
// woke the process: the repository, the addresses and, in a job, its run. It
// is of no kind.
func Environment(environ []string) Event { return fromEnvironment(variables(environ)) }
