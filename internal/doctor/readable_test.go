package doctor_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/source"
)

func TestReadable(t *testing.T) {
	const jobs = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          echo\n"
	for text, want := range map[string]string{
		"on: push\n" + jobs:                           "",
		"on: push\n" + jobs + "**Workflow Run**: x\n": "line 8: the text below `- run: |` ends here, at a line that is indented less than the text",
		"on: \"push\n" + jobs:                         "line 1: could not find end character of double-quoted text",
		"on: push\n":                                  "It is not a workflow, which has the keys `on` and `jobs`, so GitHub does not run it",
	} {
		said := ""
		if err := doctor.Readable(source.NewFile(".github/workflows/x.yml", []byte(text))); err != nil {
			said = err.Error()
		}
		if said != want {
			t.Errorf("%q\n got %q\nwant %q", text, said, want)
		}
	}
}
