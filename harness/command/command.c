/* command.c - what several commands need, and the commands that take no options.
 * SPDX-License-Identifier: MIT */
#include "command/command.h"

#include "analyse/judge.h"
#include "analyse/summary.h"
#include "base/alloc.h"
#include "base/paths.h"
#include "base/quote.h"
#include "base/textfile.h"
#include "base/utf8.h"
#include "load/suite_read.h"
#include "measure/folder.h"
#include "model/record.h"
#include "report/explain.h"
#include "subject/check.h"
#include "subject/server.h"

#include <errno.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what several need ---- */

int command_fail(int status, const struct err *err)
{
    fputs("abacus: ", stderr);
    utf8_print(stderr, err->text);
    fputs("\n", stderr);
    return status;
}

int command_fail_usage(const char *what)
{
    struct err err;
    err_set(&err, "%s; 'abacus --help' shows the commands", what);
    return command_fail(EXIT_USAGE, &err);
}

int command_options(const struct command *command, void *values, int argc, char **argv)
{
    struct err err;
    int operands =
        options_read(command->name, command->options, values, argc, argv, &err);
    if (operands < 0)
        fprintf(stderr, "abacus: %s; 'abacus %s --help' shows its options\n", err.text,
                command->name);
    return operands;
}

void command_say_where(const char *folder)
{
    bool page = command_has_file(folder, "report.html");
    char *path = alloc_format("%s%s", folder, page ? "/report.html" : "");
    char *quoted = quote_shell(path);
    printf("\n%s: %s\n", page ? "The page" : "All of it", quoted);
    fflush(stdout);
    free(quoted);
    free(path);
}

int command_end(int status, int unwritten)
{
    struct err err;
    bool earlier = ferror(stdout) != 0; /* its reason is lost */
    bool now = fclose(stdout) == EOF;
    if (!earlier && !now)
        return status;
    err_set(&err, "cannot write to standard output%s%s", now ? ": " : "",
            now ? strerror(errno) : "");
    return command_fail(unwritten, &err);
}

void command_free_servers(struct run_server *servers, size_t count)
{
    struct run run = {.servers = servers, .server_count = count};
    run_free(&run);
}

char *command_choose_folder(const char *wanted, const char *file, const char *what,
                            struct err *err)
{
    if (wanted && command_has_file(wanted, file)) {
        err_set(err, "%s: %s there already", wanted, what);
        return NULL;
    }
    if (!wanted || !command_has_file(wanted, RECORD_NAME))
        return folder_create(paths_results(), wanted, err);
    return folder_reopen(wanted, err);
}

bool command_has_file(const char *folder, const char *name)
{
    char *path = alloc_format("%s/%s.gz", folder, name);
    bool has = access(path, F_OK) == 0;
    path[strlen(path) - strlen(".gz")] = '\0';
    has = has || access(path, F_OK) == 0;
    free(path);
    return has;
}

/* ---- abacus list: the servers, each in a line ---- */

static int list(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return command_fail(EXIT_USAGE, &err);
    int width = 0;
    for (size_t i = 0; i < count; i++)
        width =
            (int)strlen(servers[i].name) > width ? (int)strlen(servers[i].name) : width;
    for (size_t i = 0; i < count; i++) {
        const char *missing = servers[i].missing;
        char *line = alloc_format("%-*s  %s%s", width, servers[i].name,
                                  missing ? "left out: " : "",
                                  missing ? missing : servers[i].about);
        utf8_print(stdout, line);
        putchar('\n');
        free(line);
    }
    command_free_servers(servers, count);
    return 0;
}

const struct command command_list = {.name = "list",
                                     .what = "the servers, each in a line",
                                     .arguments = "[SERVER...]",
                                     .unwritten = 1,
                                     .run = list};

/* ---- abacus suites: what can be measured, each in a line ---- */

static int suites(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return command_fail_usage("suites takes no arguments");
    glob_t found;
    char *pattern = alloc_format("%s/*.ini", paths_suites());
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            struct err err;
            struct suite suite;
            if (suite_read(&suite, paths_suites(), found.gl_pathv[i], &err) < 0)
                continue;
            printf("%-14s %s\n", suite.name, suite.about);
            suite_free(&suite);
        }
        globfree(&found);
    }
    free(pattern);
    return 0;
}

const struct command command_suites = {.name = "suites",
                                       .what = "what can be measured, each in a line",
                                       .arguments = "",
                                       .unwritten = 1,
                                       .run = suites};

/* ---- abacus check: the contract, tried on each server ---- */

static int check(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return command_fail(EXIT_USAGE, &err);
    int failed = check_servers(servers, count);
    command_free_servers(servers, count);
    return failed ? 1 : 0;
}

const struct command command_check = {.name = "check",
                                      .what = "try the contract on each server",
                                      .arguments = "[SERVER...]",
                                      .more = "Example: abacus check ./mine\n",
                                      .unwritten = 1,
                                      .run = check};

/* ---- abacus explain: where a row of a table comes from ---- */

static int explain(int argc, char **argv)
{
    struct err err;
    struct run run;
    struct summary summary;
    if (argc != 4)
        return command_fail_usage("explain takes a folder, a table and a server");
    if (record_read(&run, argv[1], &err) < 0)
        return command_fail(1, &err);
    summary_make(&summary, &run);
    int failed = explain_write(stdout, argv[1], &run, &summary, argv[2], argv[3], &err);
    summary_free(&summary);
    run_free(&run);
    return failed ? command_fail(EXIT_USAGE, &err) : 0;
}

const struct command command_explain = {
    .name = "explain",
    .what = "where a row's figures come from",
    .arguments = "DIR TABLE SERVER",
    .more = "Example: abacus explain results/latest c50 epoll\n",
    .unwritten = 1,
    .run = explain};

/* ---- abacus rules: by what a trial is judged ---- */

static int rules(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return command_fail_usage("rules takes no arguments");
    judge_list(stdout);
    return 0;
}

const struct command command_rules = {.name = "rules",
                                      .what = "by what a trial is judged",
                                      .arguments = "",
                                      .unwritten = 1,
                                      .run = rules};
