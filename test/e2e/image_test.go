//go:build e2e

package e2e

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// The images made here.
const (
	actionImage = "boardgate-e2e/boardgate"
	goImage     = "boardgate-e2e/golang" // stands in for the one the Dockerfile names
	jobImage    = "boardgate-e2e/job"    // what act takes for ubuntu-latest
)

// buildImage builds the Dockerfile from a copy of the work tree. The copy has
// its modules beside it, so that a build needs no network.
func buildImage(scratch string) error {
	context := filepath.Join(scratch, "context")
	if err := copyTree(context); err != nil {
		return err
	}
	if out, err := run(context, "go", "mod", "vendor"); err != nil {
		return fmt.Errorf("go mod vendor: %w\n%s", err, out)
	}
	base, err := builder(scratch)
	if err != nil {
		return err
	}
	out, err := run(context, "docker", "build", "--build-arg", "GO_IMAGE="+base, "--build-arg", "VERSION=e2e", "--tag", actionImage, ".")
	if err != nil {
		return fmt.Errorf("docker build: %w\n%s", err, out)
	}
	return nil
}

// copyTree copies what git would have in a checkout, with what is not yet committed.
func copyTree(to string) error {
	out, err := run(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return fmt.Errorf("git ls-files: %w\n%s", err, out)
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join(root, path))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err == nil {
			err = write(filepath.Join(to, path), data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// builder returns the image to build in: the Dockerfile's own where it is here or
// can be pulled, else this machine's Go and CA roots under another name.
func builder(scratch string) (string, error) {
	dockerfile, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		return "", err
	}
	named := regexp.MustCompile(`(?m)^ARG GO_IMAGE=(\S+)$`).FindSubmatch(dockerfile)
	if named == nil {
		return "", fmt.Errorf("the Dockerfile has no ARG GO_IMAGE")
	}
	image := string(named[1])
	if _, err := run(scratch, "docker", "image", "inspect", image); err == nil {
		return image, nil
	}
	if _, err := run(scratch, "timeout", "120", "docker", "pull", "--quiet", image); err == nil {
		return image, nil
	}
	fmt.Printf("%s is not here and cannot be pulled: built with this machine's %s\n", image, runtime.Version())
	goroot, err := answer(scratch, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	return goImage, importFiles(scratch, goImage, map[string]string{
		"/usr/local/go": goroot, "/etc/ssl/certs/ca-certificates.crt": "/etc/ssl/certs/ca-certificates.crt",
	}, "sh", "cp", "mkdir")
}

// importFiles makes an image of this machine's files, by their paths in the
// image, and of programs with the libraries that they load.
func importFiles(scratch, image string, files map[string]string, programs ...string) error {
	for _, program := range programs {
		if err := addProgram(files, program); err != nil {
			return err
		}
	}
	path := filepath.Join(scratch, filepath.Base(image)+".tar")
	if err := writeTar(path, files); err != nil {
		return err
	}
	out, err := run(scratch, "docker", "import", "--change", "ENV PATH=/usr/local/go/bin:/usr/bin:/bin", path, image)
	if err != nil {
		return fmt.Errorf("docker import: %w\n%s", err, out)
	}
	return os.Remove(path)
}

var library = regexp.MustCompile(`(?m)(?:=> )?(/\S+) \(0x`)

func addProgram(files map[string]string, program string) error {
	path, err := exec.LookPath(program)
	if err != nil {
		return err
	}
	files["/bin/"+program] = path
	loaded, err := run("/", "ldd", path)
	if err != nil {
		return fmt.Errorf("ldd %s: %w", path, err)
	}
	for _, m := range library.FindAllStringSubmatch(loaded, -1) {
		files[m[1]] = m[1]
	}
	return nil
}

func writeTar(path string, files map[string]string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, f.Close()) }()
	w := tar.NewWriter(f)
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777}); err != nil {
		return err
	}
	for to, from := range files {
		from, err := filepath.EvalSymlinks(from)
		if err != nil {
			return err
		}
		if err := addTree(w, to, from); err != nil {
			return err
		}
	}
	return w.Close()
}

// addTree adds a file, or a directory with all below it that a build can need.
func addTree(w *tar.Writer, to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "testdata" {
			return firstError(err, fs.SkipDir)
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		name := strings.TrimPrefix(to+strings.TrimPrefix(path, from), "/")
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: int64(info.Mode().Perm()), Size: info.Size(), ModTime: info.ModTime()}); err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	})
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// run runs a program in a directory and returns all it printed.
func run(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// answer runs a program and returns the line it prints, without what it says
// beside it: go tells on standard error which modules it fetches.
func answer(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
