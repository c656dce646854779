package publish

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/boardgate/boardgate/internal/report"
)

// MaxJobSummary is the longest job summary written, in bytes. The runner drops
// one over 1 MiB whole; some that were exactly so long were dropped too.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
const MaxJobSummary = 1000 << 10

// Output is one output of the action: a word or number of our own.
type Output struct{ Name, Value string }

// AppendFile appends to a file as the runner expects it.
func AppendFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

func (p *Publisher) summary(markdown string) report.Receipt {
	receipt := report.Receipt{Sink: SummarySink, State: Off}
	switch {
	case p.Files.Summary == "":
		receipt.Detail = "GITHUB_STEP_SUMMARY is not set"
		return receipt
	case markdown == "":
		receipt.Detail = "nothing to say"
		return receipt
	}
	text := CutMarkdown(markdown, MaxJobSummary-1) + "\n"
	if err := p.Files.Append(p.Files.Summary, []byte(text)); err != nil {
		receipt.State, receipt.Detail = Failed, err.Error()
		return receipt
	}
	receipt.State, receipt.Detail = Done, fmt.Sprintf("%d bytes", len(text))
	if len(text) < len(markdown) {
		receipt.State, receipt.Detail = Degraded, fmt.Sprintf("%d bytes of %d", len(text), len(markdown))
	}
	return receipt
}

func (p *Publisher) outputs(outputs []Output, r Result) report.Receipt {
	receipt := report.Receipt{Sink: OutputsSink, State: Off, Detail: "GITHUB_OUTPUT is not set"}
	if p.Files.Output == "" {
		return receipt
	}
	outputs = append(append([]Output{}, outputs...), Output{"check-run-id", id(r.CheckRunID)}, Output{"comment-id", id(r.CommentID)})
	text, err := encode(outputs, p.Random)
	if err == nil {
		err = p.Files.Append(p.Files.Output, text)
	}
	if err != nil {
		return report.Receipt{Sink: OutputsSink, State: Failed, Detail: err.Error()}
	}
	return report.Receipt{Sink: OutputsSink, State: Done, Detail: fmt.Sprintf("%d outputs", len(outputs))}
}

// id writes a number GitHub gave, nothing for none.
func id(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// encode writes outputs as the runner reads them, each value between two lines
// that nobody can foresee. A name that is none, and a value that has the line
// in it after all, are errors.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
func encode(outputs []Output, random io.Reader) ([]byte, error) {
	var b strings.Builder
	for _, o := range outputs {
		if strings.Trim(o.Name, "abcdefghijklmnopqrstuvwxyz-") != "" || o.Name == "" {
			return nil, fmt.Errorf("%q is not an output name", o.Name)
		}
		delimiter, err := delimiter(random)
		if err != nil {
			return nil, err
		}
		if strings.Contains(o.Value, delimiter) {
			return nil, fmt.Errorf("the output %s has its own delimiter in it", o.Name)
		}
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", o.Name, delimiter, o.Value, delimiter)
	}
	return []byte(b.String()), nil
}

func delimiter(random io.Reader) (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("no random numbers for the outputs: %w", err)
	}
	return "ghadelimiter_" + hex.EncodeToString(raw[:]), nil
}
