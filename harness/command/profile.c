/* profile.c - abacus profile: what one request costs and where its time goes.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"
#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "command/command.h"
#include "measure/folder.h"
#include "model/record.h"
#include "subject/server.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes the servers. */
static void profile_begin(struct profile *profile, struct run_server *servers,
                          size_t count)
{
    *profile =
        (struct profile){.started = folder_time_now(),
                         .servers = alloc_zeroed(count + 1, sizeof *profile->servers),
                         .server_count = count};
    for (size_t i = 0; i < count; i++)
        profile->servers[i].server = servers[i];
    free(servers);
}

/* What is asked for on the command line. */
struct options {
    const char *out; /* NULL: a new folder */
    bool parts[PARTS];
    bool chosen; /* any of them */
};

/* 0 if all that was asked for was had: a server's missing part is only told. */
static int profile_servers(struct profile *profile, const struct options *options,
                           const char *folder)
{
    struct err err;
    int measured = profile_measure(profile, options->parts, folder, &err);
    if (measured < 0)
        command_fail(1, &err);
    int shown = command_show_profile(folder, &err);
    if (!shown && command_has_file(folder, RECORD_NAME))
        shown = command_write_report(folder, &err);
    if (shown < 0)
        command_fail(1, &err);
    command_say_where(folder);
    if (interrupt_requested())
        fputs("abacus: stopped early; the tables show what was measured\n", stderr);
    return measured < 0 || shown < 0 || interrupt_requested();
}

/* "phases,memory". */
static bool take_parts(void *values, const char *names)
{
    struct options *options = values;
    char *copy = alloc_copy(names);
    char *rest = copy;
    bool known = true;
    for (char *name; known && (name = strsep(&rest, ","));) {
        size_t part = parts_find(name);
        known = part < PARTS;
        if (known)
            options->parts[part] = options->chosen = true;
    }
    free(copy);
    return known;
}

static const struct option_spec profile_options[] = {
    {.name = "part",
     .value = "NAME,NAME",
     .kind = OPTION_OWN,
     .take = take_parts,
     .wants = "phases, instructions, syscalls, allocation, memory and stacks",
     .help = "phases, instructions, syscalls, allocation, memory, stacks"},
    {.name = "out",
     .value = "DIR",
     .kind = OPTION_TEXT,
     .where = offsetof(struct options, out),
     .help = "the folder"},
    {0}};

/* All parts where none is chosen. The place of the first server, or -1. */
static int parse_options(struct options *options, int argc, char **argv)
{
    *options = (struct options){0};
    int operands = command_options(&command_profile, options, argc, argv);
    for (size_t part = 0; !options->chosen && part < PARTS; part++)
        options->parts[part] = true;
    return operands;
}

static int profile(int argc, char **argv)
{
    struct err err;
    struct options options;
    struct run_server *servers;
    size_t count;
    struct profile made;
    int operands = parse_options(&options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    if (server_find(&servers, &count, paths_servers(), argv + operands,
                    (size_t)(argc - operands), &err) < 0)
        return command_fail(EXIT_USAGE, &err);
    profile_begin(&made, servers, count);
    char *folder = command_choose_folder(options.out, STORE_NAME, "a profile is", &err);
    int status =
        folder ? profile_servers(&made, &options, folder) : command_fail(1, &err);
    profile_free(&made);
    free(folder);
    return status;
}

const struct command command_profile = {
    .name = "profile",
    .what = "what one request costs, and where its time goes",
    .arguments = "[OPTION...] [SERVER...]",
    .options = profile_options,
    .more = "Example: abacus profile fork epoll\n",
    .unwritten = 1,
    .run = profile};
