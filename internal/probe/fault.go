package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"
)

// fault is why an attempt has no whole answer.
type fault struct {
	class  string // "network:refused", "timeout:headers", "tls:expired", "body:too_large"
	reason string
	raw    string // what the reason quotes, uncut
	// noResponse tells that nothing came that production could have sent: with
	// the runner's own network at fault, it would look the same.
	noResponse bool
	// local tells that the fault is on this side: not production's, whatever it is.
	local bool
	retry bool
	after time.Duration // what Retry-After asks for
}

func (f *fault) Error() string { return f.reason }

// leads tells whether the fault is in where an answer leads.
func (f *fault) leads() bool {
	return strings.HasPrefix(f.class, "redirect:") || f.class == "address:denied"
}

func network(class, format string, args ...any) *fault {
	return &fault{class: class, reason: fmt.Sprintf(format, args...), noResponse: true, retry: true}
}

func broken(class, format string, args ...any) *fault {
	return &fault{class: class, reason: fmt.Sprintf(format, args...)}
}

// phase is how far an attempt came.
type phase uint8

const (
	resolving phase = iota
	connecting
	handshaking
	waiting
	reading
)

// words and class of a timeout in each phase.
var phaseNames = [...]struct{ class, words string }{
	resolving:   {"timeout:dns", "the name was not resolved"},
	connecting:  {"timeout:connect", "no connection came about"},
	handshaking: {"timeout:tls", "the TLS handshake did not end"},
	waiting:     {"timeout:headers", "no answer came"},
	reading:     {"timeout:body", "the answer began and did not end"},
}

// diagnose names what went wrong in a phase.
func diagnose(err error, at phase, timeout time.Duration) *fault {
	var known *fault
	if errors.As(err, &known) {
		return known
	}
	if timedOut(err) {
		f := network(phaseNames[at].class, "%s within %s", phaseNames[at].words, timeout)
		f.noResponse = at != reading
		return f
	}
	if at == resolving {
		return resolution(err)
	}
	if f := certificate(err); f != nil {
		return f
	}
	if f := line(err, at); f != nil {
		return f
	}
	if at == reading {
		return broken("protocol", "the body breaks the protocol: %s", excerptOf(err.Error()))
	}
	return protocol(err, at)
}

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

// resolution names a failed look-up.
func resolution(err error) *fault {
	var d *net.DNSError
	if errors.As(err, &d) && d.IsNotFound {
		return network("dns:not_found", "the name %s does not exist", d.Name)
	}
	if errors.As(err, &d) {
		return network("dns:failed", "the name %s could not be resolved: %s", d.Name, excerptOf(d.Err))
	}
	var a *net.AddrError
	if errors.As(err, &a) {
		return network("dns:no_address", "the name %s has no address of the requested family", a.Addr)
	}
	return network("dns:failed", "the name could not be resolved: %s", excerptOf(err.Error()))
}

// line names what became of a connection; nil where it is not its fault.
func line(err error, at phase) *fault {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return network("network:refused", "the connection was refused")
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return network("network:no_route", "there is no route to the address")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return connectionClosed("network:reset", "the connection was reset", at)
	case errors.Is(err, io.ErrUnexpectedEOF) && at == reading:
		return connectionClosed("network:truncated", "the connection ended", at)
	case at < reading && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return connectionClosed("network:closed", "the connection was closed", at)
	case strings.Contains(err.Error(), "; PROTOCOL_ERROR") && !strings.Contains(err.Error(), "received from peer"):
		return broken("protocol", "the answer breaks HTTP/2") // found on this side, so something came
	case strings.Contains(err.Error(), "stream error: "), strings.Contains(err.Error(), "GOAWAY"), strings.Contains(err.Error(), "client connection lost"):
		return connectionClosed("network:reset", "the HTTP/2 stream was reset", at) // net/http keeps the types of these to itself
	}
	return nil
}

func connectionClosed(class, words string, at phase) *fault {
	when := map[phase]string{connecting: "at once", handshaking: "during the TLS handshake", waiting: "before an answer", reading: "within the body"}[at]
	f := network(class, "%s %s", words, when)
	f.noResponse = at != reading
	return f
}

// certificate names what is wrong with a certificate or its handshake.
func certificate(err error) *fault {
	var (
		invalid   x509.CertificateInvalidError
		host      x509.HostnameError
		authority x509.UnknownAuthorityError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &host):
		return broken("tls:host", "the certificate is for another host: %s", names(host.Certificate))
	case errors.As(err, &invalid):
		return validity(invalid)
	case errors.As(err, &authority):
		return authorityFault(authority)
	case errors.As(err, &record):
		return broken("tls:none", "the server does not speak TLS there")
	case strings.Contains(err.Error(), "tls: protocol version not supported"), strings.Contains(err.Error(), "unsupported protocol version"):
		return broken("tls:version", "the server speaks only a version of TLS that is too old")
	case strings.HasPrefix(err.Error(), "remote error: tls: "): // crypto/tls keeps the type of an alert to itself
		return broken("tls:alert", "the server broke off the TLS handshake: %s", excerptOf(strings.TrimPrefix(err.Error(), "remote error: tls: ")))
	case strings.HasPrefix(err.Error(), "tls: "), strings.HasPrefix(err.Error(), "x509: "):
		return broken("tls:failed", "the TLS handshake failed: %s", excerptOf(err.Error()))
	}
	return nil
}

// names lists the hosts and addresses a certificate is for.
func names(c *x509.Certificate) string {
	if c == nil {
		return "it names none"
	}
	all := slices.Clone(c.DNSNames)
	for _, address := range c.IPAddresses {
		all = append(all, address.String())
	}
	if len(all) == 0 {
		return "it names none"
	}
	return excerptOf(strings.Join(all[:min(len(all), 5)], ", "))
}

func validity(err x509.CertificateInvalidError) *fault {
	if err.Reason != x509.Expired {
		return broken("tls:invalid", "the certificate is not valid: %s", excerptOf(err.Error()))
	}
	if early(err) {
		return broken("tls:early", "the certificate is valid only from %s", err.Cert.NotBefore.UTC().Format("2006-01-02 15:04"))
	}
	return broken("tls:expired", "the certificate ended on %s", err.Cert.NotAfter.UTC().Format("2006-01-02 15:04"))
}

// early tells a certificate not yet valid from one no longer valid: x509 has
// one reason for both and says which in words only.
func early(err x509.CertificateInvalidError) bool { return strings.Contains(err.Detail, "is before") }

func authorityFault(err x509.UnknownAuthorityError) *fault {
	if c := err.Cert; c != nil && c.Issuer.String() == c.Subject.String() {
		return broken("tls:self_signed", "the certificate is signed by itself")
	}
	return broken("tls:authority", "the certificate is signed by an authority that is not trusted")
}

// protocol names an answer that is not HTTP.
func protocol(err error, at phase) *fault {
	if at == connecting {
		return network("network:failed", "no connection: %s", excerptOf(err.Error()))
	}
	said := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "net/http: "), "HTTP/1.x transport connection broken: ")
	if strings.Contains(said, "exceeded") && strings.Contains(said, "header") || strings.Contains(said, "header list") {
		return broken("protocol:headers", "the headers are larger than %d kB", headerLimit/1000)
	}
	if strings.HasSuffix(said, "connection error: PROTOCOL_ERROR") { // net/http has one word for both
		return broken("protocol", "the answer breaks HTTP/2, or its headers are larger than %d kB", headerLimit/1000)
	}
	return broken("protocol", "the answer is not HTTP: %s", excerptOf(said))
}
