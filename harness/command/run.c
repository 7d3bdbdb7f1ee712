/* run.c - abacus run: its options, the measuring, the report at its end.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "base/paths.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "command/command.h"
#include "measure/measure.h"
#include "model/record.h"
#include "report/report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

/* A whole number from 1 to `max`; 0 if the text is none. */
static unsigned long long parse_number(const char *text, unsigned long long max)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno || *end || *text < '0' || *text > '9' || number > max)
        return 0;
    return number;
}

/* getopt_long leaves the option in `optopt` if it is a letter; the values of `longs` are none. */
static int fail_option(char *const *argv)
{
    bool letter = optopt > 0 && optopt < 256;
    char *what = letter ? alloc_format("run: unknown option -%c", optopt)
                        : alloc_format("run: unknown option or missing value: %s",
                                       argv[optind - 1]);
    int status = command_fail_usage(what);
    free(what);
    return status;
}

/* Early, a look at the run as far as it is; then only its files, which are made anew after each
 * round. What fails here fails again, and is told, at the end. */
static void report_round(const char *folder)
{
    static bool shown;
    struct err err;
    struct run run;
    struct summary summary;
    if (record_read(&run, folder, &err) < 0)
        return;
    summary_make(&summary, &run);
    const struct report report = {.run = &run, .summary = &summary, .directory = folder};
    if (!shown && run.slice_count > 0) {
        shown = true;
        provisional_write(stderr, &report);
        fputs("\nThe tables so far, made anew after each round: ", stderr);
        utf8_print(stderr, folder);
        fputs("/tables.txt\n\n", stderr);
    }
    report_tables(&report, &err);
    summary_free(&summary);
    run_free(&run);
}

enum run_option {
    SUITE = 256,
    TOOL,
    ROUNDS,
    TRIALS,
    MINUTES,
    SEED,
    OUT,
    RESUME,
    LIMIT,
    DEBUG_BUILD
};

static int take_limit(struct measure_options *options, const char *limit)
{
    size_t room = sizeof options->limits / sizeof *options->limits;
    if (options->limit_count == room)
        return command_fail_usage("too many --limit options");
    options->limits[options->limit_count++] = limit;
    return 0;
}

static bool take_count(int *count, const char *text, long most)
{
    long number;
    if (!number_long(&number, text, 0, most))
        return false;
    *count = (int)number;
    return true;
}

static int take_run_option(struct measure_options *options, int option)
{
    if (option == SUITE)
        options->suite = optarg;
    else if (option == TOOL)
        options->tools = optarg;
    else if (option == OUT)
        options->out = optarg;
    else if (option == RESUME)
        options->resume = optarg;
    else if (option == LIMIT)
        return take_limit(options, optarg);
    else if (option == DEBUG_BUILD)
        options->debug_build = true;
    else if (option == ROUNDS && !take_count(&options->rounds, optarg, ROUNDS_MAX))
        return command_fail_usage("--rounds takes a whole number from 0 to 1000");
    else if (option == TRIALS && !take_count(&options->trials, optarg, TRIALS_MAX))
        return command_fail_usage("--trials takes a whole number from 0 to 1000");
    else if (option == MINUTES &&
             !number_double(&options->minutes, optarg, 0.1, MINUTES_MAX))
        return command_fail_usage("--minutes takes a number from 0.1 to 10000");
    else if (option == SEED && !(options->seed = parse_number(optarg, 1ULL << 62)))
        return command_fail_usage("--seed takes a whole number from 1");
    return 0;
}

/* What is in the record stays as it is: anything else would be another run. */
static int check_resume(const struct measure_options *options)
{
    const char *given = options->suite          ? "--suite"
                        : options->tools        ? "--tool"
                        : options->seed         ? "--seed"
                        : options->out          ? "--out"
                        : options->trials >= 0  ? "--trials"
                        : options->minutes > 0  ? "--minutes"
                        : options->limit_count  ? "--limit"
                        : options->server_count ? "a server"
                                                : NULL;
    if (!given)
        return 0;
    char *what = alloc_format("run: %s cannot go with --resume, which takes it from the "
                              "run's record",
                              given);
    int status = command_fail_usage(what);
    free(what);
    return status;
}

static int parse_run(struct measure_options *options, int argc, char **argv)
{
    static const struct option longs[] = {{"suite", required_argument, NULL, SUITE},
                                          {"tool", required_argument, NULL, TOOL},
                                          {"rounds", required_argument, NULL, ROUNDS},
                                          {"seed", required_argument, NULL, SEED},
                                          {"trials", required_argument, NULL, TRIALS},
                                          {"minutes", required_argument, NULL, MINUTES},
                                          {"out", required_argument, NULL, OUT},
                                          {"resume", required_argument, NULL, RESUME},
                                          {"limit", required_argument, NULL, LIMIT},
                                          {"debug-build", no_argument, NULL, DEBUG_BUILD},
                                          {NULL, 0, NULL, 0}};
    int status = 0;
    *options =
        (struct measure_options){.rounds = -1, .trials = -1, .after_round = report_round};
    opterr = 0;
    for (int c; !status && (c = getopt_long(argc, argv, "", longs, NULL)) != -1;)
        status = c == '?' ? fail_option(argv) : take_run_option(options, c);
    options->servers = argv + optind;
    options->server_count = (size_t)(argc - optind);
    if (!status && options->resume)
        return check_resume(options);
    if (!options->suite)
        options->suite = "articles";
    return status;
}

/* The exit status of a program that Ctrl-C ended, as shells have it: 128 + SIGINT. */
enum { INTERRUPTED = 130 };

/* Whether every server has its figures under every load. */
static bool is_complete(const struct run *run)
{
    struct summary summary;
    summary_make(&summary, run);
    bool complete = run->finished;
    for (size_t t = 0; t < summary.table_count; t++)
        for (size_t c = 0; c < summary.tables[t].cell_count; c++)
            complete = complete && !summary.tables[t].cells[c].failed;
    summary_free(&summary);
    return complete;
}

/* The last words: where it all is and, if that is not all, how to get the rest. */
static void say_where(const struct run *run, const char *folder)
{
    command_say_where(folder);
    if (run->finished)
        return;
    char *program = quote_shell(program_invocation_name);
    char *quoted = quote_shell(folder);
    fprintf(stderr,
            "abacus: stopped early; the tables show what was measured. To go on with it: "
            "%s run --resume %s\n",
            program, quoted);
    free(program);
    free(quoted);
}

int command_run(int argc, char **argv)
{
    struct err err;
    struct run run;
    struct measure_options options;
    char *folder = NULL;
    int status = parse_run(&options, argc, argv);
    if (status)
        return status;
    status = measure_prepare(&run, &folder, &options, &err);
    if (status) {
        run_free(&run);
        free(folder);
        return command_fail(status, &err);
    }
    int measured = measure_run(&run, folder, &options, &err);
    if (measured < 0)
        command_fail(1, &err);
    int reported = command_show_report(folder, NULL, &err);
    if (reported < 0)
        command_fail(1, &err);
    say_where(&run, folder);
    status = measured < 0 || reported < 0 || !is_complete(&run) ? 1 : 0;
    if (interrupt_requested())
        status = INTERRUPTED;
    run_free(&run);
    free(folder);
    return status;
}
