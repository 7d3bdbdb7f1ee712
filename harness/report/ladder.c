/* ladder.c - loads that differ in one thing only.
 * SPDX-License-Identifier: MIT */
#include "report/ladder.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* From fewer points a line says no more than the tables do. */
enum { RUNGS_NEEDED = 3 };

double axis_value(enum axis axis, const struct load *load)
{
    const int values[AXES] = {[AXIS_CONCURRENCY] = load->concurrency,
                              [AXIS_RATE] = load->rate,
                              [AXIS_IDLE] = load->idle};
    return values[axis];
}

const char *axis_words(enum axis axis)
{
    static const char *const words[AXES] = {
        [AXIS_CONCURRENCY] = "connections at a time",
        [AXIS_RATE] = "requests per second",
        [AXIS_IDLE] = "idle connections",
    };
    return words[axis];
}

static bool has_figures(const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].rounds > 0)
            return true;
    return false;
}

static bool same_but(enum axis axis, const struct load *a, const struct load *b)
{
    for (enum axis other = 0; other < AXES; other++)
        if (other != axis && axis_value(other, a) != axis_value(other, b))
            return false;
    return strcmp(a->tool, b->tool) == 0 && strcmp(a->path, b->path) == 0 &&
           a->keepalive == b->keepalive && (axis != AXIS_RATE || (a->rate && b->rate));
}

/* Puts a load where it belongs; of two with the same value the first stays. */
static void insert(struct ladder *ladder, const struct load *loads, size_t place)
{
    double value = axis_value(ladder->axis, &loads[place]);
    size_t at = 0;
    while (at < ladder->count &&
           axis_value(ladder->axis, &loads[ladder->rungs[at]]) < value)
        at++;
    if (at < ladder->count &&
        axis_value(ladder->axis, &loads[ladder->rungs[at]]) == value)
        return;
    memmove(&ladder->rungs[at + 1], &ladder->rungs[at],
            (ladder->count - at) * sizeof *ladder->rungs);
    ladder->rungs[at] = place;
    ladder->count++;
}

/* The ladder that begins with this load in the suite's order; without any rung if the load
 * belongs to one before, or if there are too few. */
static struct ladder collect(const struct report *report, enum axis axis, size_t first)
{
    const struct suite *suite = &report->run->suite;
    struct ladder ladder = {.axis = axis,
                            .rungs = alloc_zeroed(suite->load_count, sizeof(size_t))};
    for (size_t l = 0; l < suite->load_count; l++) {
        if (!same_but(axis, &suite->loads[l], &suite->loads[first]))
            continue;
        if (l < first)
            break;
        if (has_figures(&report->summary->tables[l]))
            insert(&ladder, suite->loads, l);
    }
    if (ladder.count < RUNGS_NEEDED)
        ladder.count = 0;
    return ladder;
}

void ladders_find(struct ladders *ladders, const struct report *report)
{
    size_t loads = report->summary->table_count;
    ladders->list = alloc_zeroed(AXES * loads + 1, sizeof *ladders->list);
    ladders->count = 0;
    for (enum axis axis = 0; axis < AXES; axis++)
        for (size_t l = 0; l < loads; l++) {
            struct ladder ladder = collect(report, axis, l);
            if (ladder.count > 0)
                ladders->list[ladders->count++] = ladder;
            else
                free(ladder.rungs);
        }
}

void ladders_free(struct ladders *ladders)
{
    for (size_t i = 0; i < ladders->count; i++)
        free(ladders->list[i].rungs);
    free(ladders->list);
}

char *ladder_words(const struct ladder *ladder, const struct report *report)
{
    const struct load *first = &report->run->suite.loads[ladder->rungs[0]];
    return alloc_format("%s, path %s%s", first->tool, first->path,
                        first->keepalive ? ", keep-alive" : "");
}
