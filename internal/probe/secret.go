package probe

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
)

// shortestSecret is the least length of a secret: a shorter one could not be
// kept out of a text without harm to the text.
const shortestSecret = 8

const handOver = "hand it over in the environment of the job"

// Unset returns a fault for every secret that the environment does not hold
// or that cannot be sent. Where facts are named, only theirs and those of the
// facts they need count; a name that no fact has is passed over here.
func (s *Suite) Unset(env func(string) (string, bool), only ...string) []config.Fault {
	var c compiler
	checks, _ := s.selected(only)
	for _, one := range checks {
		for _, h := range append(slices.Clone(one.headers), header{value: one.send, at: one.sendAt}) {
			for _, name := range h.value.secrets() {
				if why := unusable(name, env); why != "" {
					c.fault(h.at, handOver, "%s", why)
				}
			}
		}
	}
	return c.faults
}

// Askable tells whether any fact can be asked with the secrets that are set. Where
// facts are named, only they and those they need count.
func (s *Suite) Askable(env func(string) (string, bool), only ...string) bool {
	checks, _ := s.selected(only)
	return slices.ContainsFunc(checks, func(c *check) bool { return c.askable(env) })
}

func (c *check) askable(env func(string) (string, bool)) bool {
	return c.withoutSecret(env) == "" && !slices.ContainsFunc(c.needs, func(n *check) bool { return !n.askable(env) })
}

// withoutSecret says which secret of a check cannot be sent, and why; empty for none.
func (c *check) withoutSecret(env func(string) (string, bool)) string {
	for _, name := range c.secrets() {
		if why := unusable(name, env); why != "" {
			return why
		}
	}
	return ""
}

// unusable says why a secret cannot be sent; empty where it can.
func unusable(name string, env func(string) (string, bool)) string {
	if env == nil {
		return fmt.Sprintf("the secret %s is not available here", name)
	}
	value, set := env(name)
	switch {
	case !set || value == "":
		return fmt.Sprintf("the secret %s is not set", name)
	case len(value) < shortestSecret:
		return fmt.Sprintf("the secret %s is shorter than %d characters", name, shortestSecret)
	case !printable(value) || strings.TrimSpace(value) != value:
		return fmt.Sprintf("the secret %s holds what a header cannot, or spaces at its ends", name)
	}
	return ""
}

// Redactor takes secrets out of texts, in every form in which they may come back.
type Redactor struct {
	forms   []string
	secrets []string // laid bare
}

// Redactor returns the redactor of the secrets that the facts use.
func (s *Suite) Redactor(env func(string) (string, bool)) *Redactor {
	r := &Redactor{}
	for _, name := range s.Secrets() {
		if unusable(name, env) != "" {
			continue
		}
		value, _ := env(name)
		r.forms = append(r.forms, forms(value)...)
		r.secrets = append(r.secrets, unescaped(value))
	}
	slices.SortFunc(r.forms, func(a, b string) int { return len(b) - len(a) })
	r.forms = slices.Compact(r.forms)
	return r
}

// forms are the ways in which a secret may be written: as it is, URL-encoded,
// JSON-escaped, and base64 of either alphabet, alone or within a longer text.
func forms(secret string) []string {
	out := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), percent(secret)}
	for _, f := range out[1:] {
		out = append(out, lowerHex(f))
	}
	quoted, _ := json.Marshal(secret)
	for _, f := range []string{secret, strings.Trim(string(quoted), `"`), strings.Trim(fmt.Sprintf("%q", secret), `"`)} {
		out = append(out, f, strings.ReplaceAll(f, "/", `\/`))
	}
	out = append(out, html.EscapeString(secret), folded(secret))
	out = append(out, inBase64(secret)...)
	return slices.DeleteFunc(out, func(f string) bool { return len(f) < shortestSecret })
}

// percent encodes every byte.
func percent(s string) string {
	var out strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&out, "%%%02X", s[i])
	}
	return out.String()
}

// lowerHex writes the digits after each % in lower case.
func lowerHex(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToLower(string(b[i:i+3])))
		}
	}
	return string(b)
}

// inBase64 returns the part of the encoding that depends on the secret alone,
// for each of the three places at which it can begin within a longer text.
func inBase64(secret string) []string {
	var out []string
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for lead := range 3 {
			encoded := alphabet.EncodeToString([]byte(strings.Repeat("\x00", lead) + secret))
			from := []int{0, 2, 3}[lead]
			to := (lead + len(secret)) * 8 / 6
			out = append(out, encoded[from:to])
		}
	}
	return out
}

// Text returns a text with "***" in place of each secret.
func (r *Redactor) Text(s string) string {
	for _, f := range r.forms {
		s = strings.ReplaceAll(s, f, "***")
	}
	return s
}

// holds tells whether a secret is in a text, as one of its forms or as several
// of them upon each other.
func (r *Redactor) holds(s string) bool {
	if among(r.forms, s) {
		return true
	}
	s = unescaped(s)
	return among(r.secrets, s) || among(r.forms, s)
}

func among(forms []string, s string) bool {
	return slices.ContainsFunc(forms, func(f string) bool { return strings.Contains(s, f) })
}

func (r *Redactor) inHeaders(h http.Header) bool {
	for _, values := range h {
		if slices.ContainsFunc(values, r.holds) {
			return true
		}
	}
	return false
}

// layers is how often a text may be encoded upon another encoding and still be read.
const layers = 3

// escaped is one character as URLs, JSON and its relatives write it.
var escaped = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\[/"'\\]`)

// unescaped decodes what is URL-encoded, JSON-escaped or HTML-escaped, again
// and again, and folds spaces.
func unescaped(s string) string {
	for range layers {
		before := s
		s = html.UnescapeString(escaped.ReplaceAllStringFunc(s, func(e string) string {
			if n, err := strconv.ParseUint(e[len(e)-2:], 16, 8); err == nil && len(e) > 2 {
				return string([]byte{byte(n)})
			}
			return e[1:]
		}))
		if s == before {
			break
		}
	}
	return folded(s)
}

// production redacts every text of a run's answer.
func (r *Redactor) production(p *fact.Production) {
	if len(r.forms) > 0 {
		r.texts(reflect.ValueOf(p).Elem())
	}
}

// texts walks a value, so that a field added later is not forgotten.
func (r *Redactor) texts(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.Text(v.String()))
	case reflect.Slice:
		for i := range v.Len() {
			r.texts(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				r.texts(v.Field(i))
			}
		}
	}
}
