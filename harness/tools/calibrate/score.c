/* score.c - how often abacus tells servers apart that are one, and that are not.
 * SPDX-License-Identifier: MIT */
#include "tools/calibrate/score.h"

#include "analyse/summary.h"
#include "base/alloc.h"
#include "tools/calibrate/block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const int extra_percent[EXTRAS] = {2, 5, 10, 20};

/* Its server, or NULL. */
static const struct run_server *find_extra(const struct run *run, int percent)
{
    char *name = alloc_format("plus-%d", percent);
    const struct run_server *server = run_server(run, name);
    free(name);
    return server;
}

/* Whether it is the first server under another name; the control is not, since others are
 * judged by it. */
static bool is_same(const struct run *run, const struct run_server *server)
{
    return !server->control_of && strcmp(server->path, run->servers[0].path) == 0;
}

static enum relation relation_of(const struct table *table, enum quantity quantity,
                                 const struct run_server *first,
                                 const struct run_server *second)
{
    size_t a = (size_t)(table_cell(table, first) - table->cells);
    size_t b = (size_t)(table_cell(table, second) - table->cells);
    return comparison_pair(&table->comparisons[quantity], a, b).relation;
}

static void count_same(struct score *score, const struct run *run,
                       const struct table *table, enum quantity quantity)
{
    for (size_t i = 0; i < run->server_count; i++)
        for (size_t j = i + 1; j < run->server_count; j++) {
            const struct run_server *a = &run->servers[i], *b = &run->servers[j];
            if (!is_same(run, a) || !is_same(run, b))
                continue;
            enum relation relation = relation_of(table, quantity, a, b);
            rate_add(&score->same,
                     relation == RELATION_LESS || relation == RELATION_MORE);
        }
}

/* The table that a reader would ask which server costs more. */
static const struct table *deciding_table(const struct summary *summary,
                                          enum quantity quantity)
{
    bool all = quantity == QUANTITY_CPU && summary->overall.cell_count > 0;
    return all ? &summary->overall : &summary->tables[0];
}

static void count_extra(struct score *score, const struct run *run,
                        const struct table *table, enum quantity quantity)
{
    const struct run_server *first = &run->servers[0];
    for (int i = 0; i < EXTRAS; i++) {
        const struct run_server *extra = find_extra(run, extra_percent[i]);
        if (extra)
            rate_add(&score->extra[i],
                     relation_of(table, quantity, extra, first) == RELATION_MORE);
    }
}

static void judge_block(struct score *score, const struct run *run, int first, int rounds,
                        enum quantity quantity)
{
    struct run block;
    struct summary summary;
    block_make(&block, run, first, rounds);
    summary_make(&summary, &block);
    size_t before = score->same.hits;
    for (size_t i = 0; i < summary.table_count; i++)
        count_same(score, &block, &summary.tables[i], quantity);
    if (quantity == QUANTITY_CPU && summary.overall.cell_count > 0)
        count_same(score, &block, &summary.overall, quantity);
    rate_add(&score->tables, score->same.hits > before);
    count_extra(score, &block, deciding_table(&summary, quantity), quantity);
    summary_free(&summary);
    block_free(&block);
}

void score_make(struct score *score, const struct run *run, int rounds,
                enum quantity quantity)
{
    *score = (struct score){0};
    for (int first = 1; first + rounds - 1 <= run->rounds; first += rounds)
        judge_block(score, run, first, rounds, quantity);
}

struct interval score_extra_ratio(const struct run *run, int percent)
{
    const struct run_server *extra = find_extra(run, percent);
    if (!extra)
        return (struct interval){NAN, NAN, NAN};
    struct slot_table slots;
    double *logs = alloc_zeroed(run->trial_count, sizeof *logs);
    size_t n = 0;
    slot_table_make(&slots, run);
    for (size_t i = 0; i < run->suite.load_count; i++)
        n += slots_log_ratios(slots_of(&slots, extra, &run->suite.loads[i]),
                              slots_of(&slots, &run->servers[0], &run->suite.loads[i]),
                              quantity_offset(QUANTITY_CPU), logs + n);
    slot_table_free(&slots);
    struct interval ratio = interval_exp(stats_hodges_lehmann(logs, n));
    free(logs);
    return ratio;
}
