package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
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
		{"[fd00:ec2::254]", "a private address"},
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

// What a name turns into is denied when it is dialled: the first of these is no
// literal until it is brought to ASCII (https://unicode.org/reports/tr46/), and
// the second is a name that the system's own resolver knows.
func TestAddressesDenied(t *testing.T) {
	for _, host := range []string{"127。0。0。1", "ⓛocalhost"} {
		got := askBoardgate(t, fmt.Sprintf("prod-facts:\n  base: http://%s:9\n  confirm: { off: true }\n  control: off\n  check: { it: { get: / } }\n", host), nil, "--format", "json")
		want := answerOf{"unknown", "", "127.0.0.1 is a loopback address and was not asked; allow_private: true lets it be"}
		if found := firstFact(t, got.stdout); got.status != 3 || found != want {
			t.Errorf("%s: status %d, %+v", host, got.status, found)
		}
	}
}
