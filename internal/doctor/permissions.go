package doctor

import (
	"maps"
	"slices"
	"strings"
)

// permission is one line of the block, in the order of the example.
type permission struct {
	scope, want string
	why         string // what does not work without it, a sentence; empty where the line tells
}

// reading is what every default allows.
var reading = permission{scope: "contents", want: "read"}

// accessLevel orders what may be granted.
var accessLevel = map[string]int{"": 0, "none": 0, "read": 1, "write": 2}

// union returns what does for both, each scope once.
func union(needs, more []permission) []permission {
	out := slices.Clone(needs)
	for _, p := range more {
		i := slices.IndexFunc(out, func(o permission) bool { return o.scope == p.scope })
		switch {
		case i < 0:
			out = append(out, p)
		case accessLevel[out[i].want] < accessLevel[p.want]:
			out[i] = p
		}
	}
	return out
}

// checkPermissions looks for permissions that a job is missing; who is what the job does.
// A block on the job takes the place of the workflow's, and a scope it does not
// name is none.
func (j *job) checkPermissions(who string, needs []permission) []Finding {
	block := j.in.permissions
	if j.permissions.there() {
		block = j.permissions
	}
	if !block.there() && slices.Equal(needs, []permission{reading}) {
		return nil
	}
	has := j.in.entries(block.node)
	all := map[string]int{"read-all": 1, "write-all": 2}[block.scalar()]
	missing := slices.DeleteFunc(slices.Clone(needs), func(p permission) bool { return max(all, accessLevel[has[p.scope].scalar()]) >= accessLevel[p.want] })
	if len(missing) == 0 {
		return nil
	}
	f := Finding{Path: j.in.path, Line: block.line, Message: notAllowed(who, missing), Lines: permissionsBlock(needs, has, all)}
	if !block.there() {
		f.Line = j.line
		f.Message = "Nothing says what the " + who + " may do, and the repository's default may be to read only."
	}
	return []Finding{f}
}

// notAllowed says which permissions are missing, and what for.
func notAllowed(who string, missing []permission) string {
	var lines, reasons []string
	for _, p := range missing {
		lines = append(lines, p.scope+": "+p.want)
		if p.why != "" {
			reasons = append(reasons, " "+p.why)
		}
	}
	return "The " + who + " is not allowed " + strings.Join(lines, ", ") + "." + strings.Join(reasons, "")
}

// permissionsBlock is a block that grants what stands there and what is needed.
func permissionsBlock(needs []permission, has map[string]entry, all int) string {
	var out strings.Builder
	out.WriteString("permissions:\n")
	named := map[string]bool{}
	for _, p := range needs {
		named[p.scope] = true
		want := p.want
		if now := has[p.scope].scalar(); accessLevel[now] > accessLevel[want] || all > accessLevel[want] {
			want = map[int]string{1: "read", 2: "write"}[max(accessLevel[now], all)]
		}
		if want != "" {
			out.WriteString("  " + p.scope + ": " + want + "\n")
		}
	}
	for _, scope := range slices.Sorted(maps.Keys(has)) {
		if !named[scope] {
			out.WriteString("  " + scope + ": " + has[scope].scalar() + "\n")
		}
	}
	return out.String()
}
