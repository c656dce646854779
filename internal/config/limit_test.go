package config_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
)

// boardOf returns a board with a WIP column for each heading limit, -1 for a
// heading without one, and the limits of its Rules.
func boardOf(headings []int, law ...int) *board.Board {
	b := &board.Board{}
	for _, n := range headings {
		c := &board.Column{Role: board.WIP}
		if n >= 0 {
			c.Limit = &board.Limit{Role: board.WIP, Max: n}
		}
		b.Columns = append(b.Columns, c)
	}
	for _, n := range law {
		b.Rules = append(b.Rules, board.Limit{Role: board.WIP, Max: n})
	}
	return b
}

func TestLimit(t *testing.T) {
	const none = -1
	plain := []int{none}
	for _, test := range []struct {
		name       string
		configured int
		base, head *board.Board
		want       int
	}{
		{"the configuration before all", 9, boardOf([]int{1}, 2), boardOf([]int{3}, 4), 9},
		{"the configuration, though it says 0", 0, boardOf([]int{1}), boardOf([]int{3}), 0},
		{"the base's heading before its Rules", none, boardOf([]int{1}, 2), boardOf([]int{3}, 4), 1},
		{"the least of the base's headings", none, boardOf([]int{5, none, 3}), boardOf([]int{1}), 3},
		{"a heading that says 0", none, boardOf([]int{0}, 2), nil, 0},
		{"the base's Rules where its heading says none", none, boardOf(plain, 2), boardOf([]int{3}, 4), 2},
		{"the first of the base's Rules", none, boardOf(plain, 2, 1), nil, 2},
		{"none where the base has the column and no limit", none, boardOf(plain), boardOf([]int{3}, 4), none},
		{"the head's heading where there is no base", none, nil, boardOf([]int{3}, 4), 3},
		{"the head's heading where the base lacks the column", none, boardOf(nil), boardOf([]int{3}, 4), 3},
		{"the head's heading where the base lacks the column and has Rules", none, boardOf(nil, 2), boardOf([]int{3}, 4), 3},
		{"the head's Rules where there is no base", none, nil, boardOf(plain, 4), 4},
		{"none", none, nil, boardOf(plain), none},
		{"no board", none, nil, nil, none},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := config.Default()
			if test.configured != none {
				p.Limits[board.WIP] = test.configured
			}
			p.Limits[board.Next] = 77
			got, ok := p.Limit(board.WIP, test.base, test.head)
			if ok != (test.want != none) || ok && (got.Max != test.want || got.Role != board.WIP) {
				t.Errorf("Limit() = %+v, %v; want %d", got, ok, test.want)
			}
		})
	}
}

func TestSeverity(t *testing.T) {
	p := config.Default()
	p.Rules["pull-next"], p.Rules["waiver"] = config.Off, config.Error
	for _, test := range []struct {
		rule        string
		found, want config.Severity
	}{
		{"pull-next", config.Notice, config.Off},
		{"item-lost", config.Warning, config.Warning},
		{"waiver", config.Warning, config.Warning}, // it can only be stated as it is
	} {
		if got := p.Severity(test.rule, test.found); got != test.want {
			t.Errorf("Severity(%s, %s) = %s, want %s", test.rule, test.found, got, test.want)
		}
	}
}
