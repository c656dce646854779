package command

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// TestSchemaFiles holds the files under schema, whose addresses editors and
// configurations name, to what `boardgate schema` prints.
func TestSchemaFiles(t *testing.T) {
	for name, want := range map[string][]byte{"config": config.Schema(rule.Infos()), "report": report.Schema()} {
		path := "../../schema/" + name + ".json"
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not what `boardgate schema %s` prints; go test ./internal/command -update writes it (-want +got)\n%s", path, name, diff)
		}
	}
}
