package probe

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// statuses is a set of ranges of status codes, some of them with the place they must lead to.
type statuses []statusRange

type statusRange struct {
	low, high int
	location  string // where the answer must lead; empty for anywhere
}

// parseStatuses reads 200, "200-299", "200, 204" or "307 -> /auth/login".
func parseStatuses(text string) (statuses, error) {
	if strings.Contains(text, "->") {
		return single(text)
	}
	var set statuses
	for each := range strings.SplitSeq(text, ",") {
		s, err := single(each)
		if err != nil {
			return nil, err
		}
		set = append(set, s...)
	}
	return set, nil
}

func single(text string) (statuses, error) {
	codes, location, leads := strings.Cut(text, "->")
	low, high, ranged := strings.Cut(strings.TrimSpace(codes), "-")
	if !ranged {
		high = low
	}
	r := statusRange{low: code(low), high: code(high), location: strings.TrimSpace(location)}
	if r.low == 0 || r.high < r.low {
		return nil, fmt.Errorf("%q is not a status: want 100 to 599, a range such as 200-299, or 307 -> /login", strings.TrimSpace(text))
	}
	if leads {
		return statuses{r}, r.leads()
	}
	return statuses{r}, nil
}

// code returns a status code, 0 where the text is none.
func code(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 100 || n > 599 {
		return 0
	}
	return n
}

// leads says what is wrong with where a status is to lead.
func (r statusRange) leads() error {
	if r.low < 300 || r.high > 399 {
		return fmt.Errorf("%d leads nowhere: only 300 to 399 have a place after \"->\"", r.low)
	}
	u, err := url.Parse(r.location)
	if err != nil || r.location == "" || u.User != nil || (u.Host == "" && !strings.HasPrefix(u.Path, "/")) {
		return fmt.Errorf("%q is not a place to lead to: want /path or https://host/path", r.location)
	}
	return nil
}

func (r statusRange) String() string {
	s := strconv.Itoa(r.low)
	if r.high != r.low {
		s += "-" + strconv.Itoa(r.high)
	}
	if r.location != "" {
		s += " -> " + r.location
	}
	return s
}

func (s statuses) String() string {
	said := make([]string, len(s))
	for i, r := range s {
		said[i] = r.String()
	}
	return strings.Join(said, " or ")
}

// match returns nil where the answer is one of the set, else why not.
func (s statuses) match(a *answer) error {
	err := fmt.Errorf("got %s, want %s", a.got(), s)
	for _, r := range s {
		if a.status < r.low || a.status > r.high {
			continue
		}
		why := r.reaches(a)
		if why == "" {
			return nil
		}
		err = fmt.Errorf("got %s, want %s: %s", a.got(), s, why)
	}
	return err
}

// reaches says why an answer does not lead where it should; empty where it does.
// The place is compared after resolving: path and, where the wanted place has
// one, query; the host must be the one requested unless the wanted place names another.
func (r statusRange) reaches(a *answer) string {
	if r.location == "" {
		return ""
	}
	if a.location == "" {
		return "it has no Location"
	}
	got, err := a.target()
	if err != nil {
		return "its Location is not an address"
	}
	want, err := a.url.Parse(r.location)
	if err != nil {
		return "the wanted place is not an address"
	}
	return apart(got, want)
}

// apart says how two places differ; empty where they do not.
func apart(got, want *url.URL) string {
	switch {
	case got.Scheme == "http" && want.Scheme == "https":
		return "it leads from https to http"
	case hostPort(got) != hostPort(want) && got.Scheme == want.Scheme:
		return fmt.Sprintf("it leads to another host, %s", excerptOf(got.Host))
	case !strings.EqualFold(got.Hostname(), want.Hostname()):
		return fmt.Sprintf("it leads to another host, %s", excerptOf(got.Host))
	case !slices.Equal(segments(got), segments(want)):
		return "it leads elsewhere"
	case want.RawQuery != "" && !sameQuery(got, want):
		return fmt.Sprintf("its query is %q, want %q", excerptOf(got.RawQuery), want.RawQuery)
	}
	return ""
}

// sameQuery tells whether two queries say the same, however they are escaped.
func sameQuery(a, b *url.URL) bool {
	one, err := url.ParseQuery(a.RawQuery)
	other, wrong := url.ParseQuery(b.RawQuery)
	if err != nil || wrong != nil {
		return a.RawQuery == b.RawQuery
	}
	return maps.EqualFunc(one, other, slices.Equal)
}

// segments returns the decoded parts of a path. "/a%2Fb" has one: decoded as a
// whole it would pass for "/a/b".
func segments(u *url.URL) []string {
	parts := strings.Split(cmp.Or(u.EscapedPath(), "/"), "/")
	for i, p := range parts {
		if decoded, err := url.PathUnescape(p); err == nil {
			parts[i] = decoded
		}
	}
	return parts
}

// sameHost tells whether two addresses are of one host, on one port or on the
// default ports of http and https.
func sameHost(a, b *url.URL) bool {
	return hostPort(a) == hostPort(b) || onDefaultPort(a) && onDefaultPort(b) && strings.EqualFold(a.Hostname(), b.Hostname())
}

func onDefaultPort(u *url.URL) bool { return u.Port() == "" || u.Port() == defaultPort(u.Scheme) }

func defaultPort(scheme string) string {
	return map[string]string{"http": "80", "https": "443"}[scheme]
}

// hostPort returns host and port in one form, the default port written out.
func hostPort(u *url.URL) string {
	return strings.ToLower(u.Hostname()) + ":" + cmp.Or(u.Port(), defaultPort(u.Scheme))
}
