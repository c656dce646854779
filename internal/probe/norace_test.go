//go:build !race

package probe

// instrumented tells that the race detector slows everything down.
const instrumented = false
