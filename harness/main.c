/* main.c - the program abacus: which command it is.
 * SPDX-License-Identifier: MIT */
#include "base/interrupt.h"
#include "base/paths.h"
#include "command/command.h"
#include "host/descriptors.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: abacus list                   the servers, each in a line\n"
    "       abacus check [SERVER...]      try the contract on each\n"
    "       abacus run [OPTION...] [SERVER...]\n"
    "           --suite NAME|FILE         what to measure (default: articles)\n"
    "           --tool TOOL[,TOOL]        ab, wrk, h2load, in place of the suite's own\n"
    "           --rounds N                how often each server meets each load\n"
    "           --thorough                11 rounds\n"
    "           --seed N                  of the order of the trials\n"
    "           --out DIR                 the run's folder\n"
    "           --resume DIR              go on with a run that was stopped\n"
    "           --limit RULE=N            what a rule allows; see 'abacus rules'\n"
    "           --wait SECONDS            for other programs to end (default: 60)\n"
    "           --debug-build             measure servers built for debugging, too\n"
    "       abacus report [--reference SERVER] DIR\n"
    "                                     tables, plots and page again, from the record\n"
    "       abacus compare [OPTION...] A B    two runs: exit 0 the same, 1 worse, 2 "
    "cannot tell\n"
    "           --threshold 5%            no smaller difference counts (default: the "
    "noise)\n"
    "           --format text|markdown    of what is printed\n"
    "           --html FILE               a page, too\n"
    "       abacus explain DIR TABLE SERVER   where a row's figures come from\n"
    "       abacus profile [--part NAME,NAME] [--out DIR] [SERVER...]\n"
    "           what one request costs and where its time goes; of two servers, why\n"
    "           one costs more\n"
    "       abacus rules                  by what a trial is judged\n"
    "SERVER is a name that 'abacus list' shows, or the path of an executable.\n";

static int run_command(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
        int unwritten; /* the exit status where what it prints cannot be written */
    } commands[] = {
        {"list", command_list, 1},       {"check", command_check, 1},
        {"run", command_run, 1},         {"report", command_report, 1},
        {"explain", command_explain, 1}, {"rules", command_rules, 1},
        {"profile", command_profile, 1}, {"compare", command_compare, EXIT_CANNOT_TELL}};
    struct err err;
    if (paths_init(&err) < 0)
        return command_fail(1, &err);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return command_end(commands[i].run(argc - 1, argv + 1),
                               commands[i].unwritten);
    return command_fail_usage("unknown command");
}

int main(int argc, char **argv)
{
    struct err err;
    interrupt_begin();
    if (descriptors_fill(&err) < 0)
        return command_fail(1, &err);
    if (argc < 2)
        return command_fail_usage("which command?");
    const char *last = argv[argc - 1];
    if (strcmp(last, "--help") == 0 || strcmp(last, "-h") == 0) {
        fputs(usage, stdout);
        return command_end(0, 1);
    }
    return run_command(argc, argv);
}
