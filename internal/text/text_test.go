package text

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"
)

func TestVisible(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"plain #4", "plain #4"},
		{"a\tb\nc\r\nd", "a b c  d"},
		{"\x1b[31mred", "⟨U+001B⟩[31mred"},
		{"\u009b31m", "⟨U+009B⟩31m"},
		{"\u202eevil\u2066", "⟨U+202E⟩evil⟨U+2066⟩"},
		{"a\u2028b", "a⟨U+2028⟩b"},
		{"\u200b\u200d\ufeff", "⟨U+200B⟩⟨U+200D⟩⟨U+FEFF⟩"},
		{"a\u00adb", "a⟨U+00AD⟩b"},
		{"\xff\xfe", "⟨0xFF⟩⟨0xFE⟩"},
		{"\ufffd", "\ufffd"},
		{"⚠️ 1️⃣ 👩‍👧 ❤️‍🔥 🇯🇵", "⚠️ 1️⃣ 👩‍👧 ❤️‍🔥 🇯🇵"},
		{"a\ufe0f", "a⟨U+FE0F⟩"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"a\u200cb", "a⟨U+200C⟩b"},
		{"##[set-output name=x]y", "##⟨[⟩set-output name=x]y"},
		{"\U000e0041", "⟨U+E0041⟩"},
		{"\u3164", "⟨U+3164⟩"},
		{"#\U000e0ffc#[error]x", "#⟨U+E0FFC⟩#[error]x"},
		{"🏷\u200d", "🏷⟨U+200D⟩"},
	} {
		if got := Visible(tt.in); got != tt.want {
			t.Errorf("Visible(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestClipBytes(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcdef", 5, "ab…"}, {"ώρα", 5, "ώ…"}, {"ώρα", 4, "…"}, {"abc", 2, ""}} {
		if got := ClipBytes(tt.in, tt.n); got != tt.want || len(got) > tt.n {
			t.Errorf("ClipBytes(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"ώρα", 3, "ώρα"}, {"ώραι", 3, "ώρ…"}, {"ab cd", 4, "ab…"}, {"", 1, ""}, {"ab", 1, "…"}} {
		if got := Clip(tt.in, tt.n); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestLists(t *testing.T) {
	file := "# What the words are for.\n#\n\nfirst list\n\tone\n\t# why this stands here\n\tpull, pull request\n\t#\n\t\"so, whole\"\n\n[second]\n\t[x]\n"
	want := map[string][]string{"first list": {"one", "pull", "pull request", "#", "so, whole"}, "[second]": {"[x]"}}
	got := Lists(fstest.MapFS{"words/some.txt": {Data: []byte(file)}, "words/README.md": {}})
	if len(got) != 1 || !maps.EqualFunc(got["some"], want, slices.Equal[[]string]) {
		t.Errorf("%q", got)
	}
}
