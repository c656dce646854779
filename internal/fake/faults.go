package fake

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Fault makes requests of one route fail. The first that fits is used.
type Fault struct {
	// Route is "METHOD /repos/{owner}/{repo}/…" as the documentation of REST
	// writes it, or "query NAME".
	Route string
	Skip  int // requests that go well before
	Times int // requests that fail, 0 for all

	Status  int               // answered in place of the work, with Message
	Message string            //
	Header  map[string]string // set on the answer
	Body    string            // the whole answer, in place of one with Message
	Delay   time.Duration     // before anything else; ends early where the client goes away
	Hang    bool              // no answer, until the client goes away
	Reset   bool              // the connection is lost before the work
	Lose    bool              // the connection is lost after the work: it is done, and nobody hears of it
	Cut     bool              // the answer ends in its middle
	Null    []string          // GraphQL: the field of this path is null, with an error of Type and Message where there is either
	Type    string

	used int
}

// Fail adds a fault.
func (g *GitHub) Fail(f Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, &f)
}

// Heal takes all faults away.
func (g *GitHub) Heal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = nil
}

// Limited is a fault as GitHub's two rate limits are: primary says when it
// ends in x-ratelimit-reset, the secondary in retry-after or not at all.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
func Limited(route string, status int, header map[string]string) Fault {
	message := "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
	if header["X-RateLimit-Remaining"] == "0" {
		message = "API rate limit exceeded for installation ID 1."
	}
	return Fault{Route: route, Status: status, Message: message, Header: header}
}

// fault returns the fault for a request of a route, nil where it goes well.
func (g *GitHub) fault(route string) *Fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range g.faults {
		if f.Route != route {
			continue
		}
		f.used++
		if f.used > f.Skip && (f.Times == 0 || f.used <= f.Skip+f.Times) {
			return f
		}
	}
	return nil
}

// play answers as the fault has it, or as asked where there is none. work does
// what was asked.
func (f *Fault) play(w http.ResponseWriter, r *http.Request, work func(http.ResponseWriter)) {
	if f == nil {
		work(w)
		return
	}
	f.waitBefore(r)
	switch {
	case f.Reset:
		panic(http.ErrAbortHandler)
	case f.Lose:
		work(&recorder{header: http.Header{}})
		panic(http.ErrAbortHandler)
	case f.Cut:
		answerHalf(w, work)
	case f.Body != "" || f.Status != 0:
		f.answer(w)
	default:
		f.headers(w)
		work(w)
	}
}

func (f *Fault) headers(w http.ResponseWriter) {
	for k, v := range f.Header {
		w.Header().Set(k, v)
	}
}

func (f *Fault) waitBefore(r *http.Request) {
	var after <-chan time.Time
	if !f.Hang {
		if f.Delay == 0 {
			return
		}
		after = time.After(f.Delay)
	}
	select {
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	case <-after:
	}
}

func (f *Fault) answer(w http.ResponseWriter) {
	f.headers(w)
	status := cmp.Or(f.Status, http.StatusOK)
	if f.Body == "" {
		refuse(w, status, f.Message)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, f.Body)
}

// answerHalf announces the whole answer and sends half of it.
func answerHalf(w http.ResponseWriter, work func(http.ResponseWriter)) {
	whole := &recorder{header: http.Header{}}
	work(whole)
	maps.Copy(w.Header(), whole.header)
	w.Header().Set("Content-Length", strconv.Itoa(whole.body.Len()))
	w.WriteHeader(whole.status)
	_, _ = w.Write(whole.body.Bytes()[:whole.body.Len()/2])
	panic(http.ErrAbortHandler)
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(p []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	return r.body.Write(p)
}
