package fake

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Transport returns a transport that leads to g without a network.
func (g *GitHub) Transport() http.RoundTripper { return inProcess{g} }

type inProcess struct{ hub *GitHub }

// RoundTrip serves the request. A connection that a fault loses is an error.
func (t inProcess) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	w := &recorder{header: http.Header{}}
	defer func() {
		if gone := recover(); gone != nil {
			resp, err = nil, lostConnection(r, gone)
		}
	}()
	in := r.Clone(r.Context())
	in.Host = r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	t.hub.ServeHTTP(w, in)
	return w.response(r), nil
}

func lostConnection(r *http.Request, gone any) error {
	if cause, ok := gone.(error); !ok || !errors.Is(cause, http.ErrAbortHandler) {
		panic(gone)
	}
	if err := r.Context().Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

func (r *recorder) response(to *http.Request) *http.Response {
	r.status = cmp.Or(r.status, http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: r.header, Request: to,
		Body: io.NopCloser(bytes.NewReader(r.body.Bytes())), ContentLength: int64(r.body.Len()),
	}
}
