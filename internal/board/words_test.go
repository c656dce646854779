package board

import "testing"

func TestWordFiles(t *testing.T) {
	for file, lists := range wordFiles() {
		if lists[""] != nil {
			t.Errorf("words/%s.txt has entries before the first name of a list", file)
		}
		for name, list := range lists {
			if len(wordsOf(file, name)().set) != len(list) {
				t.Errorf("words/%s.txt has a word twice in %q", file, name)
			}
		}
	}
}
