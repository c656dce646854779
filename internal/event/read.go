package event

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// MaxPayload is the largest event file read, in bytes. GitHub caps a payload at
// 25 MB (https://docs.github.com/en/webhooks/webhook-events-and-payloads).
const MaxPayload = 25 << 20

// Read returns the event an environment ("KEY=value") tells of. open opens the
// event file. An event the gate does not know, and a file that is absent or no
// JSON, are errors.
func Read(environ []string, open func(path string) (io.ReadCloser, error)) (Event, error) {
	env := variables(environ)
	kind, err := kindOf(env["GITHUB_EVENT_NAME"])
	if err != nil {
		return Event{}, err
	}
	e := fromEnvironment(env)
	e.Kind = kind
	p, err := readPayload(env["GITHUB_EVENT_PATH"], open)
	if err != nil {
		return e, err
	}
	return e, e.fillFrom(p, env)
}

func variables(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	return env
}

func kindOf(name string) (Kind, error) {
	if name == "" {
		return "", errors.New("GITHUB_EVENT_NAME is not set: this command is run by a GitHub Actions job; elsewhere use boardgate check")
	}
	var supported []string
	for _, k := range Kinds() {
		if string(k) == name {
			return k, nil
		}
		supported = append(supported, string(k))
	}
	return "", fmt.Errorf("the event %q is not supported: boardgate supports %s", name, strings.Join(supported, ", "))
}

func fromEnvironment(env map[string]string) Event {
	e := Event{
		Repo:      env["GITHUB_REPOSITORY"],
		Ref:       env["GITHUB_REF"],
		HeadRef:   env["GITHUB_HEAD_REF"],
		BaseRef:   env["GITHUB_BASE_REF"],
		Server:    addressOr(env["GITHUB_SERVER_URL"], "https://github.com"),
		API:       addressOr(env["GITHUB_API_URL"], "https://api.github.com"),
		Workspace: env["GITHUB_WORKSPACE"],
		Run: Run{
			ID:      parseNumber(env["GITHUB_RUN_ID"]),
			Number:  int(parseNumber(env["GITHUB_RUN_NUMBER"])),
			Attempt: int(parseNumber(env["GITHUB_RUN_ATTEMPT"])),
			File:    workflowFile(env["GITHUB_WORKFLOW_REF"]),
			Job:     env["GITHUB_JOB"],
		},
		inputs: inputs(env),
	}
	e.GraphQL = addressOr(env["GITHUB_GRAPHQL_URL"], graphQLBeside(e.API))
	return e
}

// workflowFile takes the file's name out of
// "octocat/hello-world/.github/workflows/smoke.yml@refs/heads/main".
func workflowFile(ref string) string {
	path, _, _ := strings.Cut(ref, "@")
	_, file, found := strings.Cut(path, "/.github/workflows/")
	if !found || strings.Contains(file, "/") {
		return ""
	}
	return file
}

func addressOr(set, otherwise string) string {
	if set == "" {
		return otherwise
	}
	return strings.TrimRight(set, "/")
}

// graphQLBeside is where GraphQL stands when only the REST address is known:
// /api/v3 and /api/graphql are GitHub Enterprise Server's.
func graphQLBeside(api string) string {
	if before, ok := strings.CutSuffix(api, "/api/v3"); ok {
		return before + "/api/graphql"
	}
	return api + "/graphql"
}

func parseNumber(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func inputs(env map[string]string) map[string]string {
	in := map[string]string{}
	for k, v := range env {
		if name, ok := strings.CutPrefix(k, "INPUT_"); ok {
			in[strings.ToUpper(name)] = strings.TrimSpace(v)
		}
	}
	return in
}

func readPayload(path string, open func(string) (io.ReadCloser, error)) (payload, error) {
	if path == "" {
		return payload{}, errors.New("GITHUB_EVENT_PATH is not set, so there is no event to read")
	}
	f, err := open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return payload{}, fmt.Errorf("the event file %s does not exist", path)
	}
	if err != nil {
		return payload{}, fmt.Errorf("opening the event file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxPayload+1))
	if err != nil {
		return payload{}, fmt.Errorf("reading the event file %s: %w", path, err)
	}
	return parsePayload(path, text)
}

func parsePayload(path string, text []byte) (payload, error) {
	var p payload
	if len(text) > MaxPayload {
		return p, fmt.Errorf("the event file %s is larger than %d MB", path, MaxPayload>>20)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return p, fmt.Errorf("the event file %s is empty", path)
	}
	err := json.Unmarshal(text, &p)
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(text)):
		return p, fmt.Errorf("the event file %s is cut off after %d bytes", path, len(text))
	case errors.As(err, &syntax):
		return p, fmt.Errorf("the event file %s is not JSON: %w at byte %d", path, err, syntax.Offset)
	case errors.As(err, &wrongType):
		return p, fmt.Errorf("the event file %s does not look like an event: %s is a %s", path, cmp.Or(wrongType.Field, "its top"), wrongType.Value)
	case err != nil:
		return p, fmt.Errorf("the event file %s: %w", path, err)
	}
	return p, nil
}
