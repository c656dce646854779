package probe

import (
	"bytes"
	"net/http"
	"strings"
)

// botProtection names the bot botProtection that answered in production's place; empty where none did.
// A server name alone does not tell: a proxy hands on the 503 of a production
// that is down under its own name, so it takes a mark of the botProtection itself.
func botProtection(a *answer) string {
	if a.status != http.StatusForbidden && a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable {
		return ""
	}
	h := a.header
	server := strings.ToLower(h.Get("Server"))
	switch {
	case h.Get("Cf-Mitigated") != "":
		return "Cloudflare" // https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
	case server == "cloudflare" && holdsAny(a.body, "Just a moment...", "Attention Required! | Cloudflare", "cf-error-details", "/cdn-cgi/challenge-platform/", "error code: 1020"):
		return "Cloudflare"
	case h.Get("X-Vercel-Mitigated") != "":
		return "Vercel"
	case h.Get("X-Amzn-Waf-Action") != "":
		return "AWS WAF" // https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
	case h.Get("X-Datadome") != "" && a.status == http.StatusForbidden:
		return "DataDome"
	case strings.HasPrefix(server, "akamaighost") && a.status == http.StatusForbidden:
		return "Akamai"
	case strings.HasPrefix(server, "sucuri") && h.Get("X-Sucuri-Block") != "":
		return "Sucuri"
	case holdsAny(a.body, "_Incapsula_Resource"):
		return "Imperva"
	case holdsAny(a.body, "px-captcha", "_pxAppId"):
		return "HUMAN"
	}
	return ""
}

func holdsAny(body []byte, marks ...string) bool {
	for _, m := range marks {
		if bytes.Contains(body, []byte(m)) {
			return true
		}
	}
	return false
}
