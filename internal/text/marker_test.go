package text

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadMarker(t *testing.T) {
	type read struct {
		fields map[string]string
		data   string
	}
	for _, test := range []struct {
		kind, body string
		want       *read // nil where it is no marker of the kind
	}{
		{"", Marker("", Field("name", "a b --> <!-- c=d"), "head=abc") + "\r\nbody --> ", &read{map[string]string{"name": "a b --> <!-- c=d", "head": "abc"}, ""}},
		{"incident", Marker("incident", Field("key", "k"), Field("name", ""), "drill", `{"run":1}`) + "\nbody", &read{map[string]string{"key": "k", "name": "", "drill": ""}, `{"run":1}`}},
		{"incident", Marker("incident", Field("key", "k"), "{broken"), &read{map[string]string{"key": "k"}, "{broken"}},
		{"", Marker("incident", Field("key", "k")), nil},
		{"incident", Marker("", Field("key", "k")), nil},
		{"", "", nil},
		{"", "text\n<!-- boardgate name= -->", nil},
		{"", "<!-- boardgate", nil},
		{"", "<!-- boardgate  -->", nil},
		{"", "<!-- boardgate name=a", nil},
		{"", "<!-- boardgatex name= -->", nil},
		{"", "> <!-- boardgate name= -->", nil},
	} {
		fields, data, ok := ReadMarker(test.kind, test.body)
		got := &read{fields, data}
		if !ok {
			got = nil
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(read{})); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.body, diff)
		}
	}
}
