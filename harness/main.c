/* main.c - the program abacus: which command it is, and what each is for.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/colour.h"
#include "base/interrupt.h"
#include "base/nearest.h"
#include "base/paths.h"
#include "base/version.h"
#include "command/command.h"
#include "host/descriptors.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- help ---- */

static void print_usage(FILE *out)
{
    fputs("usage: abacus COMMAND [ARGUMENT...]\n\n", out);
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "  %-11s %s\n", commands[i]->name, commands[i]->what);
    fputs("  help        help COMMAND, or COMMAND --help: its options and an example\n\n"
          "--color WHEN, in any place: auto (the default), always or never.\n"
          "SERVER is a name that 'abacus list' shows, or the path of an executable.\n",
          out);
}

static void print_help(const struct command *command)
{
    printf("usage: abacus %s%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
           command->arguments, command->what);
    if (command->options) {
        putchar('\n');
        options_help(stdout, command->options);
    }
    if (command->more)
        printf("\n%s", command->more);
}

/* ---- which command ---- */

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* Names the nearest command, if one is near. */
static int fail_command(const char *name)
{
    const char *nearest = NULL;
    for (size_t i = 0; commands[i]; i++)
        nearest = nearest_of(name, nearest, commands[i]->name);
    char *what =
        nearest ? alloc_format("unknown command '%s'; did you mean '%s'?", name, nearest)
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
        else if (!rest && strcmp(argv[i], option) == 0) {
            i++;
            known = known && i < *argc && colour_choose(argv[i]);
        } else
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
