package event_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/event"
)

func TestEnvironment(t *testing.T) {
	e := event.Environment([]string{"GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL=https://ghe.example/api/v3", "GITHUB_RUN_ID=7", "GITHUB_EVENT_NAME=push"})
	if e.Kind != "" || e.Repo != "acme/shop" || e.GraphQL != "https://ghe.example/api/graphql" || e.Run.ID != 7 {
		t.Errorf("%+v", e)
	}
	if e := event.Environment(nil); e.Repo != "" || e.API != "https://api.github.com" || e.GraphQL != "https://api.github.com/graphql" {
		t.Errorf("%+v", e)
	}
}
