/* main.c - the program abacus: which command it is, and what each is for.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/colour.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "command/command.h"
#include "host/descriptors.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each with what it is for, its arguments, and its options. */
static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    int unwritten; /* the exit status where what it prints cannot be written */
    const char *what;
    const char *arguments;
    const char *options;
} commands[] = {
    {"list", command_list, 1, "the servers, each in a line", "[SERVER...]", ""},
    {"suites", command_suites, 1, "what can be measured, each in a line", "", ""},
    {"check", command_check, 1, "try the contract on each server", "[SERVER...]", ""},
    {"run", command_run, 1, "measure, and print what came out", "[OPTION...] [SERVER...]",
     "  --suite NAME|FILE   what to measure (default: articles; see 'abacus suites')\n"
     "  --tool TOOL,TOOL    ab, wrk, h2load, in place of the suite's own\n"
     "  --rounds N          of slices (default: as the suite has it, mostly 12)\n"
     "  --trials N          whole trials of each server and load\n"
     "  --minutes N         how long the run is to take: slices fill the time\n"
     "  --seed N            of the order\n"
     "  --out DIR           the run's folder\n"
     "  --resume DIR        go on with a run that was stopped\n"
     "  --limit RULE=N      what a rule allows; see 'abacus rules'\n"
     "  --debug-build       measure servers built for debugging, too\n"
     "\nExample: abacus run --suite keepalive epoll io_uring\n"
     "\nExit status: 0 every server has its figures; 1 a server failed; 2 wrong usage;\n"
     "130 after Ctrl-C.\n"},
    {"report", command_report, 1, "tables, pictures and page again, from the record",
     "[--reference SERVER] DIR",
     "  --reference SERVER  that others are held against in the paired ratios\n"
     "\nExample: abacus report results/latest\n"},
    {"explain", command_explain, 1, "where a row's figures come from", "DIR TABLE SERVER",
     "\nExample: abacus explain results/latest c50 epoll\n"},
    {"compare", command_compare, EXIT_CANNOT_TELL,
     "two runs: exit 0 the same, 1 worse, 2 cannot tell", "[OPTION...] OLD NEW",
     "  --threshold 5%      no smaller difference counts (default: the noise)\n"
     "  --format FORMAT     text or markdown\n"
     "  --html FILE         a page, too\n"
     "\nExample: abacus compare results/before results/after\n"},
    {"versus", command_versus, EXIT_CANNOT_TELL,
     "two programs in one run: exit 0 not worse, 1 worse, 2 cannot tell",
     "[OPTION...] OLD NEW",
     "  --minutes N         how long it takes (default: 1)\n"
     "  --threshold 1%      what is not worse enough to count\n"
     "  --old-env NAME=VALUE, --new-env NAME=VALUE\n"
     "                      in the environment of one of the two; then one program will "
     "do\n"
     "  --suite NAME|FILE   other loads than with and without keep-alive\n"
     "  --out DIR           the run's folder\n"
     "\nExample: abacus versus ./epoll.before build/servers/epoll\n"
     "Example: abacus versus --new-env LD_LIBRARY_PATH=/opt/libev/lib libev\n"},
    {"profile", command_profile, 1, "what one request costs, and where its time goes",
     "[OPTION...] [SERVER...]",
     "  --part NAME,NAME    phases, instructions, syscalls, allocation, memory, stacks\n"
     "  --out DIR           the folder\n"
     "\nExample: abacus profile fork epoll\n"},
    {"rules", command_rules, 1, "by what a trial is judged", "", ""},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

/* ---- help ---- */

static void print_usage(FILE *out)
{
    fputs("usage: abacus COMMAND [ARGUMENT...]\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].what);
    fputs("  help      help COMMAND, or COMMAND --help: its options and an example\n\n"
          "--color WHEN, in any place: auto (the default), always or never.\n"
          "SERVER is a name that 'abacus list' shows, or the path of an executable.\n",
          out);
}

static void print_help(const struct command *command)
{
    printf("usage: abacus %s%s%s\n\n%s\n%s%s", command->name,
           *command->arguments ? " " : "", command->arguments, command->what,
           *command->options == ' ' ? "\n" : "", command->options);
}

/* ---- which command ---- */

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be added, removed or replaced (Levenshtein 1966), row by row. */
static size_t distance(const char *a, const char *b)
{
    size_t row[32];
    size_t columns = strlen(b);
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t above = row[j];
            row[j] =
                smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[columns];
}

/* Names the nearest command, if one is near. */
static int fail_command(const char *name)
{
    enum { NEAR = 2 };
    const struct command *nearest = &commands[0];
    for (size_t i = 1; i < COMMANDS; i++)
        if (distance(name, commands[i].name) < distance(name, nearest->name))
            nearest = &commands[i];
    bool near = distance(name, nearest->name) <= NEAR;
    char *what = near ? alloc_format("unknown command '%s'; did you mean '%s'?", name,
                                     nearest->name)
                      : alloc_format("unknown command '%s'", name);
    int status = command_fail_usage(what);
    free(what);
    return status;
}

static bool asks_for_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static int help(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc > 1 && !command)
        return fail_command(argv[1]);
    if (command)
        print_help(command);
    else
        print_usage(stdout);
    return command_end(0, 1);
}

static int run_command(int argc, char **argv)
{
    struct err err;
    const struct command *command = find_command(argv[0]);
    if (!command)
        return fail_command(argv[0]);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (asks_for_help(argv[i]))
            return help(2, (char *[]){"help", argv[0]});
    if (paths_init(&err) < 0)
        return command_fail(1, &err);
    return command_end(command->run(argc, argv), command->unwritten);
}

/* Takes --color WHEN and --color=WHEN, which every command has, out of the arguments. 0, or -1: WHEN
 * is not one of three. */
static int take_colour(int *argc, char **argv)
{
    static const char option[] = "--color";
    int kept = 1;
    bool known = true, rest = false;
    for (int i = 1; i < *argc; i++) {
        rest = rest || strcmp(argv[i], "--") == 0;
        if (!rest && strncmp(argv[i], "--color=", strlen("--color=")) == 0)
            known = known && colour_choose(argv[i] + strlen("--color="));
        else if (!rest && strcmp(argv[i], option) == 0)
            known = known && i + 1 < *argc && colour_choose(argv[++i]);
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    argv[kept] = NULL;
    return known ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct err err;
    interrupt_begin();
    if (descriptors_fill(&err) < 0)
        return command_fail(1, &err);
    if (take_colour(&argc, argv) < 0)
        return command_fail_usage("--color takes auto, always or never");
    if (argc < 2)
        return command_fail_usage("which command?");
    if (strcmp(argv[1], "help") == 0 || asks_for_help(argv[1]))
        return help(argc - 1, argv + 1);
    if (strcmp(argv[1], "--version") == 0) {
        puts("abacus " ABACUS_VERSION);
        return command_end(0, 1);
    }
    return run_command(argc - 1, argv + 1);
}
