/* syscalls_table.c - the tables of system calls per request.
 * SPDX-License-Identifier: MIT */
#include "profile/syscalls.h"

#include "profile/part.h"
#include "profile/profile.h"
#include "report/figure.h"
#include "report/grid.h"
#include "report/names.h"

#include <math.h>

/* Less often than this, a call has nothing to do with a request. */
static const double WORTH_A_ROW = 0.005;

static const json_t *counts_of(const json_t *data, size_t load)
{
    const json_t *loads = json_object_get(data, "loads");
    return json_object_get(json_object_get(loads, traced_loads[load].key), "calls");
}

/* A load that knows nothing of a call has not made it. */
static double call_count(const json_t *counts, const char *call)
{
    double count = profile_number(counts, call);
    return counts && isnan(count) ? 0 : count;
}

/* Whether a call has a row with the load that is asked for, and not with one before: so each
 * has one. */
static bool is_due(const json_t *data, const char *call, size_t load)
{
    for (size_t before = 0; before < load; before++)
        if (profile_number(counts_of(data, before), call) >= WORTH_A_ROW)
            return false;
    return profile_number(counts_of(data, load), call) >= WORTH_A_ROW;
}

static void write_call(struct grid *grid, const json_t *data, const char *call)
{
    grid_add(grid, " ");
    grid_add(grid, "%s", call);
    for (size_t load = 0; load < TRACED_LOADS; load++)
        grid_add(grid, "%s",
                 profile_figure(call_count(counts_of(data, load), call)).text);
}

static void write_rows(struct grid *grid, const struct portrait *portrait,
                       const json_t *data)
{
    const char *call;
    json_t *value;
    grid_add(grid, "%s", name_label(portrait->server.name).text);
    grid_add(grid, "all");
    for (size_t load = 0; load < TRACED_LOADS; load++)
        grid_add(grid, "%s",
                 profile_figure(syscalls_total(data, traced_loads[load].key)).text);
    for (size_t load = 0; load < TRACED_LOADS; load++) {
        json_object_foreach((json_t *)counts_of(data, load), call, value)
        {
            if (is_due(data, call, load))
                write_call(grid, data, call);
        }
    }
}

void syscalls_write(struct page *page, const struct profile *profile)
{
    struct column columns[2 + TRACED_LOADS] = {{NULL, "Server", ALIGN_LEFT},
                                               {NULL, "call", ALIGN_LEFT}};
    struct grid grid;
    for (size_t load = 0; load < TRACED_LOADS; load++)
        columns[2 + load] =
            (struct column){"per request, at", traced_loads[load].head, ALIGN_RIGHT};
    grid_init(&grid, columns, 2 + TRACED_LOADS);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const json_t *data = profile_part(&profile->portraits[i], &part_syscalls);
        if (data)
            write_rows(&grid, &profile->portraits[i], data);
    }
    page_text(page,
              "Counted by strace, as the difference between 1,100 requests and 100: the "
              "median of three such. "
              "-k keeps connections. A call that a signal cut short, and that was "
              "made again for it, counts once. At c=50 a server that is told of "
              "several clients at a time shares that call among them: among more "
              "of them here than at full speed, since strace slows it down; and a "
              "request is there by the time its connection is accepted, where at full "
              "speed the server often asks in vain (the table of phases has the calls "
              "at full speed).");
    grid_write(&grid, page);
    grid_free(&grid);
}

void syscalls_write_csv(FILE *out, const struct profile *profile)
{
    fputs("server,load,call,calls_per_request\n", out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const json_t *data = profile_part(&profile->portraits[i], &part_syscalls);
        for (size_t load = 0; data && load < TRACED_LOADS; load++) {
            const char *call;
            json_t *value;
            json_object_foreach((json_t *)counts_of(data, load), call, value)
            {
                profile_csv_text(out, profile->portraits[i].server.name);
                fprintf(out, ",%s,%s", traced_loads[load].key, call);
                profile_csv_number(out, json_number_value(value));
                fputc('\n', out);
            }
        }
    }
}
