/* limits.c - abacus limits: where each server breaks, tried.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "command/command.h"
#include "host/cgroup.h"
#include "host/netns.h"
#include "limits/show.h"
#include "limits/store.h"
#include "model/record.h"
#include "render/document.h"
#include "subject/server.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct options {
    const char *out; /* NULL: a new folder */
};

static const struct option_spec limits_options[] = {
    {.name = "out",
     .value = "DIR",
     .kind = OPTION_TEXT,
     .where = offsetof(struct options, out),
     .help = "the folder"},
    {0}};

/* ---- what came out ---- */

static int write_csv(const struct breakage *list, size_t count, const char *folder,
                     struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, folder, "limits.csv", err) < 0)
        return -1;
    breakages_write_csv(file.stream, list, count);
    return outfile_close(&file, err);
}

static int write_page(const struct breakage *list, size_t count, const char *folder,
                      struct err *err)
{
    struct outfile file;
    struct page page;
    if (outfile_open(&file, folder, "report.html", err) < 0)
        return -1;
    document_open(&page, file.stream, "Where each server breaks");
    page_heading(&page, 1, "Where each server breaks");
    breakages_write(&page, list, count);
    document_close(&page);
    return outfile_close(&file, err);
}

int command_show_limits(const char *folder, struct err *err)
{
    struct breakages found;
    struct page page = {.out = stdout, .format = FORMAT_TEXT};
    int failed = limits_read(&found, folder, err);
    if (!failed) {
        breakages_write(&page, found.list, found.count);
        failed = write_csv(found.list, found.count, folder, err);
    }
    if (!failed && !command_has_file(folder, RECORD_NAME))
        failed = write_page(found.list, found.count, folder, err);
    breakages_free(&found);
    return failed;
}

/* What is shown comes from the file, read back: it can be made again. */
static int keep(const struct breakage *list, size_t count, const char *folder)
{
    struct err err;
    int failed = limits_write(list, count, folder, &err) < 0 ||
                 command_show_limits(folder, &err) < 0;
    if (!failed && command_has_file(folder, RECORD_NAME))
        failed = command_write_report(folder, &err) < 0;
    if (failed)
        command_fail(1, &err);
    command_say_where(folder);
    return failed;
}

/* ---- trying ---- */

static struct arena arena_make(const char *folder)
{
    struct err unused;
    struct arena arena = {.directory = folder, .cpus = cpus_choose()};
    arena.own_cgroup = cgroup_init(&unused) == 0;
    arena.own_network = netns_enter_fresh(&unused) == 0;
    return arena;
}

static int try_all(const struct run_server *servers, size_t count, const char *folder)
{
    struct breakage *list = alloc_zeroed(count, sizeof *list);
    struct arena arena = arena_make(folder);
    size_t tried = 0;
    int status = 0;
    for (; tried < count && !interrupt_requested(); tried++) {
        fprintf(stderr, "%zu/%zu  %s\n", tried + 1, count, servers[tried].name);
        breakage_try(&list[tried], &servers[tried], &arena);
        if (*list[tried].reason.text && !servers[tried].missing)
            status = 1;
    }
    if (keep(list, tried, folder))
        status = 1;
    cgroup_end();
    free(list);
    return interrupt_requested() ? EXIT_INTERRUPTED : status;
}

static int limits(int argc, char **argv)
{
    struct err err;
    struct options options = {0};
    struct run_server *servers;
    size_t count;
    int operands = command_options(&command_limits, &options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    if (server_find(&servers, &count, paths_servers(), argv + operands,
                    (size_t)(argc - operands), &err) < 0)
        return command_fail(EXIT_USAGE, &err);
    int status = 1;
    char *folder =
        interrupt_catch(&err) < 0
            ? NULL
            : command_choose_folder(options.out, LIMITS_NAME, "limits are", &err);
    if (folder)
        status = try_all(servers, count, folder);
    else
        command_fail(1, &err);
    free(folder);
    command_free_servers(servers, count);
    return status;
}

const struct command command_limits = {.name = "limits",
                                       .what = "where each server breaks, tried",
                                       .arguments = "[OPTION...] [SERVER...]",
                                       .options = limits_options,
                                       .more = "Example: abacus limits select epoll\n",
                                       .unwritten = 1,
                                       .run = limits};
