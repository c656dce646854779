package fake

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// commit is a commit: its files, whole, and where it came from.
type commit struct {
	oid     string
	parents []string
	tree    map[string]string // path to blob
	modes   map[string]int    // of paths that are not plain files
}

// Commit makes a commit of these files, the whole tree, and returns its name,
// which depends on nothing else.
func (r *Repo) Commit(files map[string]string, parents ...string) string {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	tree := map[string]string{}
	for path, text := range files {
		oid := hashOf("blob", text)
		r.blobs[oid] = text
		tree[path] = oid
	}
	return r.addCommit(tree, parents)
}

func (r *Repo) addCommit(tree map[string]string, parents []string) string {
	var text strings.Builder
	fmt.Fprintln(&text, parents)
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		fmt.Fprintln(&text, path, tree[path])
	}
	c := &commit{oid: hashOf("commit", text.String()), parents: parents, tree: tree, modes: map[string]int{}}
	r.commits[c.oid] = c
	return c.oid
}

// Link makes a path of a commit a symbolic link: its text is where it leads.
func (r *Repo) Link(oid, path string) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	r.commits[oid].modes[path] = modeLink
}

// Submodule makes a path of a commit a submodule.
func (r *Repo) Submodule(oid, path string) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	r.commits[oid].modes[path] = modeSubmodule
}

// hashOf is git's name for a text.
func hashOf(kind, text string) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%s %d\x00%s", kind, len(text), text))
	return hex.EncodeToString(sum[:])
}

// Push moves a branch.
func (r *Repo) Push(branch, oid string) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	r.branches[branch] = oid
}

// Head returns where a branch is, empty where there is none.
func (r *Repo) Head(branch string) string {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	return r.branches[branch]
}

// MergeFiles makes the merge commit of two commits, file by file: the head's
// where it changed one since their merge base, else the base's.
func (r *Repo) MergeFiles(base, head string) string {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	old := map[string]string{}
	if c := r.commits[r.mergeBase(base, head)]; c != nil {
		old = c.tree
	}
	tree := maps.Clone(r.commits[base].tree)
	theirs := r.commits[head].tree
	for path, oid := range theirs {
		if old[path] != oid {
			tree[path] = oid
		}
	}
	for path := range old {
		if _, kept := theirs[path]; !kept {
			delete(tree, path)
		}
	}
	return r.addCommit(tree, []string{base, head})
}

// mergeBase returns the nearest commit, from head, that base has too.
func (r *Repo) mergeBase(base, head string) string {
	known := map[string]bool{}
	r.visitAncestors(base, func(oid string) bool { known[oid] = true; return true })
	found := ""
	r.visitAncestors(head, func(oid string) bool {
		if known[oid] {
			found = oid
		}
		return found == ""
	})
	return found
}

// countAhead counts the commits that lead to one commit and not to another.
func (r *Repo) countAhead(one, another string) int {
	known := map[string]bool{}
	r.visitAncestors(another, func(oid string) bool { known[oid] = true; return true })
	n := 0
	r.visitAncestors(one, func(oid string) bool {
		if !known[oid] {
			n++
		}
		return true
	})
	return n
}

// visitAncestors visits a commit and those before it, the nearest first, until visit says no.
func (r *Repo) visitAncestors(from string, visit func(string) bool) {
	seen := map[string]bool{}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		c := r.commits[queue[0]]
		if c == nil || seen[c.oid] {
			continue
		}
		seen[c.oid] = true
		if !visit(c.oid) {
			return
		}
		queue = append(queue, c.parents...)
	}
}

// changedFiles lists what differs between two commits; a blob that left one path
// and came at another is a rename.
func (r *Repo) changedFiles(base, head string) []ChangedFile {
	old, now := r.tree(base), r.tree(head)
	gone := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if _, kept := now[path]; !kept {
			gone[old[path]] = path
		}
	}
	var out []ChangedFile
	for _, path := range slices.Sorted(maps.Keys(now)) {
		oid := now[path]
		was, had := old[path]
		switch {
		case had && was != oid:
			out = append(out, ChangedFile{Path: path, Status: "modified"})
		case !had && gone[oid] != "":
			out = append(out, ChangedFile{Path: path, Previous: gone[oid], Status: "renamed"})
			delete(gone, oid)
		case !had:
			out = append(out, ChangedFile{Path: path, Status: "added"})
		}
	}
	for _, oid := range slices.Sorted(maps.Keys(gone)) {
		out = append(out, ChangedFile{Path: gone[oid], Status: "removed"})
	}
	return out
}

func (r *Repo) tree(oid string) map[string]string {
	if c := r.commits[oid]; c != nil {
		return c.tree
	}
	return nil
}
