package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"
)

// minInterval is how many minutes lie between runs at the least: more often costs
// more than it finds.
const minInterval = 15

// checkSchedule looks at when a job is started.
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
func (w productionJob) checkSchedule() []Finding {
	var out []Finding
	for _, at := range w.in.sequence(w.in.events["schedule"].node) {
		line := w.in.entries(at.node)["cron"]
		if f := scheduleFinding(line.scalar()); line.there() && f.Message != "" {
			f.Path, f.Line = w.in.path, line.line
			out = append(out, f)
		}
	}
	return out
}

// scheduleFinding says what is wrong with a schedule, without its place; nothing for one that will do.
func scheduleFinding(schedule string) Finding {
	fields := strings.Fields(schedule)
	if len(fields) != 5 {
		return Finding{Message: fmt.Sprintf("`%s` is not a schedule that GitHub accepts, five fields, so nothing starts the workflow.", schedule), Lines: scheduleLines("17 * * * *")}
	}
	minutes := dueAt(fields[0], fields[1])
	if len(minutes) == 0 {
		return Finding{Message: fmt.Sprintf("`%s` is not a schedule that GitHub accepts: minutes are 0 to 59, hours 0 to 23.", schedule), Lines: scheduleLines("17 * * * *")}
	}
	if n := shortestGap(minutes); n < minInterval {
		fields[0] = "17"
		return Finding{
			Message: fmt.Sprintf("`%s` checks production every %s. Each run costs runner time and load on what it checks; an outage is reported after several bad runs in a row, so once an hour is enough.", schedule, everyMinutes(n)),
			Lines:   scheduleLines(strings.Join(fields, " ")),
		}
	}
	if i := slices.IndexFunc(minutes, isCrowded); i >= 0 {
		fields[0] = uncrowded(minutes)
		return Finding{
			Message: fmt.Sprintf("`%s` is due at minute %d. On the hour and on the half most schedules are, and GitHub starts them late or drops them.", schedule, minutes[i]%60),
			Lines:   scheduleLines(strings.Join(fields, " ")),
		}
	}
	return Finding{}
}

func scheduleLines(cron string) string { return "on:\n  schedule:\n    - cron: '" + cron + "'\n" }

func everyMinutes(n int) string {
	if n == 1 {
		return "minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// isCrowded says whether most schedules are due at a minute.
func isCrowded(minute int) bool { return minute%30 == 0 }

// uncrowded moves the minutes of an hour, all by as many, to where they are not crowded.
func uncrowded(minutes []int) string {
	for shift := 7; ; shift++ {
		var out []string
		for _, m := range minutes {
			if m/60 == minutes[0]/60 {
				out = append(out, strconv.Itoa((m+shift)%60))
			}
		}
		if !slices.Contains(out, "0") && !slices.Contains(out, "30") {
			return strings.Join(out, ",")
		}
	}
}

// cronField is a field as GitHub takes it. The parser takes a question mark, a
// time zone and an empty part too.
var cronField = regexp.MustCompile(`^(\*|\d+(-\d+)?)(/\d+)?(,(\*|\d+(-\d+)?)(/\d+)?)*$`)

const day = 24 * 60

// dueAt returns the minutes of a day, counted from midnight, that two fields of a
// schedule mean; none where they are no such fields.
func dueAt(minute, hour string) []int {
	if !cronField.MatchString(minute) || !cronField.MatchString(hour) {
		return nil
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour).Parse(minute + " " + hour)
	s, ok := parsed.(*cron.SpecSchedule)
	if err != nil || !ok {
		return nil
	}
	var out []int
	for m := range day {
		if s.Hour>>(m/60)&1 == 1 && s.Minute>>(m%60)&1 == 1 {
			out = append(out, m)
		}
	}
	return out
}

// shortestGap returns the least number of minutes from one run to the next.
func shortestGap(minutes []int) int {
	least := day
	for i := 1; i < len(minutes); i++ {
		least = min(least, minutes[i]-minutes[i-1])
	}
	return min(least, day+minutes[0]-minutes[len(minutes)-1])
}
