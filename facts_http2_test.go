package main

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// frames writes to the stream of a request.
type frames struct {
	*http2.Framer
	stream uint32
}

// head writes the headers of an answer; whether there are more frames of them is the writer's to say.
func (f frames) head(ended, whole bool, fields ...string) error {
	var block bytes.Buffer
	e := hpack.NewEncoder(&block)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = e.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return f.WriteHeaders(http2.HeadersFrameParam{StreamID: f.stream, BlockFragment: block.Bytes(), EndStream: ended, EndHeaders: whole})
}

// framed serves HTTP/2 by hand: answer gets the stream of each request.
func framed(t *testing.T, ca *issuer, answer func(frames)) string {
	t.Helper()
	// The certificate is all that is wanted of this server.
	var config *tls.Config
	ca.serve(t, "127.0.0.1", -10, 100, func(c *tls.Config) { config = &tls.Config{Certificates: c.Certificates, NextProtos: []string{"h2"}} }, nothing)
	l, err := tls.Listen("tcp4", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go framing(c, answer)
		}
	}()
	return "https://" + l.Addr().String()
}

func framing(c net.Conn, answer func(frames)) {
	defer c.Close()
	f := frames{Framer: http2.NewFramer(c, c)}
	if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil || f.WriteSettings() != nil {
		return
	}
	for {
		read, err := f.ReadFrame()
		if err != nil {
			return
		}
		if h, ok := read.(*http2.HeadersFrame); ok {
			f.stream = h.StreamID
			answered := make(chan bool)
			go func() { answer(f); close(answered) }()
			_, _ = io.Copy(io.Discard, c) // until the other side has had enough
			<-answered
			return
		}
	}
}

// Whatever breaks HTTP/2, or floods it, ends in time and in a sentence.
func TestHostileHTTP2(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs SSL_CERT_FILE, which only Go on Linux and its like reads")
	}
	const breaks = "the answer breaks HTTP/2"
	ca := newIssuer(t)
	for _, test := range []struct {
		name   string
		answer func(frames)
		want   answerOf
	}{
		{"a status that is none", func(f frames) { _ = f.head(true, true, ":status", "abc") }, answerOf{"fail", "", breaks}},
		{"status 000", func(f frames) { _ = f.head(true, true, ":status", "000") }, answerOf{"fail", "", "the answer is not HTTP: it has the status 000"}},
		{"a body before headers", func(f frames) { _ = f.WriteData(f.stream, true, []byte("x")) }, answerOf{"fail", "", breaks}},
		{"controls in a header", func(f frames) { _ = f.head(true, true, ":status", "200", "x", "a\n::error::b\x1b[31m") }, answerOf{"fail", "", breaks}},
		{"interim answers without end", func(f frames) {
			for f.head(false, true, ":status", "103", "x", strings.Repeat("y", 1000)) == nil {
			}
		}, answerOf{"fail", "", breaks}},
		{"headers without end", func(f frames) {
			for err := f.head(false, false, ":status", "200"); err == nil; {
				err = f.WriteContinuation(f.stream, false, []byte{0x00, 0x01, 'a', 0x01, 'b'})
			}
		}, answerOf{"fail", "", "the answer breaks HTTP/2, or its headers are larger than 262 kB"}},
		{"settings without end", func(f frames) {
			for f.WriteSettings() == nil {
			}
		}, answerOf{"unreachable", "", "no answer came within 500ms"}},
		{"a body of nothing without end", func(f frames) {
			for err := f.head(false, true, ":status", "200"); err == nil; {
				err = f.WriteData(f.stream, false, nil)
			}
		}, answerOf{"fail", "200", "the answer began and did not end within 500ms"}},
		{"less than was said", func(f frames) {
			_ = f.head(false, true, ":status", "200", "content-length", "9")
			_ = f.WriteData(f.stream, true, []byte("half"))
		}, answerOf{"fail", "200", "the connection ended within the body"}},
		{"a stream refused", func(f frames) { _ = f.WriteRSTStream(f.stream, http2.ErrCodeRefusedStream) }, answerOf{"unreachable", "", "the connection was closed before an answer"}},
		{"a stream reset", func(f frames) { _ = f.WriteRSTStream(f.stream, http2.ErrCodeInternal) }, answerOf{"unreachable", "", "the HTTP/2 stream was reset before an answer"}},
		{"the server goes away", func(f frames) { _ = f.WriteGoAway(0, http2.ErrCodeNo, []byte("::error::boo")) }, answerOf{"unreachable", "", "the connection was closed before an answer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := faultConfig(framed(t, ca, test.answer), page(200, "", "hello")(t), "{ get: / }")
			got := askBoardgate(t, config, []string{"SSL_CERT_FILE=" + ca.file, "SSL_CERT_DIR=" + t.TempDir()}, "--format", "json")
			if found := firstFact(t, got.stdout); got.status != 1 || found != test.want {
				t.Errorf("status %d, got %+v, want %+v", got.status, found, test.want)
			}
			harmless(t, "json", got)
		})
	}
}
