/* figures.c - every figure of a server under a load, described once.
 * SPDX-License-Identifier: MIT */
#include "report/figures.h"

#include "base/alloc.h"
#include "render/names.h"
#include "report/marks.h"
#include "report/trials.h"

#include <math.h>
#include <stdlib.h>

/* ---- what is made of a cell ---- */

static char *table_name(const void *row)
{
    const struct cell *cell = row;
    return alloc_copy(cell->load ? cell->load->name : "all loads");
}

/* Programs get the whole name, people a short one, with its marks. */
static char *server_name(const void *row)
{
    const struct cell *cell = row;
    return alloc_copy(cell->server->name);
}

static char *server_label(const void *row)
{
    const struct cell *cell = row;
    return alloc_format("%s%s", name_label(cell->server->name).text, marks_of(cell));
}

/* All loads together have no trials of their own to lead to. */
static char *server_link(const void *row)
{
    const struct cell *cell = row;
    return cell->load ? trials_link(cell->server, cell->load) : NULL;
}

static const char *longest_mark(const void *row)
{
    return marks_of_longest(row);
}

static char *bound_word(const void *row)
{
    const struct cell *cell = row;
    return alloc_copy(cell->load && cell->trials ? bound_name(cell->bound) : "");
}

/* Whose the knee is. */
static char *knee_limit(const void *row)
{
    const struct knee *knee = &((const struct cell *)row)->knee;
    return alloc_copy(isnan(knee->rate.mid) ? "" : knee->limited ? "pace" : "server");
}

static double failures(const void *row)
{
    const struct cell *cell = row;
    return cell->load ? (double)(cell->trials_invalid + cell->slices.wrong) : NAN;
}

static double idle_connections(const void *row)
{
    const struct cell *cell = row;
    return cell->load ? cell->load->idle : NAN;
}

/* Of whom the kernel's memory is. */
static char *kernel_scope(const void *row)
{
    const struct idle_memory *memory = &((const struct cell *)row)->memory;
    const char *scope = memory->of_machine ? "machine" : "server";
    return alloc_copy(isnan(memory->kernel_kb.mid) ? "" : scope);
}

/* ---- the figures, in the order of cells.csv ---- */

static const char RATE[] = "Requests per second";
static const char TIMES[] = "Served within (ms)";
static const char RATE_BRIEF[] = "Requests/s";
static const char TIMES_BRIEF[] = "Within (ms)";
static const char CPU[] = "CPU µs per";
static const char RATIO[] = "Times the first";
static const char BUSY[] = "Busy (%)";
static const char OWN[] = "Its own memory, KB";
static const char KERNEL[] = "The kernel's, KB";

static const struct column figures[] = {
    {.name = "table", .text = table_name},
    {.name = "server",
     .head = "Server",
     .text = server_name,
     .label = server_label,
     .link = server_link},
    {.name = "trials", .kind = COLUMN_COUNT, .offset = offsetof(struct cell, trials)},
    {.name = "rounds",
     .head = "Rounds",
     .kind = COLUMN_COUNT,
     .offset = offsetof(struct cell, rounds),
     .show = figure_count},
    {.name = "requests_per_second",
     .group = RATE,
     .brief = RATE_BRIEF,
     .head = "median",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, requests_per_second),
     .more = true,
     .show = figure_count},
    {.name = "time_per_request_ms",
     .group = "ms per",
     .head = "request",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, time_per_request_ms),
     .show = figure_short},
    {.name = "p50_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "50%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[50]),
     .show = figure_time},
    {.name = "p66_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "66%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[66]),
     .show = figure_time},
    {.name = "p75_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "75%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[75]),
     .show = figure_time},
    {.name = "p80_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "80%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[80]),
     .show = figure_time},
    {.name = "p90_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "90%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[90]),
     .show = figure_time},
    {.name = "p95_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "95%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[95]),
     .show = figure_time},
    {.name = "p98_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "98%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[98]),
     .show = figure_time},
    {.name = "p99_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "99%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[99]),
     .show = figure_time},
    {.name = "max_ms",
     .group = TIMES,
     .brief = TIMES_BRIEF,
     .head = "100%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, percentile_ms[100]),
     .show = figure_time,
     .mark = longest_mark},
    {.name = "cpu_us_per_request",
     .group = CPU,
     .brief = "CPU µs",
     .head = "request",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, cpu_us_per_request),
     .show = figure_short},
    {.name = "machine_us_per_request",
     .group = "Machine µs",
     .head = "per request",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, machine_us_per_request),
     .show = figure_short},
    {.name = "capacity",
     .group = "One core could",
     .head = "serve, per second",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, capacity),
     .more = true,
     .show = figure_count},
    {.name = "server_busy",
     .group = BUSY,
     .head = "server",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, server_busy),
     .show = figure_percent},
    {.name = "client_busy",
     .group = BUSY,
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, client_busy),
     .show = figure_percent},
    {.name = "bound", .head = "Bound", .text = bound_word},
    {.name = "failed", .kind = COLUMN_COUNT, .number = failures},
    {.name = "tie",
     .group = RATIO,
     .head = "tie",
     .offset = offsetof(struct cell, letters[QUANTITY_CPU])},
    {.name = "achieved",
     .group = "Achieved",
     .head = "%",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, paced.achieved),
     .show = figure_percent},
    {.name = "due_p50_ms",
     .group = "50 % within",
     .head = "ms",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, paced.time_ms[TIME_P50]),
     .show = figure_short},
    {.name = "due_p99_ms",
     .group = "99 % within",
     .head = "ms",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, paced.time_ms[TIME_P99]),
     .show = figure_short},
    {.name = "due_p999_ms",
     .group = "99.9 % within",
     .head = "ms",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, paced.time_ms[TIME_P999]),
     .show = figure_short},
    {.name = "due_max_ms",
     .group = "Longest",
     .head = "ms",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, paced.time_ms[TIME_MAX]),
     .show = figure_short},
    {.name = "knee_per_second",
     .group = RATE,
     .head = "in time",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, knee.rate),
     .more = true,
     .show = figure_count},
    {.name = "knee_limit", .head = "Limit", .text = knee_limit},
    {.name = "megabytes_per_second",
     .head = "MB/s",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct cell, megabytes_per_second),
     .more = true,
     .show = figure_short},
    {.name = "requests_per_second_tie",
     .group = RATE,
     .head = "tie",
     .offset = offsetof(struct cell, letters[QUANTITY_RATE])},
    {.name = "cpu_ratio",
     .group = RATIO,
     .head = "ratio",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, cpu_ratio),
     .show = figure_short},
    {.name = "idle_connections",
     .group = "Idle",
     .head = "connections",
     .kind = COLUMN_COUNT,
     .number = idle_connections,
     .show = figure_count},
    {.name = "idle_own_kb",
     .group = OWN,
     .head = "for each",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, memory.own_kb),
     .show = figure_short},
    {.name = "idle_kernel_kb",
     .group = KERNEL,
     .head = "for each",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct cell, memory.kernel_kb),
     .show = figure_short},
    {.name = "idle_kernel_of", .group = KERNEL, .head = "of", .text = kernel_scope},
};

enum { FIGURES = sizeof figures / sizeof *figures };

/* ---- the tables ---- */

static void add_absent(struct grid *grid, const struct cell *cell)
{
    const struct standing *slices = &cell->slices;
    if (cell->server->missing)
        grid_add_rest(grid, "LEFT OUT: %s", cell->reason);
    else if (cell->unable)
        grid_add_rest(grid, "CANNOT HOLD THEM: %s", cell->reason);
    else if (!cell->failed && isfinite(cell->knee.too_high))
        grid_add_rest(grid, "NEVER IN TIME: not even at %s requests per second",
                      figure_count(cell->knee.too_high).text);
    else if (!cell->failed)
        grid_add_rest(grid, "NOT MEASURED: the run ended before its turn");
    else if (slices->failed && slices->wrong > 0 && slices->block == 0)
        grid_add_rest(grid, "FAILED before the first round: %s", cell->reason);
    else if (slices->failed && slices->wrong > 0)
        grid_add_rest(grid, "FAILED in round %d, block %d: %s", slices->round,
                      slices->block, cell->reason);
    else
        grid_add_rest(grid, "FAILED: %s", cell->reason);
}

/* The columns of these names, behind the server's; returns how many there are. */
static size_t pick(struct column *columns, const char *const *names, const char *tool)
{
    size_t count = 0;
    columns[count++] = *column_find(figures, FIGURES, "server");
    for (size_t i = 0; names[i]; i++) {
        const char *name = names[i];
        bool brief = *name == '=', estimate = name[brief] == '~';
        struct column column = *column_find(figures, FIGURES, name + brief + estimate);
        if (estimate) {
            column.kind = COLUMN_NUMBER;
            column.offset += offsetof(struct interval, mid);
        }
        if (brief && column.brief)
            column.group = column.brief;
        if (!column.head)
            column.head = tool;
        columns[count++] = column;
    }
    return count;
}

void figures_write(struct page *page, const char *const *names, const char *caption,
                   const struct cell *const *cells, size_t count)
{
    struct column columns[FIGURES];
    const struct load *load = count > 0 ? cells[0]->load : NULL;
    size_t shown = pick(columns, names, load ? load->tool : "");
    struct grid grid;
    grid_init(&grid, columns, shown);
    if (caption)
        grid_caption(&grid, "%s", caption);
    for (size_t i = 0; i < count; i++)
        if (cell_absence(cells[i])) {
            grid_add_value(&grid, &columns[0], cells[i]);
            add_absent(&grid, cells[i]);
        } else {
            grid_add_row(&grid, cells[i]);
        }
    grid_write(&grid, page);
    grid_free(&grid);
}

void figures_write_table(struct page *page, const char *const *names, const char *caption,
                         const struct table *table)
{
    const struct cell **cells = alloc_zeroed(table->cell_count, sizeof *cells);
    for (size_t i = 0; i < table->cell_count; i++)
        cells[i] = &table->cells[i];
    figures_write(page, names, caption, cells, table->cell_count);
    free(cells);
}

static void write_csv_table(FILE *out, const struct table *table)
{
    for (size_t c = 0; c < table->cell_count; c++)
        columns_write_row(out, DIALECT_CSV, figures, FIGURES, &table->cells[c]);
}

void figures_write_csv(FILE *out, const struct summary *summary)
{
    columns_write_names(out, DIALECT_CSV, figures, FIGURES);
    for (size_t t = 0; t < summary->table_count; t++)
        write_csv_table(out, &summary->tables[t]);
    write_csv_table(out, &summary->overall);
}

json_t *figures_to_json(const struct cell *cell)
{
    return columns_to_json(figures, FIGURES, cell);
}
