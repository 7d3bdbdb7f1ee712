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
#include "host/remote.h"
#include "measure/measure.h"
#include "model/record.h"
#include "report/report.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

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

static bool take_limit(void *values, const char *limit)
{
    struct measure_options *options = values;
    size_t room = sizeof options->limits / sizeof *options->limits;
    if (options->limit_count == room)
        return false;
    options->limits[options->limit_count++] = limit;
    return true;
}

static bool take_slo(void *values, const char *text)
{
    double seconds;
    if (!number_time(&seconds, text, SLO_MS_MAX / 1000.0) || seconds < 0.001)
        return false;
    ((struct measure_options *)values)->slo = (int)round(1000 * seconds);
    return true;
}

static bool take_client(void *values, const char *host)
{
    struct measure_options *options = values;
    if (options->client_count == CLIENTS_MAX || !remote_name_good(host))
        return false;
    options->clients[options->client_count++] = host;
    return true;
}

#define AT(field) offsetof(struct measure_options, field)

static const struct option_spec run_options[] = {
    {.name = "suite",
     .value = "NAME|FILE",
     .kind = OPTION_TEXT,
     .where = AT(suite),
     .help = "what to measure (default: articles; see 'abacus suites')"},
    {.name = "tool",
     .value = "TOOL,TOOL",
     .kind = OPTION_TEXT,
     .where = AT(tools),
     .help = "ab, wrk, h2load, pace, in place of the suite's own"},
    {.name = "rounds",
     .value = "N",
     .kind = OPTION_COUNT,
     .where = AT(rounds),
     .most = ROUNDS_MAX,
     .help = "of slices (default: as the suite has it, mostly 12)"},
    {.name = "trials",
     .value = "N",
     .kind = OPTION_COUNT,
     .where = AT(trials),
     .most = TRIALS_MAX,
     .help = "whole trials of each server and load"},
    {.name = "minutes",
     .value = "N",
     .kind = OPTION_NUMBER,
     .where = AT(minutes),
     .least = 0.1,
     .most = MINUTES_MAX,
     .help = "how long the run is to take: slices fill the time"},
    {.name = "slo",
     .value = "TIME",
     .kind = OPTION_OWN,
     .take = take_slo,
     .wants = "a time from 1ms to 10s",
     .help = "suite knee: 99 % of the requests are to take no longer (10ms)"},
    {.name = "seed",
     .value = "N",
     .kind = OPTION_SEED,
     .where = AT(seed),
     .help = "of the order"},
    {.name = "out",
     .value = "DIR",
     .kind = OPTION_TEXT,
     .where = AT(out),
     .help = "the run's folder"},
    {.name = "resume",
     .value = "DIR",
     .kind = OPTION_TEXT,
     .where = AT(resume),
     .help = "go on with a run that was stopped"},
    {.name = "client",
     .value = "USER@HOST",
     .kind = OPTION_OWN,
     .take = take_client,
     .wants = "a host that ssh knows, at most 64 times",
     .help = "run the load tool there, by ssh; several share the connections"},
    {.name = "address",
     .value = "ADDR",
     .kind = OPTION_TEXT,
     .where = AT(address),
     .help = "where the servers listen then (default: where the first client\n"
             "reaches this host)"},
    {.name = "limit",
     .value = "RULE=N",
     .kind = OPTION_OWN,
     .take = take_limit,
     .wants = "RULE=N, at most 16 times",
     .help = "what a rule allows; see 'abacus rules'"},
    {.name = "debug-build",
     .kind = OPTION_FLAG,
     .where = AT(debug_build),
     .help = "measure servers built for debugging, too"},
    {0}};

/* What is in the record stays as it is: anything else would be another run. */
static int check_resume(const struct measure_options *options)
{
    const char *given = options->suite          ? "--suite"
                        : options->tools        ? "--tool"
                        : options->slo          ? "--slo"
                        : options->seed         ? "--seed"
                        : options->out          ? "--out"
                        : options->trials >= 0  ? "--trials"
                        : options->minutes > 0  ? "--minutes"
                        : options->limit_count  ? "--limit"
                        : options->client_count ? "--client"
                        : options->address      ? "--address"
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
    *options =
        (struct measure_options){.rounds = -1, .trials = -1, .after_round = report_round};
    int operands = command_options(&command_run, options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    options->servers = argv + operands;
    options->server_count = (size_t)(argc - operands);
    if (options->resume)
        return check_resume(options);
    if (options->address && options->client_count == 0)
        return command_fail_usage("run: --address goes with --client only");
    if (!options->suite)
        options->suite = "articles";
    return 0;
}

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

static int run_command(int argc, char **argv)
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
        return command_fail(interrupt_requested() ? EXIT_INTERRUPTED : status, &err);
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
        status = EXIT_INTERRUPTED;
    run_free(&run);
    free(folder);
    return status;
}

const struct command command_run = {
    .name = "run",
    .what = "measure, and print what came out",
    .arguments = "[OPTION...] [SERVER...]",
    .options = run_options,
    .more = "Example: abacus run --suite keepalive epoll io_uring\n"
            "\nExit status: 0 every server has its figures; 1 a server failed; 2 wrong "
            "usage;\n"
            "130 after Ctrl-C.\n",
    .unwritten = 1,
    .run = run_command};
