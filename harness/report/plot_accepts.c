/* plot_accepts.c - the columns of what happens within a trial: the connections accepted in
 * each 100 ms.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "report/plot_data.h"

#include <math.h>
#include <stdlib.h>

/* More points than a panel has pixels are drawn over each other. */
enum { POINTS = 150 };

/* A step of trial.accepts, s. */
static const double STEP_S = 0.1;

/* The rate at one time of the trial, as all rounds have it. */
struct moment {
    double low, high;
};

/* The last step is cut off by the trial's end: it is no 100 ms. */
static size_t step_count(const struct trial *trial)
{
    return trial->accept_count > 0 ? trial->accept_count - 1 : 0;
}

/* Connections that are kept are accepted once: there is nothing to see. */
static bool counts(const struct cell *cell, const struct load *load)
{
    return !load->keepalive && cell->example && step_count(cell->example) > 0;
}

/* Over all valid trials, and over `width` steps from `first` on: so that a stall of one step
 * of one round is seen, however many steps are drawn as one. */
static struct moment moment_find(const struct slots *slots, size_t first, size_t width)
{
    struct moment moment = {INFINITY, -INFINITY};
    for (size_t i = 0; i < slots->count; i++) {
        const struct trial *trial = slots->trials[i];
        if (trial->verdict != VERDICT_VALID)
            continue;
        for (size_t s = first; s < first + width && s < step_count(trial); s++) {
            moment.low = fmin(moment.low, trial->accepts[s]);
            moment.high = fmax(moment.high, trial->accepts[s]);
        }
    }
    return moment;
}

/* The mean of the steps that a trial has from `first` on. */
static double trial_mean(const struct trial *trial, size_t first, size_t width)
{
    double sum = 0;
    size_t count = 0;
    for (size_t s = first; s < first + width && s < step_count(trial); s++, count++)
        sum += trial->accepts[s];
    return sum / (double)count;
}

static size_t most_steps(const struct slots *slots)
{
    size_t most = 0;
    for (size_t i = 0; i < slots->count; i++)
        if (slots->trials[i]->verdict == VERDICT_VALID &&
            step_count(slots->trials[i]) > most)
            most = step_count(slots->trials[i]);
    return most;
}

struct moment_row {
    struct plot_row row;
    double seconds, accepts, lowest, highest;
};

static const struct column columns[] = {
    {.name = "load",
     .kind = COLUMN_COUNT,
     .offset = offsetof(struct moment_row, row.group)},
    {.name = "server",
     .kind = COLUMN_COUNT,
     .offset = offsetof(struct moment_row, row.at)},
    {.name = "load_name", .text = plot_load_text},
    {.name = "server_name", .text = plot_server_text},
    {.name = "seconds",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct moment_row, seconds)},
    {.name = "accepts",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct moment_row, accepts)},
    {.name = "lowest",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct moment_row, lowest)},
    {.name = "highest",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct moment_row, highest)},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_moments(FILE *out, const struct plot_row *row,
                          const struct slots *slots)
{
    size_t steps = most_steps(slots), width = (steps + POINTS - 1) / POINTS;
    for (size_t first = 0; first < steps; first += width) {
        struct moment moment = moment_find(slots, first, width);
        const struct moment_row values = {
            .row = *row,
            .seconds = ((double)first + (double)width / 2) * STEP_S,
            .accepts = trial_mean(row->cell->example, first, width),
            .lowest = moment.low,
            .highest = moment.high,
        };
        columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &values);
    }
}

static void write_timeline(FILE *out, const struct summary *summary, size_t load,
                           size_t server)
{
    const struct plot_row row = {.at = server + 1,
                                 .group = load + 1,
                                 .load = summary->tables[load].load,
                                 .cell = plot_cell(summary, load, server)};
    const struct moment_row nothing = {row, NAN, NAN, NAN, NAN};
    if (counts(row.cell, row.load))
        write_moments(out, &row,
                      slots_of(&summary->facts.trials, row.cell->server, row.load));
    else
        columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &nothing);
    plot_end_block(out);
}

void accepts_write(FILE *out, const struct report *report)
{
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t l = 0; l < report->summary->table_count; l++)
        for (size_t s = 0; s < plot_server_count(report->summary); s++)
            write_timeline(out, report->summary, l, s);
}

bool accepts_apply(const struct report *report)
{
    const struct summary *summary = report->summary;
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < summary->tables[l].cell_count; s++)
            if (counts(&summary->tables[l].cells[s], summary->tables[l].load))
                return true;
    return false;
}
