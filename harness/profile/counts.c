/* counts.c - two servers by what a request takes, counted.
 * SPDX-License-Identifier: MIT */
#include "profile/counts.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/grid.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How exact a count is: as a share, or for each request. */
static const double EXACT_SHARE = 0.005;
static const double EXACT_COUNT = 0.01;

/* Loads of one connection at a time: with several it depends on the time how many a call serves. */
static const char *const call_loads[] = {"c1", "c1-keep-alive"};
enum { CALL_LOADS = sizeof call_loads / sizeof *call_loads };

void counts_wanted(bool wanted[PARTS])
{
    for (size_t i = 0; i < PARTS; i++)
        wanted[i] = parts[i] == &part_instructions || parts[i] == &part_syscalls ||
                    parts[i] == &part_allocation;
}

/* What is being written. */
struct comparison_of {
    const struct profile_server *old;
    const struct profile_server *new;
    double threshold;
    struct grid grid;
    size_t known; /* counts that both have */
    size_t rose;  /* of those, by more than the threshold */
};

/* ---- one count ---- */

static bool differs(double old, double new, bool by_share)
{
    return fabs(new - old) > (by_share ? EXACT_SHARE * old : EXACT_COUNT);
}

static struct figure change_words(double old, double new)
{
    struct figure figure;
    if (old > 0)
        snprintf(figure.text, sizeof figure.text, "%.40s %%",
                 figure_change(new / old).text);
    else
        snprintf(figure.text, sizeof figure.text, "new");
    return figure;
}

static void add_row(struct comparison_of *of, const char *what, const char *where,
                    double old, double new)
{
    grid_add(&of->grid, "%s", what);
    grid_add(&of->grid, "%s", where);
    grid_add(&of->grid, "%s", figure_short(old).text);
    grid_add(&of->grid, "%s", figure_short(new).text);
    grid_add(&of->grid, "%s", change_words(old, new).text);
}

/* A count that a server lacks where its part is known is 0. */
static void compare_count(struct comparison_of *of, const char *what, const char *where,
                          double old, double new, bool by_share)
{
    if (isnan(old) || isnan(new))
        return;
    of->known++;
    if (!differs(old, new, by_share))
        return;
    add_row(of, what, where, old, new);
    of->rose += new > (1 + of->threshold) * old;
}

/* ---- the parts ---- */

static void compare_figure(struct comparison_of *of, const struct part *part,
                           const char *what, const char *key, bool by_share)
{
    double old = profile_number(profile_part(of->old, part), key);
    double new = profile_number(profile_part(of->new, part), key);
    compare_count(of, what, "", old, new, by_share);
}

static const json_t *calls_of(const struct profile_server *server, const char *load)
{
    const json_t *data = profile_part(server, &part_syscalls);
    return json_object_get(json_object_get(json_object_get(data, "loads"), load),
                           "calls");
}

static double or_zero(double value)
{
    return isnan(value) ? 0 : value;
}

/* Every call that either makes. */
static void compare_calls(struct comparison_of *of, const char *load)
{
    const json_t *old = calls_of(of->old, load), *new = calls_of(of->new, load);
    const char *call;
    json_t *value;
    if (!old || !new)
        return;
    json_object_foreach((json_t *)new, call, value)
    {
        compare_count(of, call, load, or_zero(profile_number(old, call)),
                      json_number_value(value), false);
    }
    json_object_foreach((json_t *)old, call, value)
    {
        if (isnan(profile_number(new, call)))
            compare_count(of, call, load, json_number_value(value), 0, false);
    }
}

/* ---- the functions ---- */

/* Those of one connection at a time. */
static const json_t *functions_of(const struct profile_server *server)
{
    const json_t *loads =
        json_object_get(profile_part(server, &part_instructions), "loads");
    return json_object_get(json_array_get(loads, 0), "functions");
}

static double function_instructions(const json_t *functions, const char *name)
{
    size_t i;
    const json_t *row;
    double sum = 0;
    json_array_foreach(functions, i, row)
    {
        if (strcmp(profile_text(row, "function"), name) == 0)
            sum += profile_number(row, "instructions");
    }
    return sum;
}

/* What a function adds to a change that is worth a row. */
static void list_functions(struct comparison_of *of)
{
    const json_t *old = functions_of(of->old), *new = functions_of(of->new);
    double all_old = profile_number(profile_part(of->old, &part_instructions), "c1");
    double all_new = profile_number(profile_part(of->new, &part_instructions), "c1");
    size_t i;
    const json_t *row;
    if (isnan(all_old) || isnan(all_new) || !differs(all_old, all_new, true))
        return;
    json_array_foreach(new, i, row)
    {
        const char *name = profile_text(row, "function");
        double before = function_instructions(old, name);
        double after = function_instructions(new, name);
        if (fabs(after - before) > EXACT_SHARE * all_old)
            add_row(of, name, "function", before, after);
    }
}

/* ---- the whole ---- */

static void compare_all(struct comparison_of *of)
{
    compare_figure(of, &part_instructions, "instructions", "c1", true);
    list_functions(of);
    for (size_t i = 0; i < CALL_LOADS; i++) {
        compare_figure(of, &part_syscalls, i == 0 ? "system calls" : "system calls, -k",
                       call_loads[i], false);
        compare_calls(of, call_loads[i]);
    }
    compare_figure(of, &part_allocation, "allocations", "allocations", false);
    compare_figure(of, &part_allocation, "bytes allocated", "bytes", true);
}

enum counts_verdict counts_write(struct page *page, const struct profile_server *old,
                                 const struct profile_server *new, double threshold)
{
    static const struct column columns[] = {
        {.head = "Per request"},
        {.head = ""},
        {.head = "old", .align = ALIGN_RIGHT},
        {.head = "new", .align = ALIGN_RIGHT},
        {.head = "change", .align = ALIGN_RIGHT},
    };
    struct comparison_of of = {.old = old, .new = new, .threshold = threshold};
    grid_init(&of.grid, columns, sizeof columns / sizeof *columns);
    compare_all(&of);
    if (page && of.grid.cell_count > 0)
        grid_write(&of.grid, page);
    grid_free(&of.grid);
    return of.known == 0 ? COUNTS_NONE : of.rose > 0 ? COUNTS_WORSE : COUNTS_SAME;
}

/* ---- two profiles ---- */

static const struct profile_server *same_server(const struct profile *profile,
                                                const struct profile_server *server)
{
    for (size_t i = 0; i < profile->server_count; i++)
        if (strcmp(profile->servers[i].server.name, server->server.name) == 0)
            return &profile->servers[i];
    return NULL;
}

/* One server of both; what is the same in it goes without a table. */
static enum counts_verdict compare_server(struct page *page,
                                          const struct profile_server *old,
                                          const struct profile_server *new,
                                          double threshold)
{
    static const char *const words[] = {
        [COUNTS_SAME] = "takes no more for a request than before",
        [COUNTS_WORSE] = "takes more for a request than before",
        [COUNTS_NONE] = "was not counted in both runs",
    };
    enum counts_verdict verdict = counts_write(NULL, old, new, threshold);
    if (page) {
        page_item(page, "%s %s.", name_label(new->server.name).text, words[verdict]);
        counts_write(page, old, new, threshold);
    }
    return verdict;
}

enum counts_verdict counts_compare(struct page *page, const struct profile *old,
                                   const struct profile *new, double threshold)
{
    bool known = false, worse = false;
    for (size_t i = 0; i < new->server_count; i++) {
        const struct profile_server *before = same_server(old, &new->servers[i]);
        if (!before)
            continue;
        if (page && !known)
            page_heading(page, 2, "What a request takes, counted");
        known = true;
        worse |=
            compare_server(page, before, &new->servers[i], threshold) == COUNTS_WORSE;
    }
    return !known ? COUNTS_NONE : worse ? COUNTS_WORSE : COUNTS_SAME;
}
