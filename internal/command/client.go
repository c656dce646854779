package command

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/github"
)

// gitHub returns a client of the GitHub at the event's addresses. ca is PEM
// certificates to trust besides the public ones, nil for none.
func (p *Process) gitHub(token string, e event.Event, ca []byte) (_ *github.Client, err error) {
	transport := p.Transport
	if transport == nil {
		if transport, err = p.network(ca); err != nil {
			return nil, err
		}
	}
	return github.New(github.Config{
		Token: token, API: e.API, GraphQL: e.GraphQL, UserAgent: "boardgate/" + p.version(),
		Transport: transport, Now: p.Now, Sleep: p.Sleep,
	})
}

// network is the outside as the environment's proxies have it.
func (p *Process) network(ca []byte) (*http.Transport, error) {
	env := func(name string) string { return cmp.Or(p.Getenv(name), p.Getenv(strings.ToLower(name))) }
	return github.NewTransport(github.Network{HTTPProxy: env("HTTP_PROXY"), HTTPSProxy: env("HTTPS_PROXY"), NoProxy: env("NO_PROXY"), CA: ca})
}
