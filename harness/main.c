/* main.c - the program abacus: its commands and their options.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/number.h"
#include "base/paths.h"
#include "check/check.h"
#include "judge/judge.h"
#include "measure/measure.h"
#include "record/record.h"
#include "report/explain.h"
#include "report/report.h"
#include "server/server.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: abacus list                   the servers, each in a line\n"
    "       abacus check [SERVER...]      try the contract on each\n"
    "       abacus run [OPTION...] [SERVER...]\n"
    "           --suite NAME|FILE         what to measure (default: articles)\n"
    "           --rounds N                how often each server meets each load\n"
    "           --thorough                11 rounds\n"
    "           --seed N                  of the order of the trials\n"
    "           --out DIR                 the run's folder\n"
    "           --limit RULE=N            what a rule allows; see 'abacus rules'\n"
    "           --wait SECONDS            for other programs to end (default: 60)\n"
    "           --debug-build             measure servers built for debugging, too\n"
    "       abacus report DIR             tables and plots again, from the record\n"
    "       abacus explain DIR TABLE SERVER   where a row's figures come from\n"
    "       abacus rules                  by what a trial is judged\n"
    "SERVER is a name that 'abacus list' shows, or the path of an executable.\n";

static int fail(int status, const struct err *err)
{
    fprintf(stderr, "abacus: %s\n", err->text);
    return status;
}

static int fail_usage(const char *what)
{
    fprintf(stderr, "abacus: %s; 'abacus --help' shows the commands\n", what);
    return EXIT_USAGE;
}

static void free_servers(struct run_server *servers, size_t count)
{
    struct run run = {.servers = servers, .server_count = count};
    run_free(&run);
}

/* ---- list, check ---- */

static int command_list(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return fail(EXIT_USAGE, &err);
    for (size_t i = 0; i < count; i++)
        printf("%-12s %s%s\n", servers[i].name, servers[i].missing ? "left out: " : "",
               servers[i].missing ? servers[i].missing : servers[i].about);
    free_servers(servers, count);
    return 0;
}

static int command_check(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return fail(EXIT_USAGE, &err);
    int failed = check_servers(servers, count);
    free_servers(servers, count);
    return failed ? 1 : 0;
}

/* ---- run ---- */

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
    int status = fail_usage(what);
    free(what);
    return status;
}

/* The files of the run as far as it is; what fails here fails again, and is told, at the
 * end. */
static void report_round(const char *folder, int round)
{
    struct err err;
    struct run run;
    if (record_read(&run, folder, &err) < 0)
        return;
    if (report_write(&run, folder, paths_plots(), &err) == 0)
        fprintf(stderr, "%sthe tables after round %d are in %s/tables.txt\n",
                isatty(STDERR_FILENO) ? "\r\033[K" : "", round, folder);
    run_free(&run);
}

enum run_option { SUITE = 256, ROUNDS, THOROUGH, SEED, OUT, LIMIT, WAIT, DEBUG_BUILD };

enum { THOROUGH_ROUNDS = 11, QUIET_WAIT_S = 60 };

static int take_limit(struct measure_options *options, const char *limit)
{
    size_t room = sizeof options->limits / sizeof *options->limits;
    if (options->limit_count == room)
        return fail_usage("too many --limit options");
    options->limits[options->limit_count++] = limit;
    return 0;
}

static int take_run_option(struct measure_options *options, int option)
{
    if (option == SUITE)
        options->suite = optarg;
    else if (option == OUT)
        options->out = optarg;
    else if (option == LIMIT)
        return take_limit(options, optarg);
    else if (option == DEBUG_BUILD)
        options->debug_build = true;
    else if (option == THOROUGH)
        options->rounds = THOROUGH_ROUNDS;
    else if (option == ROUNDS && !(options->rounds = (int)parse_number(optarg, 1000)))
        return fail_usage("--rounds takes a whole number from 1 to 1000");
    else if (option == WAIT && !number_long(&options->quiet_wait_s, optarg, 0, 3600))
        return fail_usage("--wait takes whole seconds, from 0 to 3600");
    else if (option == SEED && !(options->seed = parse_number(optarg, 1ULL << 62)))
        return fail_usage("--seed takes a whole number from 1");
    return 0;
}

static int parse_run(struct measure_options *options, int argc, char **argv)
{
    static const struct option longs[] = {{"suite", required_argument, NULL, SUITE},
                                          {"rounds", required_argument, NULL, ROUNDS},
                                          {"seed", required_argument, NULL, SEED},
                                          {"thorough", no_argument, NULL, THOROUGH},
                                          {"out", required_argument, NULL, OUT},
                                          {"limit", required_argument, NULL, LIMIT},
                                          {"wait", required_argument, NULL, WAIT},
                                          {"debug-build", no_argument, NULL, DEBUG_BUILD},
                                          {NULL, 0, NULL, 0}};
    int status = 0;
    *options = (struct measure_options){
        .suite = "articles", .quiet_wait_s = QUIET_WAIT_S, .after_round = report_round};
    opterr = 0;
    for (int c; !status && (c = getopt_long(argc, argv, "", longs, NULL)) != -1;)
        status = c == '?' ? fail_option(argv) : take_run_option(options, c);
    options->servers = argv + optind;
    options->server_count = (size_t)(argc - optind);
    return status;
}

static void print_file(const char *folder, const char *name)
{
    char *path = alloc_format("%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    char bytes[4096];
    size_t n;
    while (file && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        fwrite(bytes, 1, n, stdout);
    if (file)
        fclose(file);
    free(path);
}

/* The tables come from the record, read back: what is shown can be made again. */
static int report(const char *folder, struct err *err)
{
    struct run run;
    if (record_read(&run, folder, err) < 0)
        return -1;
    int failed = report_write(&run, folder, paths_plots(), err);
    run_free(&run);
    print_file(folder, "tables.txt");
    return failed;
}

/* Whether each trial came out valid in the end: only its last attempt counts. */
static bool is_complete(const struct run *run)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        bool last = i + 1 == run->trial_count || run->trials[i + 1].attempt == 1;
        if (last && run->trials[i].verdict != VERDICT_VALID)
            return false;
    }
    return run->finished;
}

static int command_run(int argc, char **argv)
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
        return fail(status, &err);
    }
    int measured = measure_run(&run, folder, &options, &err);
    if (measured < 0)
        fail(1, &err);
    int reported = report(folder, &err);
    if (reported < 0)
        fail(1, &err);
    if (!run.finished)
        fprintf(stderr, "abacus: stopped early; the tables show what was measured\n");
    printf("\nAll of it: %s\n", folder);
    status = measured < 0 || reported < 0 || !is_complete(&run) ? 1 : 0;
    run_free(&run);
    free(folder);
    return status;
}

/* ---- report ---- */

static int command_report(int argc, char **argv)
{
    struct err err;
    if (argc != 2)
        return fail_usage("report takes one folder");
    return report(argv[1], &err) < 0 ? fail(1, &err) : 0;
}

static int command_explain(int argc, char **argv)
{
    struct err err;
    struct run run;
    struct summary summary;
    if (argc != 4)
        return fail_usage("explain takes a folder, a table and a server");
    if (record_read(&run, argv[1], &err) < 0)
        return fail(1, &err);
    summary_make(&summary, &run);
    int failed = explain_write(stdout, &run, &summary, argv[2], argv[3], &err);
    summary_free(&summary);
    run_free(&run);
    return failed ? fail(EXIT_USAGE, &err) : 0;
}

static int command_rules(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return fail_usage("rules takes no arguments");
    judge_list(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {{"list", command_list},       {"check", command_check},
                    {"run", command_run},         {"report", command_report},
                    {"explain", command_explain}, {"rules", command_rules}};
    struct err err;
    if (argc < 2)
        return fail_usage("which command?");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (paths_init(&err) < 0)
        return fail(1, &err);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return fail_usage("unknown command");
}
