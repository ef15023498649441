// Command growth shows how the ten questions of the bench grow with the number of events:
// docs/bench/growth.md.
//
//	growth copies FIRST-LAST TABLE        writes copies of the events, to be imported
//	growth ask [flags] SIZE=URL[,PID]...  asks servers over more and more of them
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("growth copies FIRST-LAST TABLE, or growth ask [flags] SIZE=URL[,PID] for each server")

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "copies":
		from, to, _ := strings.Cut(args[1], "-")
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || first < 1 || last < first {
			return fmt.Errorf("copies %s: give the first and the last, such as 1-5", args[1])
		}
		table, err := os.Open(args[2])
		if err != nil {
			return err
		}
		defer table.Close()
		return copies(os.Stdout, table, first, last)
	case len(args) > 1 && args[0] == "ask":
		var a asking
		flags := flag.NewFlagSet("growth ask", flag.ContinueOnError)
		flags.StringVar(&a.engine, "engine", "docs/bench/chancery.engine", "file with the questions")
		flags.StringVar(&a.params, "params", "", "the bench's params.json")
		flags.StringVar(&a.only, "q", "", "only these questions: Q1,Q7")
		flags.IntVar(&a.rounds, "rounds", 3, "how often all servers are asked in turn")
		flags.DurationVar(&a.budget, "budget", time.Second, "time of one question and server in a round; each set of parameters is asked once at least")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return a.run(os.Stdout, flags.Args())
	}
	return errUsage
}
