package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// codeName is a name of the code in a page: `rule.Judge`, `command.action.run`.
var codeName = regexp.MustCompile("`([a-z]+)\\.((?:[A-Za-z]+\\.)?[A-Za-z]+)`")

// TestNamesOfContributing looks up each function that "Find your way" names.
func TestNamesOfContributing(t *testing.T) {
	page, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Find your way\n")
	section, _, _ = strings.Cut(section, "\n## ")
	declared := map[string]map[string]bool{}
	named := 0
	for _, m := range codeName.FindAllStringSubmatch(section, -1) {
		dir := filepath.Join("..", "internal", m[1])
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue // a file, such as main.go
		}
		if declared[dir] == nil {
			declared[dir] = declarations(t, dir)
		}
		if !declared[dir][m[2]] {
			t.Errorf("`%s.%s`: %s does not declare it", m[1], m[2], dir)
		}
		named++
	}
	if named < 20 {
		t.Errorf("%d names are looked up; the two walks name more", named)
	}
}

// declarations returns the names of a package's functions, types and methods,
// a method's as "type.method".
func declarations(t *testing.T, dir string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				out[receiver(d)+d.Name.Name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						out[s.Name.Name] = true
					}
				}
			}
		}
	}
	return out
}

// receiver returns "type." of a method, else nothing.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	of := d.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}
