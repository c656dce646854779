package doctor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// often is under how many minutes runs cost more than they find.
const often = 15

// due looks at when a job is woken.
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
func (w watch) due() []Finding {
	var out []Finding
	for _, at := range w.in.list(w.in.events["schedule"].node) {
		cron := w.in.entries(at.node)["cron"]
		if f := untimely(cron.text()); cron.there() && f.Message != "" {
			f.Path, f.Line = w.in.path, cron.line
			out = append(out, f)
		}
	}
	return out
}

// untimely says what is wrong with a schedule, without its place; nothing for one that will do.
func untimely(cron string) Finding {
	fields := strings.Fields(cron)
	if len(fields) != 5 {
		return Finding{Message: fmt.Sprintf("`%s` is not a schedule that GitHub accepts, five fields, so nothing starts the workflow.", cron), Lines: scheduled("17 * * * *")}
	}
	minutes, hours := expand(fields[0], 60), expand(fields[1], 24)
	if len(minutes) == 0 || len(hours) == 0 {
		return Finding{Message: fmt.Sprintf("`%s` is not a schedule that GitHub accepts: minutes are 0 to 59, hours 0 to 23.", cron), Lines: scheduled("17 * * * *")}
	}
	if n := shortest(minutes, hours); n < often {
		fields[0] = "17"
		return Finding{
			Message: fmt.Sprintf("`%s` checks production every %s. Each run costs runner time and load on what it checks; an outage is reported after several bad runs in a row, so once an hour is enough.", cron, minutesLong(n)),
			Lines:   scheduled(strings.Join(fields, " ")),
		}
	}
	if i := slices.IndexFunc(minutes, crowded); i >= 0 {
		fields[0] = apart(minutes)
		return Finding{
			Message: fmt.Sprintf("`%s` is due at minute %d. On the hour and on the half most schedules are, and GitHub starts them late or drops them.", cron, minutes[i]),
			Lines:   scheduled(strings.Join(fields, " ")),
		}
	}
	return Finding{}
}

func scheduled(cron string) string { return "on:\n  schedule:\n    - cron: '" + cron + "'\n" }

func minutesLong(n int) string {
	if n == 1 {
		return "minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// crowded is when most schedules are due.
func crowded(minute int) bool { return minute == 0 || minute == 30 }

// apart moves minutes, all by as many, to where they are not crowded.
func apart(minutes []int) string {
	for shift := 7; ; shift++ {
		var out []string
		for _, m := range minutes {
			if m = (m + shift) % 60; !crowded(m) {
				out = append(out, strconv.Itoa(m))
			}
		}
		if len(out) == len(minutes) {
			return strings.Join(out, ",")
		}
	}
}

// shortest returns the least number of minutes from one run to the next.
func shortest(minutes, hours []int) int {
	const day = 24 * 60
	first := hours[0]*60 + minutes[0]
	last, least := -1, day
	for _, h := range hours {
		for _, m := range minutes {
			if now := h*60 + m; last >= 0 {
				least = min(least, now-last)
			}
			last = h*60 + m
		}
	}
	return min(least, day+first-last)
}

// expand returns the numbers below a bound that a field of a schedule means, in
// order; none where it is no such field.
func expand(field string, bound int) []int {
	var out []int
	for part := range strings.SplitSeq(field, ",") {
		from, to, step, ok := span(part, bound)
		if !ok {
			return nil
		}
		for n := from; n <= to; n += step {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// span reads one part of a field: *, 5, 5-10, and each with a step.
func span(part string, bound int) (from, to, step int, ok bool) {
	part, every, stepped := strings.Cut(part, "/")
	low, high, ranged := strings.Cut(part, "-")
	from, to, step = 0, bound-1, 1
	numbers := true
	read := func(s string, into *int) {
		n, err := strconv.Atoi(s)
		numbers, *into = numbers && err == nil, n
	}
	if stepped {
		read(every, &step)
	}
	if part != "*" {
		read(low, &from)
		switch {
		case ranged:
			read(high, &to)
		case !stepped:
			to = from
		}
	}
	return from, to, min(step, bound), numbers && step > 0 && 0 <= from && from <= to && to < bound
}
