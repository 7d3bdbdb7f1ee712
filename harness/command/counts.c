/* counts.c - abacus versus --counts: two programs by what a request takes, counted.
 * SPDX-License-Identifier: MIT */
#include "command/counts.h"

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "command/command.h"
#include "measure/folder.h"
#include "profile/counts.h"
#include "render/page.h"
#include "subject/server.h"

#include <stdlib.h>
#include <string.h>

enum { SIDES = 2, EXIT_NOT_WORSE = 0, EXIT_WORSE = 1 };

/* One of the two, under its own name in the tables: they may be the same program. */
static int find_side(struct run_server *server, const struct counts_request *request,
                     int side, struct err *err)
{
    static const char *const names[SIDES] = {"old", "new"};
    struct run_server *found;
    size_t count;
    char *name[] = {(char *)request->programs[side]};
    if (server_find(&found, &count, paths_servers(), name, 1, err) < 0)
        return -1;
    *server = found[0];
    free(found);
    if (server->missing)
        return err_set(err, "%s: %s", request->programs[side], server->missing);
    free(server->name);
    server->name = alloc_copy(names[side]);
    if (request->environments[side]) {
        free(server->environment);
        server->environment = alloc_copy(request->environments[side]);
    }
    return 0;
}

static int find_sides(struct profile *profile, const struct counts_request *request,
                      struct err *err)
{
    for (int side = 0; side < SIDES; side++) {
        profile->server_count = (size_t)side + 1;
        if (find_side(&profile->servers[side].server, request, side, err) < 0)
            return -1;
    }
    return 0;
}

/* What could not be counted is no difference, and no agreement. */
static void say_missing(struct page *page, const struct profile *profile)
{
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; i < profile->server_count; i++)
            if (profile->servers[i].missing[part]) {
                page_item(page, "%s not counted: %s.", parts[part]->heading,
                          profile->servers[i].missing[part]);
                break;
            }
}

static int conclude(const struct counts_request *request, const struct profile *profile)
{
    struct page page = {.out = stdout, .format = FORMAT_TEXT};
    enum counts_verdict verdict = counts_write(&page, &profile->servers[0],
                                               &profile->servers[1], request->threshold);
    say_missing(&page, profile);
    const char *old = profile->servers[0].server.sha256;
    const char *new = profile->servers[1].server.sha256;
    if (!request->environments[0] && !request->environments[1] && *old &&
        strcmp(old, new) == 0)
        page_text(&page, "Both are the same executable.");
    if (verdict == COUNTS_NONE)
        page_text(&page, "Cannot tell: there is no count of both.");
    else if (verdict == COUNTS_WORSE)
        page_text(&page,
                  "%s is worse than %s: what a request takes rose by more than "
                  "%.3g %%.",
                  request->programs[1], request->programs[0], 100 * request->threshold);
    else
        page_text(&page, "%s takes no more for a request than %s.", request->programs[1],
                  request->programs[0]);
    return verdict == COUNTS_NONE    ? EXIT_CANNOT_TELL
           : verdict == COUNTS_WORSE ? EXIT_WORSE
                                     : EXIT_NOT_WORSE;
}

static int count(struct profile *profile, const struct counts_request *request,
                 const char *folder)
{
    struct err err;
    bool wanted[PARTS];
    counts_wanted(wanted);
    if (profile_measure(profile, wanted, folder, &err) < 0)
        return command_fail(EXIT_CANNOT_TELL, &err);
    if (interrupt_requested())
        return EXIT_INTERRUPTED;
    int status = conclude(request, profile);
    command_say_where(folder);
    return status;
}

int counts_versus(const struct counts_request *request)
{
    struct err err;
    struct profile profile = {.started = folder_time_now(),
                              .servers = alloc_zeroed(SIDES, sizeof *profile.servers)};
    char *folder = NULL;
    int status = EXIT_CANNOT_TELL;
    if (find_sides(&profile, request, &err) < 0 ||
        !(folder = folder_create(paths_results(), request->out, &err)))
        command_fail(status, &err);
    else
        status = count(&profile, request, folder);
    profile_free(&profile);
    free(folder);
    return status;
}
