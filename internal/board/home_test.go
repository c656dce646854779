package board

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

var shop = Home{Host: "https://ghe.example", Repo: "Acme/shop"}

// citedBy returns the names of the pull requests that a text cites on a board of home.
func citedBy(home Home, text string) string {
	s := newScanner(source.NewFile("b.md", []byte(text)))
	s.home = home
	pulls, _ := s.references(0, len(text))
	return named(pulls)
}

func named(refs []Reference) string {
	var names []string
	for _, r := range refs {
		names = append(names, r.Name())
	}
	return strings.Join(names, " ")
}

func TestOnePullRequestInManySpellings(t *testing.T) {
	for _, text := range []string{
		"PR #12", "GH-12", "acme/shop#12", "ACME/Shop#12", "[x](../pull/12)", "[x](../../../pull/12/files)",
		"https://ghe.example/acme/shop/pull/12", "http://ghe.example/acme/shop/pull/12", "HTTPS://GHE.Example/Acme/SHOP/pull/12",
		"https://ghe.example:443/acme/shop/pull/12", "http://ghe.example:80/acme/shop/pull/12",
		"https://ghe.example/acme/shop/pull/12/", "https://ghe.example/acme/shop/pull/12/files", "https://ghe.example/acme/shop/pull/12/files?w=1#diff-7",
		"https://ghe.example/acme/shop/pull/12#issuecomment-9", "https://ghe.example/acme/shop/pull/12?x=y", "<https://ghe.example/acme/shop/pull/12>",
		"[the change](https://ghe.example/acme/shop/pull/12 \"all of it\")", "[the change](ghe.example/acme/shop/pull/12)",
		"PR #12, acme/shop#12, https://ghe.example/acme/shop/pull/12",
	} {
		if got := citedBy(shop, text); got != "#12" {
			t.Errorf("%q cites %s", text, got)
		}
	}
	if got := citedBy(Home{"http://localhost:3000", "acme/shop"}, "http://localhost:3000/acme/shop/pull/12"); got != "#12" {
		t.Errorf("on a host without a dot: %s", got)
	}
}

func TestPullRequestsOfOtherRepositories(t *testing.T) {
	for text, want := range map[string]string{
		"Acme/Maps#12":                                                      "acme/maps#12",
		"https://ghe.example/Acme/maps/pull/12":                             "acme/maps#12",
		"https://other.example/acme/shop/pull/12":                           "other.example/acme/shop#12",
		"https://ghe.example.org/acme/shop/pull/12":                         "ghe.example.org/acme/shop#12",
		"https://www.ghe.example/acme/shop/pull/12":                         "www.ghe.example/acme/shop#12",
		"https://ghe.example:8443/acme/shop/pull/12":                        "ghe.example:8443/acme/shop#12",
		"github.com/acme/shop/pull/12":                                      "github.com/acme/shop#12",
		"https://ghe.example/x/acme/shop/pull/12":                           "",
		"PRs acme/maps#12-#13":                                              "acme/maps#12 acme/maps#13",
		"acme/maps#12, https://ghe.example/acme/maps/pull/12/files, PR #12": "acme/maps#12 #12",
	} {
		if got := citedBy(shop, text); got != want {
			t.Errorf("%q cites %q, want %q", text, got, want)
		}
	}
}

// Where little is known of the board's repository, what is not known makes no difference.
func TestHomeThatIsNotKnown(t *testing.T) {
	const text = "https://ghe.example/acme/shop/pull/12, https://other.example/acme/shop/pull/12, acme/shop#12, acme/maps#12, PR #12"
	for home, want := range map[Home]string{
		{}:                  "acme/shop#12 acme/maps#12 #12",
		{Repo: "acme/shop"}: "#12 acme/maps#12",
	} {
		if got := citedBy(home, text); got != want {
			t.Errorf("%+v: %q, want %q", home, got, want)
		}
	}
}

func TestNamed(t *testing.T) {
	words := StateWords(DefaultWords())
	words.Home = shop
	const text = "# State\n\nSince #1, blocked by [x](https://ghe.example/acme/shop/pull/2).\n\n## CLOSED\n\n- #3 - #5: Order #6, `#7` <!-- #8 -->\n\n```\n#9\n```\n\n| acme/maps#10 | PR 111 |\n"
	b := Parse(source.NewFile("STATE.md", []byte(text)), words)
	if got, want := named(b.Named()), "#1 #2 #3 #5 #6 acme/maps#10 #111"; got != want {
		t.Errorf("named are %q, want %q", got, want)
	}
	if at := b.Named()[1].Span.From().Line; at != 3 {
		t.Errorf("#2 is in line %d", at)
	}
	if got := Parse(source.NewFile("STATE.md", []byte("#1\x00")), words).Named(); got != nil {
		t.Errorf("a file that is not text names %v", got)
	}
}
