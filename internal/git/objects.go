package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
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
	// Links among the folders of a path are followed, as the work tree's are.
	o := &objects{command: r.command(ctx, "cat-file", "--batch", "--follow-symlinks")}
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
		return object{}, r.failure("cat-file", o.stderr.String(), err)
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
	found, size, ok := parseHeader(strings.TrimSuffix(header, "\n"))
	if !ok {
		return object{}, nil
	}
	if size > limit {
		_, err = io.CopyN(io.Discard, o.out, size+1)
		return found, err
	}
	data := make([]byte, size+1) // and the line break that follows
	if _, err = io.ReadFull(o.out, data); err != nil {
		return object{}, err
	}
	found.data = data[:size]
	return found, nil
}

// parseHeader reads "ID KIND SIZE", or "symlink SIZE" and its like, of which
// only the size is of use. It reports false where nothing follows.
func parseHeader(line string) (found object, size int64, ok bool) {
	if strings.HasSuffix(line, " missing") || strings.HasSuffix(line, " ambiguous") {
		return object{}, 0, false
	}
	words := strings.Fields(line)
	if len(words) < 2 {
		return object{}, 0, false
	}
	size, err := strconv.ParseInt(words[len(words)-1], 10, 64)
	if err != nil || size < 0 {
		return object{}, 0, false
	}
	if len(words) == 3 {
		found = object{id: words[0], kind: words[1], size: size}
	}
	return found, size, true
}

// Commit returns the id of the commit a revision names, empty where it names none.
func (r *Repository) Commit(ctx context.Context, revision string) (string, error) {
	if revision == "" {
		return "", nil
	}
	// A commit's own bytes are of no interest: its message may be of any size.
	found, err := r.object(ctx, revision+"^{commit}", 0)
	if err != nil || found.kind != "commit" {
		return "", err
	}
	return found.id, nil
}

// TooLarge says that a file holds more bytes than it may.
type TooLarge struct{ Size, Limit int64 }

func (t *TooLarge) Error() string {
	return fmt.Sprintf("it holds %d bytes, and the most is %d", t.Size, t.Limit)
}

// ErrLink says that a symbolic link stands at the path of a file. None is
// followed: the file that it leads to has a path of its own.
var ErrLink = errors.New("it is a symbolic link; name the file that it leads to")

// modeLink is a symbolic link's mode in a tree (https://git-scm.com/docs/git-fast-import#_filemodify).
const modeLink = "120000"

// mostTree is the most bytes of a folder's list of entries that are looked through.
const mostTree = 8 << 20

// isLink says whether a symbolic link stands at a path of a commit.
func (r *Repository) isLink(ctx context.Context, commit, file string) (bool, error) {
	folder := path.Dir(file)
	if folder == "." {
		folder = ""
	}
	tree, err := r.object(ctx, commit+":"+folder, mostTree)
	if err != nil || tree.kind != "tree" {
		return false, err
	}
	// An entry is "MODE NAME", a NUL byte, and the bytes of an object's id.
	link := []byte(modeLink + " " + path.Base(file) + "\x00")
	return bytes.Contains(tree.data, link), nil
}

// Read returns a file as it is in a commit, nil where the commit has no file of
// that path. The path is slash-separated and relative to Root. A file of more
// than limit bytes is a *TooLarge error, a symbolic link ErrLink.
func (r *Repository) Read(ctx context.Context, commit, path string, limit int64) (*source.File, error) {
	if !fs.ValidPath(path) {
		return nil, nil // git would read "./x" as of the folder it runs in
	}
	if link, err := r.isLink(ctx, commit, path); err != nil || link {
		return nil, cmp.Or(err, ErrLink)
	}
	found, err := r.object(ctx, commit+":"+path, limit)
	switch {
	case err != nil:
		return nil, err
	case found.kind != "blob":
		return nil, nil
	case found.size > limit:
		return nil, &TooLarge{found.size, limit}
	}
	return source.NewFile(path, found.data), nil
}
