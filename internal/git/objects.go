package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"strconv"
	"strings"

	"github.com/boardgate/boardgate/internal/source"
)

// objects is a running `git cat-file --batch`: one process for all questions,
// which takes names on its standard input (https://git-scm.com/docs/git-cat-file).
type objects struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	stderr  bytes.Buffer
}

// object is an answer. The zero object is that there is none of that name.
type object struct {
	id, kind string
	size     int64
	data     []byte // nil where size is over what was asked for
}

func (r *Repository) startObjects(ctx context.Context) error {
	if r.objects != nil {
		return nil
	}
	o := &objects{command: r.command(ctx, "cat-file", "--batch")}
	o.command.Stderr = &o.stderr
	in, err := o.command.StdinPipe()
	if err != nil {
		return err
	}
	out, err := o.command.StdoutPipe()
	if err != nil {
		return err
	}
	o.in, o.out = in, bufio.NewReader(out)
	if err := o.command.Start(); err != nil {
		return err
	}
	r.objects = o
	return nil
}

func (o *objects) close() {
	o.in.Close()
	_, _ = io.Copy(io.Discard, o.out)
	_ = o.command.Wait() // it was only read from; what it says at the end tells nothing
}

// object asks for one object by its name, at most limit bytes of it.
func (r *Repository) object(ctx context.Context, name string, limit int64) (object, error) {
	if strings.ContainsAny(name, "\n\r\x00") {
		return object{}, nil // no line of a batch can ask for it
	}
	if err := r.startObjects(ctx); err != nil {
		return object{}, err
	}
	found, err := r.objects.ask(name, limit)
	if err != nil {
		o := r.objects
		r.Close()
		return object{}, r.failure(ctx, "cat-file", o.stderr.String(), err)
	}
	return found, nil
}

func (o *objects) ask(name string, limit int64) (object, error) {
	if _, err := fmt.Fprintln(o.in, name); err != nil {
		return object{}, err
	}
	header, err := o.out.ReadString('\n')
	if err != nil {
		return object{}, err
	}
	found, ok := parseHeader(strings.TrimSuffix(header, "\n"))
	if !ok {
		return object{}, nil
	}
	if found.size > limit {
		_, err = io.CopyN(io.Discard, o.out, found.size+1)
		return found, err
	}
	data := make([]byte, found.size+1) // and the line break that follows
	if _, err = io.ReadFull(o.out, data); err != nil {
		return object{}, err
	}
	found.data = data[:found.size]
	return found, nil
}

// parseHeader reads "ID KIND SIZE". It reports false for "NAME missing" and its
// like, which nothing follows.
func parseHeader(line string) (object, bool) {
	words := strings.Fields(line)
	if len(words) != 3 {
		return object{}, false
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	return object{id: words[0], kind: words[1], size: size}, err == nil && size >= 0
}

// requireObject returns the bytes of an object that has to be here, at most limit of them.
func (r *Repository) requireObject(ctx context.Context, id string, limit int64) ([]byte, error) {
	found, err := r.object(ctx, id, limit)
	switch {
	case err != nil:
		return nil, err
	case found.kind == "":
		return nil, r.missingObject(ctx, id)
	case found.size > limit:
		return nil, &TooLarge{found.size, limit}
	}
	return found.data, nil
}

// Commit returns the id of the commit a revision names, empty where it names none.
func (r *Repository) Commit(ctx context.Context, revision string) (string, error) {
	if revision == "" {
		return "", nil
	}
	// A commit's own bytes are of no interest: its message may be of any size.
	found, err := r.object(ctx, revision+"^{commit}", 0)
	if err == nil && found.kind == "" {
		return "", r.dangling(ctx, revision)
	}
	if err != nil || found.kind != "commit" {
		return "", err
	}
	return found.id, nil
}

// dangling is the error of a revision that names an object which is not here, nil
// where it names nothing.
func (r *Repository) dangling(ctx context.Context, revision string) error {
	if strings.HasPrefix(revision, "-") || strings.ContainsRune(revision, 0) {
		return nil // no name, and rev-parse would take it for an option
	}
	id, err := r.run(ctx, "rev-parse", "--verify", "--quiet", revision)
	if err != nil || id == revision {
		return nil // an id that was typed names what may be nowhere
	}
	found, err := r.object(ctx, id, 0)
	if err == nil && found.kind == "" {
		err = r.missingObject(ctx, id)
	}
	return err
}

// TooLarge says that a file holds more bytes than it may.
type TooLarge struct{ Size, Limit int64 }

func (t *TooLarge) Error() string {
	return fmt.Sprintf("it holds %d bytes, and the most is %d", t.Size, t.Limit)
}

// ErrLink says that a symbolic link stands at the path of a file. None is
// followed: the file that it leads to has a path of its own.
var ErrLink = errors.New("it is a symbolic link; name the file that it leads to")

// The kinds of entries in a tree by the first digits of their modes
// (https://git-scm.com/docs/git-fast-import#_filemodify).
const (
	modeFile   = "100"
	modeFolder = "40000"
	modeLink   = "120000"
)

// Limits of a way through trees.
const (
	mostTree  = 64 << 20 // bytes of a commit, or of a folder's list of entries
	mostLinks = 40       // as git has it
)

// entry is what stands at a path of a commit. The zero entry is nothing.
type entry struct{ mode, id string }

// entry returns what stands at a path of a commit. Links among the folders are
// followed, as the work tree's are; one at the end is returned. It goes from tree
// to tree by their ids, because git says "missing" alike of a path that the commit
// does not have and of an object that is not here.
func (r *Repository) entry(ctx context.Context, commit, file string, links int) (entry, error) {
	text, err := r.requireObject(ctx, commit, mostTree)
	if err != nil {
		return entry{}, err
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	at := entry{modeFolder, strings.TrimPrefix(string(line), "tree ")}
	parts := strings.Split(file, "/")
	for i, name := range parts {
		if at.mode == modeLink && links < mostLinks {
			return r.followLink(ctx, commit, path.Join(parts[:i]...), path.Join(parts[i:]...), at.id, links+1)
		}
		if at.mode != modeFolder {
			return entry{}, nil
		}
		if name == "." {
			continue
		}
		tree, err := r.requireObject(ctx, at.id, mostTree)
		if err != nil {
			return entry{}, err
		}
		at = findEntry(tree, name, len(at.id)/2)
	}
	return at, nil
}

// followLink returns what stands at a path from where a link leads.
func (r *Repository) followLink(ctx context.Context, commit, link, rest, id string, links int) (entry, error) {
	target, err := r.requireObject(ctx, id, mostTree)
	if err != nil || path.IsAbs(string(target)) {
		return entry{}, err
	}
	to := path.Join(path.Dir(link), string(target), rest)
	if !fs.ValidPath(to) {
		return entry{}, nil
	}
	return r.entry(ctx, commit, to, links)
}

// findEntry returns the entry of a name in a tree whose ids have so many bytes.
func findEntry(tree []byte, name string, size int) entry {
	for {
		mode, its, id, rest, ok := cutEntry(tree, size)
		if !ok {
			return entry{}
		}
		if its == name {
			return entry{mode, hex.EncodeToString(id)}
		}
		tree = rest
	}
}

// cutEntry cuts the first entry off a tree. Each is "MODE NAME", a NUL byte, and
// the bytes of an id, size of them.
func cutEntry(tree []byte, size int) (mode, name string, id, rest []byte, ok bool) {
	head, rest, ok := bytes.Cut(tree, []byte{0})
	if !ok || len(rest) < size {
		return "", "", nil, nil, false
	}
	mode, name, _ = strings.Cut(string(head), " ")
	return mode, name, rest[:size], rest[size:], true
}

// Read returns a file as it is in a commit, nil where the commit has no file of
// that path. The path is slash-separated and relative to Root. A file of more
// than limit bytes is a *TooLarge error, a symbolic link ErrLink, one that is not
// in this clone a *Missing.
func (r *Repository) Read(ctx context.Context, commit, path string, limit int64) (*source.File, error) {
	if !fs.ValidPath(path) {
		return nil, nil
	}
	at, err := r.entry(ctx, commit, path, 0)
	if err != nil || at.mode == modeLink {
		return nil, cmp.Or(err, ErrLink)
	}
	if !strings.HasPrefix(at.mode, modeFile) {
		return nil, nil
	}
	text, err := r.requireObject(ctx, at.id, limit)
	if err != nil {
		return nil, err
	}
	return source.NewFile(path, text), nil
}
