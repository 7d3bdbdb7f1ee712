/* plot_concurrency.c - the columns of what concurrency does: requests per second and the 99th
 * percentile of servers under loads that differ in nothing else.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "report/plot_data.h"

#include <stdlib.h>
#include <string.h>

/* From fewer points a line says no more than the tables do. */
enum { CONCURRENCIES_NEEDED = 3 };

/* Loads that differ in concurrency only, by their places in the suite: a ladder. */
struct rungs {
    size_t *places;
    size_t count;
};

static bool has_figures(const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].rounds > 0)
            return true;
    return false;
}

static bool same_but_concurrency(const struct load *a, const struct load *b)
{
    return strcmp(a->tool, b->tool) == 0 && strcmp(a->path, b->path) == 0 &&
           a->keepalive == b->keepalive;
}

/* Puts a load where it belongs by its concurrency; of two with the same the first stays. */
static void rungs_insert(struct rungs *rungs, const struct load *loads, size_t place)
{
    size_t at = 0;
    while (at < rungs->count &&
           loads[rungs->places[at]].concurrency < loads[place].concurrency)
        at++;
    if (at < rungs->count &&
        loads[rungs->places[at]].concurrency == loads[place].concurrency)
        return;
    memmove(&rungs->places[at + 1], &rungs->places[at],
            (rungs->count - at) * sizeof *rungs->places);
    rungs->places[at] = place;
    rungs->count++;
}

/* The ladder that begins with this load in the suite's order; without any rung if the load
 * belongs to one before, or if there are too few. The caller frees the places. */
static struct rungs rungs_collect(const struct report *report, size_t first)
{
    const struct suite *suite = &report->run->suite;
    struct rungs rungs = {.places = alloc_zeroed(suite->load_count, sizeof(size_t))};
    for (size_t l = 0; l < suite->load_count; l++) {
        if (!same_but_concurrency(&suite->loads[l], &suite->loads[first]))
            continue;
        if (l < first)
            break;
        if (has_figures(&report->summary->tables[l]))
            rungs_insert(&rungs, suite->loads, l);
    }
    if (rungs.count < CONCURRENCIES_NEEDED)
        rungs.count = 0;
    return rungs;
}

static struct interval p99_interval(const struct slots *slots)
{
    double *values = alloc_zeroed(slots->count, sizeof *values);
    size_t n =
        slots_sample(slots, offsetof(struct trial, result.percentile_ms[99]), values);
    struct interval interval = stats_median_interval(values, n);
    free(values);
    return interval;
}

static void write_interval(FILE *out, struct interval interval)
{
    plot_number(out, interval.low);
    plot_number(out, interval.mid);
    plot_number(out, interval.high);
}

static void write_rung(FILE *out, const struct report *report, size_t place,
                       size_t server)
{
    const struct load *load = report->summary->tables[place].load;
    const struct cell *cell = plot_cell(report->summary, place, server);
    plot_server(out, cell);
    fprintf(out, "\t%d", load->concurrency);
    write_interval(out, cell->requests_per_second);
    write_interval(out,
                   p99_interval(slots_of(&report->summary->slots, cell->server, load)));
    fprintf(out, "\t%s\n", cell_absence(cell) ? "none" : bound_name(cell->bound));
}

static void write_ladder(FILE *out, const struct report *report, size_t number,
                         const struct rungs *rungs)
{
    const struct load *load = report->summary->tables[rungs->places[0]].load;
    char *title = alloc_format("%s, path %s%s", load->tool, load->path,
                               load->keepalive ? ", keep-alive" : "");
    for (size_t s = 0; s < plot_server_count(report->summary); s++) {
        for (size_t i = 0; i < rungs->count; i++) {
            fprintf(out, "%zu\t%zu", number, s + 1);
            plot_text(out, title);
            write_rung(out, report, rungs->places[i], s);
        }
        plot_end_block(out);
    }
    free(title);
}

void concurrency_write(FILE *out, const struct report *report)
{
    size_t number = 0;
    fputs("# ladder\tserver\tladder name\tserver name\tconcurrency\trate low\trate "
          "mid\trate high\tp99 low\tp99 mid\tp99 high\tbound\n",
          out);
    for (size_t l = 0; l < report->summary->table_count; l++) {
        struct rungs rungs = rungs_collect(report, l);
        if (rungs.count > 0)
            write_ladder(out, report, ++number, &rungs);
        free(rungs.places);
    }
}

bool concurrency_applies(const struct report *report)
{
    bool found = false;
    for (size_t l = 0; l < report->summary->table_count && !found; l++) {
        struct rungs rungs = rungs_collect(report, l);
        found = rungs.count > 0;
        free(rungs.places);
    }
    return found;
}
