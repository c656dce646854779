package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/report"
)

// An address that is not production's is refused as it is written, wherever it
// is written, whatever its form. Nobody is asked, so none of these names or
// addresses needs to be there.
func TestAddressesRefused(t *testing.T) {
	const number = "a number in place of a host; write an address as four decimal parts"
	for _, test := range []struct{ host, is string }{
		{"127.0.0.1", "a loopback address"},
		{"2130706433", number},
		{"0177.0.0.1", number},
		{"0x7f.1", number},
		{"127.1", number},
		{"127.0.0.1.", number},
		{"0", number},
		{"0.0.0.0", "no address"},
		{"10.0.0.1", "a private address"},
		{"172.16.0.1", "a private address"},
		{"192.168.1.1", "a private address"},
		{"169.254.169.254", "a link-local address"},
		{"168.63.129.16", "the metadata service of Azure"},
		{"100.64.0.1", "a carrier's private address"},
		{"[::1]", "a loopback address"},
		{"[::]", "no address"},
		{"[::ffff:127.0.0.1]", "a loopback address"},
		{"[::ffff:7f00:1]", "a loopback address"},
		{"[::7f00:1]", "an address of this host"},
		{"[::ffff:0:7f00:1]", "a reserved address"},
		{"[64:ff9b::7f00:1]", "a loopback address"},
		{"[64:ff9b::a9fe:a9fe]", "a link-local address"},
		{"[2002:7f00:1::]", "a loopback address"},
		{"[fd00:ec2::254]", "the metadata service of AWS"},
		{"[fd00::1]", "a private address"},
		{"[fe80::1]", "a link-local address"},
		{"localhost", "this host itself"},
		{"LOCALHOST.", "this host itself"},
		{"shop.localhost", "this host itself"},
	} {
		t.Run(test.host, func(t *testing.T) {
			t.Parallel()
			said := fmt.Sprintf("%q is %s", strings.Trim(test.host, "[]"), test.is)
			for place, config := range map[string]string{
				"2:9":  "prod-facts:\n  base: http://%s\n  check: { a: { get: / } }\n",
				"4:15": "prod-facts:\n  base: https://shop.example\n  check:\n    a: { get: 'http://%s/' }\n",
				"3:12": "prod-facts:\n  base: https://shop.example\n  control: http://%s/\n  check: { a: { get: / } }\n",
			} {
				got := askBoardgate(t, fmt.Sprintf(config, test.host), nil, "--format", "json")
				if found := factFindings(t, got.stdout); got.status != 2 || !slices.Equal(found, []string{place + " " + said}) {
					t.Errorf("status %d, %q, want %s %s", got.status, found, place, said)
				}
			}
			got := askBoardgate(t, "prod-facts:\n  base: https://shop.example\n  check: { a: { get: / } }\n", nil, "--base-url", "http://"+test.host)
			if got.status != 2 || !strings.HasPrefix(got.stderr, "boardgate: --base-url: "+said+"\n") {
				t.Errorf("status %d, %q", got.status, got.stderr)
			}
		})
	}
}

// Link-local addresses and clouds' metadata services are refused with
// allow_private too, in every form, and no hint offers it for them.
func TestAddressesNeverAsked(t *testing.T) {
	for _, host := range []string{
		"169.254.169.254", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[::169.254.169.254]",
		"[fe80::1]", "[fe80::1%25eth0]", "[fd00:ec2::254]", "[fd20:ce::254]", "100.100.100.200", "168.63.129.16",
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			for _, config := range []string{
				"prod-facts:\n  allow_private: true\n  base: http://%s\n  check: { a: { get: / } }\n",
				"prod-facts:\n  allow_private: true\n  base: https://shop.example\n  check: { a: { get: 'http://%s/' } }\n",
				"prod-facts:\n  allow_private: true\n  base: https://shop.example\n  control: http://%s/\n  check: { a: { get: / } }\n",
				"prod-facts:\n  base: http://%s\n  check: { a: { get: / } }\n",
			} {
				got := askBoardgate(t, fmt.Sprintf(config, host), nil)
				if got.status != 2 || !strings.Contains(got.stdout, " is a link-local address") && !strings.Contains(got.stdout, " is the metadata service of ") || strings.Contains(got.stdout, "lets private addresses") {
					t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
				}
			}
			got := askBoardgate(t, "prod-facts:\n  allow_private: true\n  base: https://shop.example\n  check: { a: { get: / } }\n", nil, "--base-url", "http://"+host)
			if got.status != 2 || !strings.HasPrefix(got.stderr, "boardgate: --base-url: ") {
				t.Errorf("status %d, %q", got.status, got.stderr)
			}
		})
	}
}

// With allow_private a redirect leads to the base's host and to no other private
// one: what is there is not asked, and stands in no report.
func TestPrivateRedirects(t *testing.T) {
	asked := false
	inside := serving(func(w http.ResponseWriter, _ *http.Request) {
		asked = true
		fmt.Fprint(w, "inside information")
	})(t)
	production := serving(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, inside+"/secrets", http.StatusFound)
		case "/old":
			http.Redirect(w, r, "/new", http.StatusFound)
		case "/new":
			fmt.Fprint(w, "moved here")
		}
	})(t)
	const config = `prod-facts:
  base: %s
  allow_private: true
  confirm: { off: true }
  control: off
  check:
    it: { get: %s, redirects: 3, body: { contains: moved here } }
`
	for _, format := range report.ProductionFormats() {
		got := askBoardgate(t, fmt.Sprintf(config, production, "/away"), nil, "--format", format)
		if got.status == 0 || asked || strings.Contains(got.stdout+got.stderr, "inside information") || !strings.Contains(got.stdout, "was not requested") {
			t.Errorf("%s: status %d, asked %t\n%s%s", format, got.status, asked, got.stdout, got.stderr)
		}
	}
	if got := askBoardgate(t, fmt.Sprintf(config, production, "/old"), nil); got.status != 0 {
		t.Errorf("on the base's own host: status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// What a name turns into is denied when it is dialled: the first of these is no
// literal until it is brought to ASCII (https://unicode.org/reports/tr46/), and
// the second is a name that the system's own resolver knows.
func TestAddressesDenied(t *testing.T) {
	for _, host := range []string{"127。0。0。1", "ⓛocalhost"} {
		got := askBoardgate(t, fmt.Sprintf("prod-facts:\n  base: http://%s:9\n  confirm: { off: true }\n  control: off\n  check: { it: { get: / } }\n", host), nil, "--format", "json")
		want := answerOf{"unknown", "", "127.0.0.1 is a loopback address and was not requested; allow_private: true allows it"}
		if found := firstFact(t, got.stdout); got.status != 3 || found != want {
			t.Errorf("%s: status %d, %+v", host, got.status, found)
		}
	}
}
