package probe

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/boardgate/boardgate/internal/fact"
)

// written are the ways in which a hostile or careless server may give a secret back.
func written(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	forms := map[string]string{
		"raw": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret),
		"lower": lowerHex(url.QueryEscape(secret)), "json": strings.Trim(string(quoted), `"`),
	}
	for name, e := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64url": base64.URLEncoding, "rawurl": base64.RawURLEncoding} {
		forms[name] = e.EncodeToString([]byte(secret))
		forms[name+" of user:secret"] = e.EncodeToString([]byte("u:" + secret))
		forms[name+" of both sides"] = e.EncodeToString([]byte("name:" + secret + ":tail"))
	}
	return forms
}

// leaked returns the form in which a secret stands in an output; empty for none.
func leaked(output, secret string) string {
	for _, f := range forms(secret) {
		if strings.Contains(output, f) {
			return f
		}
	}
	return ""
}

// TestSecretsNeverComeOut lets servers give a secret back in every form and
// place, and looks for it in everything that a run hands on.
func TestSecretsNeverComeOut(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	const alphabet = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 +/=-_.~!@#$%^&*()[]{}<>"'\|,;:?`
	for range 8 {
		secret := "s"
		for range 8 + random.IntN(30) {
			secret += string(alphabet[random.IntN(len(alphabet))])
		}
		secret += "t"
		for name, form := range written(secret) {
			said := echoed(t, secret, form)
			if f := leaked(said, secret); f != "" {
				t.Fatalf("%s of %q: %q came out in\n%s", name, secret, f, said)
			}
		}
	}
}

// echoed asks a few facts of a server that says form everywhere, and returns all that came out.
func echoed(t *testing.T, secret, form string) string {
	var mu sync.Mutex
	sent := ""
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		if auth := r.Header.Get("Authorization"); auth != "" {
			mu.Lock()
			sent = auth
			mu.Unlock()
		}
		w.Header().Set("X-Echo", form)
		w.Header().Set("Content-Type", "text/"+form)
		switch r.URL.Path {
		case "/login":
			w.Header().Set("Location", "/"+url.PathEscape(form)+"?"+url.QueryEscape(form))
			w.WriteHeader(302)
		case "/json":
			body, _ := json.Marshal(map[string]any{"a": form, form: "x"})
			_, _ = w.Write(body)
		case "/garbage":
			conn, _, _ := w.(http.Hijacker).Hijack()
			fmt.Fprintf(conn, "%s\r\n\r\n", form)
			conn.Close()
		default:
			fmt.Fprintf(w, "<p>hello %s", form)
		}
	})
	config := `
check:
  html: { get: /, headers: { Authorization: "Bearer {{ env BOARDGATE_TOKEN }}" }, html: { contains: goodbye } }
  text: { get: /, text: { contains: hello, not_contains: hello }, response_headers: { X-Echo: nothing } }
  type: { get: /, content_type: application/json }
  garbage: { get: /garbage }
  login: { get: /login, expect: 307 -> /auth }
  json: { get: /json, json: { $.a: other, $.b: 1 } }
  lender: { get: /json, headers: { Authorization: "Bearer {{ env BOARDGATE_TOKEN }}" }, json: { $.a: { exists: true } } }
  taker: { get: "/taker/{{ lender $.a }}", text: { contains: "{{ lender $.a }}", match: never } }
`
	w, _ := testWorld()
	w.Env = func(name string) (string, bool) { return secret, name == "BOARDGATE_TOKEN" }
	suite := read(t, "base: "+base+plainly+config)
	var told []fact.Result
	p, err := suite.Run(context.Background(), w, Options{Deadline: suite.Schedule, Progress: func(r fact.Result) { told = append(told, r) }})
	if err != nil {
		t.Fatal(err)
	}
	if sent != "Bearer "+secret {
		t.Fatalf("the server got %q", sent)
	}
	for _, name := range []string{"html", "lender", "taker"} {
		if r := result(t, p, name); r.Excerpt != "" || r.Outcome == fact.Skipped {
			t.Errorf("%s: %s, excerpt %q", name, r.Outcome, r.Excerpt)
		}
	}
	return fmt.Sprintf("%+v %+v", p, told)
}

// TestSecretsStayWithTheBase shows that no redirect takes a secret to another host.
func TestSecretsStayWithTheBase(t *testing.T) {
	t.Parallel()
	foreign := ""
	other := site(t, func(_ http.ResponseWriter, r *http.Request) {
		foreign = "reached with " + r.Header.Get("Authorization")
	})
	base := site(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) })
	w, _ := testWorld()
	w.Env = func(string) (string, bool) { return "a-long-secret", true }
	r := result(t, ask(t, w, "base: "+base+plainly+`check: { it: { get: /, redirects: 3, headers: { Authorization: "{{ env BOARDGATE_TOKEN }}" } } }`), "it")
	if foreign != "" || r.Outcome != fact.Fail {
		t.Errorf("the other host was %s; got %s %q", foreign, r.Outcome, r.Reason)
	}
}

// TestHeadersStayWithTheScheme shows what is configured for a host on one scheme
// sent to it on no other, be it a secret or not.
func TestHeadersStayWithTheScheme(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	for name, value := range map[string]string{"a secret": "{{ env BOARDGATE_TOKEN }}", "no secret": "written-here"} {
		leaked, port := "", ""
		secured := secure(t, ca.leaf(t, "site.test", -1, 100, false), nil, func(_ http.ResponseWriter, r *http.Request) { leaked += r.Header.Get("X-Key") })
		plain := site(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/there" {
				leaked += r.Header.Get("X-Key")
				return
			}
			http.Redirect(w, r, "https://site.test:"+port+"/there", http.StatusFound)
		})
		_, port, _ = net.SplitHostPort(strings.TrimPrefix(plain, "http://"))
		w, _ := testWorld()
		w.Roots = ca.pool
		w.Env = func(string) (string, bool) { return "a-long-secret", true }
		dials := 0
		w.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		w.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			dials++
			to := []string{plain, secured}[dials-1]
			_, at, _ := net.SplitHostPort(strings.TrimPrefix(strings.TrimPrefix(to, "https://"), "http://"))
			return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+at)
		}
		r := result(t, ask(t, w, "base: http://site.test:"+port+plainly+`check: { it: { get: /, redirects: 3, retry: { attempts: 1 }, headers: { X-Key: "`+value+`" } } }`), "it")
		if leaked != "" {
			t.Errorf("%s: %q went to another scheme; got %s %q", name, leaked, r.Outcome, r.Reason)
		}
		if stays := name == "a secret"; stays != (dials == 1) || stays != (r.Outcome == fact.Fail) {
			t.Errorf("%s: %d connections, got %s %q", name, dials, r.Outcome, r.Reason)
		}
	}
}

// TestUnsetSecrets shows a problem at the place, and a run without them, as from a fork.
func TestUnsetSecrets(t *testing.T) {
	t.Parallel()
	suite := read(t, "base: "+saying(t, "text/plain", "x")+plainly+`check:
  open: { get: / }
  closed: { get: /, headers: { X-Key: "{{ env BOARDGATE_KEY }}" } }
  child: { get: /, needs: closed }`)
	for value, message := range map[string]string{
		"":              "the secret BOARDGATE_KEY is not set",
		"short":         "the secret BOARDGATE_KEY is shorter than 8 characters",
		"with\nnewline": "the secret BOARDGATE_KEY holds what a header cannot, or spaces at its ends",
		"trailing  ":    "the secret BOARDGATE_KEY holds what a header cannot, or spaces at its ends",
	} {
		problems := suite.Unset(func(string) (string, bool) { return value, true })
		if len(problems) != 1 || problems[0].Message != message || !strings.Contains(problems[0].Span.Text(), "env BOARDGATE_KEY") {
			t.Errorf("%q: got %+v, want %s", value, problems, message)
		}
	}
	w, _ := testWorld()
	w.Env = nil
	p, _ := suite.Run(context.Background(), w, Options{Deadline: suite.Schedule})
	want(t, result(t, p, "open"), fact.Pass, "", "")
	want(t, result(t, p, "closed"), fact.Skipped, "unasked", "the secret BOARDGATE_KEY is not available here")
	want(t, result(t, p, "child"), fact.Skipped, "unasked", "it needs closed, which is skipped")
}

func TestRedactor(t *testing.T) {
	const secret = `p"a\s/s w+rd<1>`
	r := &Redactor{forms: forms(secret)}
	for name, form := range written(secret) {
		got := r.Text("before " + form + " after")
		if leaked(got, secret) != "" || !strings.HasPrefix(got, "before ") || !strings.Contains(got, "***") || !strings.HasSuffix(got, " after") {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if got := r.Text("nothing to hide"); got != "nothing to hide" {
		t.Errorf("got %q", got)
	}
}

// TestRedactorSeesEveryField shows that whatever a run hands on is gone
// through, whoever forgot to hide it before.
func TestRedactorSeesEveryField(t *testing.T) {
	const secret = "s3cr3t/with+odd=signs"
	var p fact.Production
	fill(reflect.ValueOf(&p).Elem(), "before "+secret)
	if got := fmt.Sprintf("%+v", p); strings.Count(got, secret) < 20 {
		t.Fatalf("too little was filled: %s", got)
	}
	(&Redactor{forms: forms(secret)}).production(&p)
	if got := fmt.Sprintf("%+v", p); strings.Contains(got, secret) || !strings.Contains(got, "before ***") {
		t.Errorf("got %s", got)
	}
}

// fill puts a text into every field that takes one, and one item into every list.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), text)
			}
		}
	}
}
