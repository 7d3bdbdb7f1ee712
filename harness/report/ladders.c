/* ladders.c - what a rate of requests, or idle connections, do to each server: a row for each, a
 * column for each load.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "render/grid.h"
#include "render/names.h"
#include "report/figures.h"
#include "report/ladder.h"
#include "report/trials.h"
#include "report/view.h"

#include <math.h>
#include <stdlib.h>

/* More connections at a time are in the tables of the loads. */
static bool has_tables(const struct ladder *ladder)
{
    return ladder->axis != AXIS_CONCURRENCY;
}

bool ladders_apply(const struct report *report)
{
    struct ladders ladders;
    ladders_find(&ladders, report);
    bool found = false;
    for (size_t i = 0; i < ladders.count; i++)
        found = found || has_tables(&ladders.list[i]);
    ladders_free(&ladders);
    return found;
}

/* ---- a table ---- */

/* A figure of a cell as the table shows it; owned by the caller. */
typedef char *(*cell_words)(const struct cell *cell);

static char *cpu_words(const struct cell *cell)
{
    return alloc_copy(figure_short(cell->cpu_us_per_request.mid).text);
}

static bool is_saturated(const struct cell *cell)
{
    return cell->paced.slices > 0 && cell->paced.achieved < SATURATED_BELOW;
}

/* Of a server that does not keep up the times only grow, for as long as it is asked. */
static char *time_words(const struct cell *cell, enum slice_time time)
{
    const struct paced *paced = &cell->paced;
    if (is_saturated(cell))
        return alloc_format("saturated: %.0f", paced->achieved * cell->load->rate);
    if (isnan(paced->time_ms[time].mid) && paced->late > 0)
        return alloc_copy("pace was late");
    return alloc_copy(figure_short(paced->time_ms[time].mid).text);
}

static char *p50_words(const struct cell *cell)
{
    return time_words(cell, TIME_P50);
}

static char *p99_words(const struct cell *cell)
{
    return time_words(cell, TIME_P99);
}

static char *p999_words(const struct cell *cell)
{
    return time_words(cell, TIME_P999);
}

static char *max_words(const struct cell *cell)
{
    return time_words(cell, TIME_MAX);
}

static const struct cell *cell_at(const struct report *report,
                                  const struct ladder *ladder, size_t rung,
                                  const struct run_server *server)
{
    return table_cell(&report->summary->tables[ladder->rungs[rung]], server);
}

static void add_server(struct grid *grid, const struct report *report,
                       const struct ladder *ladder, const struct run_server *server,
                       cell_words words)
{
    const struct cell *first = cell_at(report, ladder, 0, server);
    grid_add(grid, "%s", name_label(server->name).text);
    grid_link(grid, trials_link(server, first->load));
    for (size_t i = 0; i < ladder->count; i++) {
        const struct cell *cell = cell_at(report, ladder, i, server);
        const char *absence = cell_absence(cell);
        char *text = absence ? alloc_copy(absence) : words(cell);
        grid_add(grid, "%s", text);
        free(text);
    }
}

/* In the order of the first load's CPU time, so that one sees who leaves it. */
static void write_table(struct page *page, const struct report *report,
                        const struct ladder *ladder, const char *caption,
                        cell_words words)
{
    const struct table *first = &report->summary->tables[ladder->rungs[0]];
    struct column *columns = alloc_zeroed(ladder->count + 1, sizeof *columns);
    struct figure *heads = alloc_zeroed(ladder->count, sizeof *heads);
    columns[0] = (struct column){.head = "Server"};
    for (size_t i = 0; i < ladder->count; i++) {
        const struct load *load = report->summary->tables[ladder->rungs[i]].load;
        heads[i] = figure_count(axis_value(ladder->axis, load));
        columns[i + 1] = (struct column){.group = axis_words(ladder->axis),
                                         .head = heads[i].text,
                                         .align = ALIGN_RIGHT};
    }
    struct grid grid;
    grid_init(&grid, columns, ladder->count + 1);
    grid_caption(&grid, "%s", caption);
    for (size_t i = 0; i < first->cell_count; i++)
        add_server(&grid, report, ladder,
                   first->cells[first->comparisons[QUANTITY_CPU].order[i]].server, words);
    grid_write(&grid, page);
    grid_free(&grid);
    free(heads);
    free(columns);
}

/* ---- in a sentence ---- */

/* The last rung that the server has a figure for; 0: none but the first. */
static size_t last_rung(const struct report *report, const struct ladder *ladder,
                        const struct run_server *server)
{
    size_t last = 0;
    for (size_t i = 1; i < ladder->count; i++)
        if (isfinite(cell_at(report, ladder, i, server)->cpu_us_per_request.mid))
            last = i;
    return last;
}

static double growth(const struct report *report, const struct ladder *ladder,
                     const struct run_server *server)
{
    size_t last = last_rung(report, ladder, server);
    return last ? cell_at(report, ladder, last, server)->cpu_us_per_request.mid /
                      cell_at(report, ladder, 0, server)->cpu_us_per_request.mid
                : NAN;
}

/* "beside 10,000 idle connections as beside none", "at 8,000 requests per second as at 500". */
static char *span_words(const struct report *report, const struct ladder *ladder,
                        const struct run_server *server)
{
    size_t last = last_rung(report, ladder, server);
    const struct load *from = report->summary->tables[ladder->rungs[0]].load;
    const struct load *to = report->summary->tables[ladder->rungs[last]].load;
    double low = axis_value(ladder->axis, from);
    struct figure high = figure_count(axis_value(ladder->axis, to));
    const char *where = ladder->axis == AXIS_IDLE ? "beside" : "at";
    return low > 0 ? alloc_format("%s %s %s as %s %s", where, high.text,
                                  axis_words(ladder->axis), where, figure_count(low).text)
                   : alloc_format("%s %s %s as %s none", where, high.text,
                                  axis_words(ladder->axis), where);
}

static void find_extremes(const struct run_server **most, const struct run_server **least,
                          const struct report *report, const struct ladder *ladder)
{
    const struct table *first = &report->summary->tables[ladder->rungs[0]];
    for (size_t i = 0; i < first->cell_count; i++) {
        const struct run_server *server = first->cells[i].server;
        double change = fabs(log(growth(report, ladder, server)));
        if (isnan(change))
            continue;
        if (!*most || change > fabs(log(growth(report, ladder, *most))))
            *most = server;
        if (last_rung(report, ladder, server) == ladder->count - 1 &&
            (!*least || change < fabs(log(growth(report, ladder, *least)))))
            *least = server;
    }
}

/* The server that what they differ in changes most, and the one that it changes least. */
static void say_growth(struct page *page, const struct report *report,
                       const struct ladder *ladder)
{
    const struct run_server *most = NULL, *least = NULL;
    find_extremes(&most, &least, report, ladder);
    if (!most || !least || most == least)
        return;
    char *span_most = span_words(report, ladder, most);
    char *span_least = span_words(report, ladder, least);
    page_item(page,
              "%s needs %s times as much CPU per request %s; %s needs %s times as "
              "much %s.",
              name_label(most->name).text,
              figure_short(growth(report, ladder, most)).text, span_most,
              name_label(least->name).text,
              figure_short(growth(report, ladder, least)).text, span_least);
    free(span_most);
    free(span_least);
}

/* ---- memory ---- */

/* Beside as many idle connections as each holds, in the order of the tables; owned by the caller. */
static const struct cell **with_memory(const struct report *report,
                                       const struct ladder *ladder, size_t *count)
{
    const struct table *first = &report->summary->tables[ladder->rungs[0]];
    const struct cell **cells = alloc_zeroed(first->cell_count + 1, sizeof *cells);
    *count = 0;
    for (size_t i = 0; i < first->cell_count; i++) {
        const struct run_server *server =
            first->cells[first->comparisons[QUANTITY_CPU].order[i]].server;
        const struct cell *cell =
            cell_at(report, ladder, last_rung(report, ladder, server), server);
        if (isfinite(cell->memory.own_kb.mid))
            cells[(*count)++] = cell;
    }
    return cells;
}

static void say_memory(struct page *page, const struct cell *const *cells, size_t count)
{
    const struct cell *most = cells[0], *least = cells[0];
    for (size_t i = 1; i < count; i++) {
        double kb = cells[i]->memory.own_kb.mid;
        most = kb > most->memory.own_kb.mid ? cells[i] : most;
        least = kb < least->memory.own_kb.mid ? cells[i] : least;
    }
    if (most != least)
        page_item(page,
                  "For each idle connection %s takes %s KB of its own and %s KB of the "
                  "kernel's%s, %s %s KB and %s KB.",
                  name_label(most->server->name).text,
                  figure_short(most->memory.own_kb.mid).text,
                  figure_short(most->memory.kernel_kb.mid).text,
                  most->memory.of_machine ? " (both ends)" : "",
                  name_label(least->server->name).text,
                  figure_short(least->memory.own_kb.mid).text,
                  figure_short(least->memory.kernel_kb.mid).text);
}

static void write_memory(struct page *page, const struct report *report,
                         const struct ladder *ladder)
{
    static const char *const names[] = {"idle_connections", "~cpu_us_per_request",
                                        "idle_own_kb",      "idle_kernel_kb",
                                        "idle_kernel_of",   NULL};
    size_t count;
    const struct cell **cells = with_memory(report, ladder, &count);
    if (count > 0) {
        figures_write(page, names, "Memory beside the most idle connections that it held",
                      cells, count);
        say_memory(page, cells, count);
        glossary_item(page, "idle-memory", NULL);
        if (cells[0]->memory.of_machine)
            glossary_item(page, "idle-memory-machine", NULL);
        else
            glossary_item(page, "idle-memory-server", NULL);
    }
    free(cells);
}

/* Each once, where it stops. */
static void say_unable(struct page *page, const struct report *report,
                       const struct ladder *ladder)
{
    const struct table *first = &report->summary->tables[ladder->rungs[0]];
    for (size_t i = 0; i < first->cell_count; i++)
        for (size_t rung = 0; rung < ladder->count; rung++) {
            const struct cell *cell =
                cell_at(report, ladder, rung, first->cells[i].server);
            if (!cell->unable)
                continue;
            page_item(page, "%s: %s.", name_label(cell->server->name).text, cell->reason);
            break;
        }
}

/* Of the times the 99th percentile, or `all` that are kept. */
static void write_times(struct page *page, const struct report *report,
                        const struct ladder *ladder, bool all)
{
    if (all)
        write_table(page, report, ladder, "50 % of the requests took at most, ms",
                    p50_words);
    write_table(page, report, ladder, "99 % of the requests took at most, ms", p99_words);
    if (!all)
        return;
    write_table(page, report, ladder, "99.9 % of the requests took at most, ms",
                p999_words);
    write_table(page, report, ladder, "The longest request of a slice, ms", max_words);
}

static void write_ladder(struct page *page, const struct report *report,
                         const struct ladder *ladder, bool all)
{
    char *words = ladder_words(ladder, report);
    char *caption = alloc_format("CPU µs per request against %s (%s)",
                                 axis_words(ladder->axis), words);
    write_table(page, report, ladder, caption, cpu_words);
    if (ladder->axis == AXIS_RATE)
        write_times(page, report, ladder, all);
    say_growth(page, report, ladder);
    say_unable(page, report, ladder);
    write_memory(page, report, ladder);
    free(caption);
    free(words);
}

static void write_ladders(struct page *page, const struct report *report, bool all)
{
    struct ladders ladders;
    ladders_find(&ladders, report);
    for (size_t i = 0; i < ladders.count; i++)
        if (has_tables(&ladders.list[i]))
            write_ladder(page, report, &ladders.list[i], all);
    ladders_free(&ladders);
}

void ladders_write(struct page *page, const struct report *report)
{
    write_ladders(page, report, true);
}

void ladders_show(struct page *page, const struct report *report)
{
    write_ladders(page, report, false);
}
