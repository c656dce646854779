package main

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// distant carries connections to an address as if it were a round trip away:
// the handshake of TCP takes one, and each byte half of one.
func distant(b *testing.B, to string, trip time.Duration) string {
	b.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp4", to)
			if err != nil {
				near.Close()
				return
			}
			go carry(near, far, trip/2, trip)
			go carry(far, near, trip/2, 0)
		}
	}()
	return l.Addr().String()
}

// carry hands on what it reads after a delay, the first of it later by the lead.
func carry(from, to net.Conn, delay, lead time.Duration) {
	type parcel struct {
		due  time.Time
		data []byte
	}
	open := time.Now().Add(lead)
	parcels := make(chan parcel, 1024)
	go func() {
		defer to.Close()
		for p := range parcels {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.data); err != nil {
				return
			}
		}
	}()
	defer close(parcels)
	for {
		data := make([]byte, 16<<10)
		n, err := from.Read(data)
		if n > 0 {
			sent := time.Now()
			if sent.Before(open) {
				sent = open // it could not be sent before the connection stood
			}
			parcels <- parcel{sent.Add(delay), data[:n]}
		}
		if err != nil {
			return
		}
	}
}

// script asks five facts as a shell script would that asks again for each thing
// it wants to know: the status, the body, and once more for its report.
const script = `set -eu
for path in healthz products page product; do
  status=$(curl -s --cacert "$CA" -o /dev/null -w '%{http_code}' "$BASE/$path"); [ "$status" = 200 ]
  curl -s --cacert "$CA" "$BASE/$path" | grep -q ok
  curl -s --cacert "$CA" -o /dev/null -w '%{time_total}' "$BASE/$path" > /dev/null
done
status=$(curl -s --cacert "$CA" -o /dev/null -w '%{http_code}' "$BASE/login"); [ "$status" = 200 ]
curl -s --cacert "$CA" -o /dev/null -w '%{redirect_url}' "$BASE/login" > /dev/null
`

// startBlackbox starts Prometheus's blackbox_exporter where it is installed, and
// returns the addresses at which it probes others.
func startBlackbox(b *testing.B, authority string, targets []string) []string {
	b.Helper()
	program := ""
	for _, name := range []string{"blackbox_exporter", "prometheus-blackbox-exporter"} { // Debian's name for it
		if path, err := exec.LookPath(name); err == nil {
			program = path
		}
	}
	if program == "" {
		return nil
	}
	config := filepath.Join(b.TempDir(), "blackbox.yml")
	module := "modules:\n  ok:\n    prober: http\n    http:\n      valid_status_codes: [200]\n      fail_if_body_not_matches_regexp: ['\"status\": ?\"ok\"']\n      tls_config: { ca_file: " + authority + " }\n"
	if err := os.WriteFile(config, []byte(module), 0o644); err != nil {
		b.Fatal(err)
	}
	port := freePort(b)
	startServer(b, port, program, "--config.file", config, "--web.listen-address", fmt.Sprintf("127.0.0.1:%d", port), "--log.level", "error")
	var out []string
	for _, target := range targets {
		out = append(out, fmt.Sprintf("http://127.0.0.1:%d/probe?module=ok&target=%s", port, url.QueryEscape(target)))
	}
	return out
}

// BenchmarkProduction times whole processes that ask five facts over fresh TLS
// connections: boardgate, one curl for one, one curl for all, one that has a running
// blackbox_exporter probe all, and a script of fourteen curls. Each trusts one
// authority. The floor is three round trips.
func BenchmarkProduction(b *testing.B) {
	if _, err := exec.LookPath("curl"); err != nil {
		b.Skip("needs curl")
	}
	ca := newIssuer(b)
	site := strings.TrimPrefix(ca.site(b, "127.0.0.1", -1, 100), "https://")
	program := build(b, ".")
	for _, trip := range []time.Duration{0, 50 * time.Millisecond} {
		base := "https://" + site
		if trip > 0 {
			base = "https://" + distant(b, site, trip)
		}
		config := filepath.Join(b.TempDir(), "boardgate.yml")
		if err := os.WriteFile(config, []byte(fiveFacts(base)), 0o644); err != nil {
			b.Fatal(err)
		}
		var urls []string
		for _, path := range []string{"healthz", "products", "page", "product", "login"} {
			urls = append(urls, base+"/"+path)
		}
		all := append([]string{"curl", "-s", "-f", "--cacert", ca.file, "--parallel", "--parallel-immediate"}, urls...)
		type process struct {
			name string
			args []string
		}
		runs := []process{
			{"boardgate", []string{program, "prod-facts", "--config", config}},
			{"curl-one-url", []string{"curl", "-s", "-f", "--cacert", ca.file, urls[0]}},
			{"curl-five-in-parallel", all},
			{"script-of-14-curls", []string{"sh", "-c", script}},
		}
		if probes := startBlackbox(b, ca.file, urls); probes != nil {
			runs = append(runs, process{"blackbox-exporter-five-in-parallel", append([]string{"curl", "-s", "-f", "--parallel", "--parallel-immediate"}, probes...)})
		}
		for _, run := range runs {
			b.Run(fmt.Sprintf("%s/%s", trip, run.name), func(b *testing.B) {
				for b.Loop() {
					c := exec.Command(run.args[0], run.args[1:]...)
					c.Env = append(os.Environ(), "SSL_CERT_FILE="+ca.file, "SSL_CERT_DIR="+b.TempDir(), "CA="+ca.file, "BASE="+base)
					c.Stderr = io.Discard
					out, err := c.Output()
					if err != nil || strings.Contains(string(out), "probe_success 0") {
						b.Fatalf("%v\n%s", err, out)
					}
				}
			})
		}
	}
}

func fiveFacts(base string) string {
	return fmt.Sprintf(`prod-facts:
  base: %s
  allow_private: true
  control: off
  check:
    healthz:  { get: /healthz, json: { $.status: ok } }
    products: { get: /products, json: { $.status: ok } }
    page:     { get: /page, json: { $.status: ok } }
    product:  { get: /product, json: { $.status: ok } }
    login:    { get: /login, json: { $.status: ok } }
`, base)
}
