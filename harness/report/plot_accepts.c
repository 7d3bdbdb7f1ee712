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

static void write_place(FILE *out, const struct summary *summary, size_t load,
                        size_t server)
{
    fprintf(out, "%zu\t%zu", load + 1, server + 1);
    plot_load(out, summary->tables[load].load);
    plot_server(out, plot_cell(summary, load, server));
}

static void write_moments(FILE *out, const struct report *report, size_t load,
                          size_t server, const struct slots *slots)
{
    const struct cell *cell = plot_cell(report->summary, load, server);
    size_t steps = most_steps(slots), width = (steps + POINTS - 1) / POINTS;
    for (size_t first = 0; first < steps; first += width) {
        struct moment moment = moment_find(slots, first, width);
        write_place(out, report->summary, load, server);
        plot_number(out, ((double)first + (double)width / 2) * STEP_S);
        plot_number(out, trial_mean(cell->example, first, width));
        plot_number(out, moment.low);
        plot_number(out, moment.high);
        fputc('\n', out);
    }
}

static void write_timeline(FILE *out, const struct report *report, size_t load,
                           size_t server)
{
    const struct cell *cell = plot_cell(report->summary, load, server);
    const struct load *of = report->summary->tables[load].load;
    if (counts(cell, of)) {
        write_moments(out, report, load, server,
                      slots_of(&report->summary->slots, cell->server, of));
    } else {
        write_place(out, report->summary, load, server);
        fputs("\tnan\tnan\tnan\tnan\n", out);
    }
    plot_end_block(out);
}

void accepts_write(FILE *out, const struct report *report)
{
    fputs("# load\tserver\tload name\tserver name\tseconds\taccepts\tlowest\thighest\n",
          out);
    for (size_t l = 0; l < report->summary->table_count; l++)
        for (size_t s = 0; s < plot_server_count(report->summary); s++)
            write_timeline(out, report, l, s);
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
