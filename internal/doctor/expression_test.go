package doctor

import (
	"strings"
	"testing"
)

func TestHolds(t *testing.T) {
	for condition, want := range map[string]truth{
		"":     always,
		"true": always, "false": never, "'a'": always, "''": never, "!true": never,
		"github.event_name":                                                               always,
		"github.event_name == 'pull_request'":                                             always,
		"${{ github.event_name == 'PULL_REQUEST' }}":                                      always,
		"GitHub.Event_Name != 'push'":                                                     always,
		"'push' == github.event_name":                                                     never,
		"github.event_name == 'push' || github.event_name == 'schedule'":                  never,
		"github.event_name == 'pull_request' && github.event.pull_request.draft == false": maybe,
		"github.event_name == 'push' && github.event.pull_request.draft == false":         never,
		"github.event_name == 'pull_request' || github.event.pull_request.draft":          always,
		"!(github.event_name == 'push' || github.event_name == 'schedule')":               always,
		"!github.event.pull_request.draft":                                                maybe,
		"contains(fromJSON('[\"pull_request\", \"merge_group\"]'), github.event_name)":    always,
		"contains(fromJSON('[\"pull_request_target\"]'), github.event_name)":              never,
		"contains('push pull_request merge_group', github.event_name)":                    always,
		"contains(fromJSON(inputs.events), github.event_name)":                            maybe,
		"contains(github.event.pull_request.labels.*.name, 'board')":                      maybe,
		"startsWith(github.event_name, 'pull_')":                                          always,
		"endsWith(github.event_name, '_target')":                                          never,
		"startsWith(github.head_ref, 'release/')":                                         maybe,
		"always()":                          always,
		"!cancelled()":                      always,
		"success()":                         maybe,
		"failure()":                         maybe,
		"github.repository == 'acme/shop'":  always,
		"'acme' == github.repository_owner": always,
		"github.event.pull_request.head.repo.full_name == github.repository":                          maybe,
		"github.actor != 'dependabot[bot]'":                                                           maybe,
		"github.run_number > 3":                                                                       maybe,
		"${{ github.event_name == 'push' }} && ${{ true }}":                                           maybe,
		"github.event_name ==":                                                                        maybe,
		strings.Repeat("(", maxExpression/2-2) + "true" + strings.Repeat(")", maxExpression/2-2):      always,
		strings.Repeat("(", maxExpression) + "github.event_name" + strings.Repeat(")", maxExpression): maybe,
	} {
		if got := (evaluation{event: "pull_request"}).evaluate(condition); got != want {
			t.Errorf("%.80q: got %d, want %d", condition, got, want)
		}
	}
	if got := (evaluation{success: always}).evaluate("success() && 'a' == 'A'"); got != always {
		t.Errorf("success: got %d", got)
	}
}
