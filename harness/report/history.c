/* history.c - runs in the order of their time, as tables, CSV and plot columns.
 * SPDX-License-Identifier: MIT */
#include "report/history.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "render/figure.h"
#include "render/grid.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a series: the runs of one machine and one suite ---- */

struct series {
    const struct past *pasts;
    size_t count;
    const char **
        servers; /* their names, borrowed: the reference, and the others; the array is owned */
    size_t server_count;
};

static void add_server(struct series *series, const char *name)
{
    for (size_t i = 0; i < series->server_count; i++)
        if (strcmp(series->servers[i], name) == 0)
            return;
    series->servers =
        alloc_resize(series->servers, series->server_count + 1, sizeof *series->servers);
    series->servers[series->server_count++] = name;
}

/* Every server that any run has, but the controls. */
static void find_servers(struct series *series, const char *reference)
{
    const json_t *server;
    size_t i;
    add_server(series, reference);
    for (size_t p = 0; p < series->count; p++) {
        json_array_foreach(json_object_get(series->pasts[p].summary, "servers"), i,
                           server)
        {
            if (!*past_text(server, "control_of"))
                add_server(series, past_text(server, "name"));
        }
    }
}

static bool changed(const struct series *series, size_t p, const char *server)
{
    return p > 0 && strcmp(past_sha(&series->pasts[p - 1], server),
                           past_sha(&series->pasts[p], server)) != 0;
}

/* ---- one table: a figure of each run and server ---- */

/* What a profile counts; from which difference on it is another, as a share, or by itself. */
struct count {
    const char *what, *part, *figure;
    double share, least;
};

static const struct count counts[] = {
    {"Instructions", "instructions", "c1", .share = 0.005},
    {"System calls", "syscalls", "c1", .least = 0.01},
    {"Allocations", "allocation", "allocations", .least = 0.01},
};

/* Without a count: CPU per request beside the reference. */
static double figure_of(const struct series *series, const struct count *count, size_t p,
                        size_t s)
{
    const struct past *past = &series->pasts[p];
    return count ? past_count(past, series->servers[s], count->part, count->figure)
                 : past_ratio(past, series->servers[s], series->servers[0]).mid;
}

static bool any_figure(const struct series *series, const struct count *count, size_t p)
{
    for (size_t s = 0; s < series->server_count; s++)
        if (!isnan(figure_of(series, count, p, s)))
            return true;
    return false;
}

static void add_run(struct grid *grid, const struct series *series,
                    const struct count *count, size_t p, size_t first)
{
    const struct past *past = &series->pasts[p];
    char *what = p > 0 ? past_changes(past - 1, past) : alloc_copy("");
    grid_add(grid, "%.16s", past_text(past->summary, "started"));
    for (size_t s = first; s < series->server_count; s++)
        grid_add(grid, "%s%s", figure_short(figure_of(series, count, p, s)).text,
                 changed(series, p, series->servers[s]) ? "*" : "");
    grid_add(grid, "%s", what);
    free(what);
}

/* Runs without a figure are left out. The servers from the one at `first` on. */
static void write_runs(struct page *page, const struct series *series,
                       const struct count *count, size_t first)
{
    size_t width = series->server_count - first + 2;
    struct column *columns = alloc_zeroed(width, sizeof *columns);
    struct grid grid;
    columns[0] = (struct column){.head = "Started"};
    for (size_t s = first; s < series->server_count; s++)
        columns[s - first + 1] =
            (struct column){.head = series->servers[s], .align = ALIGN_RIGHT};
    columns[width - 1] = (struct column){.head = "Changed"};
    grid_init(&grid, columns, width);
    for (size_t p = 0; p < series->count; p++)
        if (any_figure(series, count, p))
            add_run(&grid, series, count, p, first);
    grid_write(&grid, page);
    grid_free(&grid);
    free(columns);
}

/* ---- steps ---- */

/* Where the intervals before and after do not overlap. */
static void write_steps(struct page *page, const struct series *series)
{
    for (size_t s = 1; s < series->server_count; s++)
        for (size_t p = 1; p < series->count; p++) {
            const char *server = series->servers[s];
            struct interval old =
                past_ratio(&series->pasts[p - 1], server, series->servers[0]);
            struct interval new =
                past_ratio(&series->pasts[p], server, series->servers[0]);
            if (!(new.low > old.high || new.high < old.low))
                continue;
            page_item(page, "%s went from %s (%s) to %s (%s) in %s%s.",
                      name_label(server).text, figure_short(old.mid).text,
                      figure_range(old, figure_short).text, figure_short(new.mid).text,
                      figure_range(new, figure_short).text,
                      past_text(series->pasts[p].summary, "started"),
                      changed(series, p, server) ? ", with another executable" : "");
        }
}

/* A count has no noise: what differs from the run before that has it is a step. */
static void write_count_steps(struct page *page, const struct series *series,
                              const struct count *count)
{
    for (size_t s = 0; s < series->server_count; s++) {
        double old = NAN;
        for (size_t p = 0; p < series->count; p++) {
            double new = figure_of(series, count, p, s);
            if (fabs(new - old) > fmax(count->share * old, count->least))
                page_item(page, "%s: from %s to %s in %s%s.",
                          name_label(series->servers[s]).text, figure_short(old).text,
                          figure_short(new).text,
                          past_text(series->pasts[p].summary, "started"),
                          changed(series, p, series->servers[s])
                              ? ", with another executable"
                              : "");
            old = isnan(new) ? old : new;
        }
    }
}

static void write_counts(struct page *page, const struct series *series)
{
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        bool known = false;
        for (size_t p = 0; p < series->count; p++)
            known |= any_figure(series, &counts[c], p);
        if (!known)
            continue;
        page_text(page, "%s per request, counted:", counts[c].what);
        write_runs(page, series, &counts[c], 0);
        write_count_steps(page, series, &counts[c]);
    }
}

static void write_series(struct page *page, const struct series *series)
{
    page_heading(page, 2, "%s: %s", past_text(series->pasts[0].summary, "suite"),
                 series->pasts[0].machine);
    page_text(page,
              "CPU per request beside %s, all loads together. *: another executable "
              "than in the run before.",
              series->servers[0]);
    write_runs(page, series, NULL, 1);
    write_steps(page, series);
    write_counts(page, series);
}

/* ---- files ---- */

static void write_rows(FILE *csv, FILE *plot, const struct series *series, size_t number)
{
    for (size_t s = 1; s < series->server_count; s++) {
        for (size_t p = 0; p < series->count; p++) {
            const struct past *past = &series->pasts[p];
            const char *server = series->servers[s];
            struct interval ratio = past_ratio(past, server, series->servers[0]);
            quote_csv(csv, past_text(past->summary, "started"));
            fprintf(csv, ",");
            quote_csv(csv, past->machine);
            fprintf(csv, ",%s,", past_text(past->summary, "suite"));
            quote_csv(csv, server);
            fprintf(csv, ",%.5g,%.5g,%.5g,%s,%s\n", ratio.mid, ratio.low, ratio.high,
                    series->servers[0], past_sha(past, server));
            fprintf(plot, "%zu\t%zu\t%zu\t", number, s, p + 1);
            quote_gnuplot(plot, name_label(server).text);
            fprintf(plot, "\t%.5g\t%.5g\t%.5g\t%.10s\n", ratio.low, ratio.mid, ratio.high,
                    past_text(past->summary, "started"));
        }
        fputs("\n\n", plot);
    }
}

/* ---- the whole ---- */

/* The series that begins at the run `from`; *to is where the next begins. Its servers are the
 * caller's. */
static struct series series_at(const struct pasts *pasts, size_t from,
                               const char *reference, size_t *to)
{
    const struct past *first = &pasts->list[from];
    const json_t *servers = json_object_get(first->summary, "servers");
    for (*to = from + 1;
         *to < pasts->count && pasts_same_series(first, &pasts->list[*to]); ++*to)
        ;
    struct series series = {.pasts = first, .count = *to - from};
    if (!reference)
        reference = past_has(first, "epoll")
                        ? "epoll"
                        : past_text(json_array_get(servers, 0), "name");
    find_servers(&series, reference);
    return series;
}

void history_write(struct page *page, const struct pasts *pasts, const char *reference)
{
    for (size_t from = 0, to; from < pasts->count; from = to) {
        struct series series = series_at(pasts, from, reference, &to);
        write_series(page, &series);
        free(series.servers);
    }
}

void history_write_files(FILE *csv, FILE *plot, const struct pasts *pasts,
                         const char *reference)
{
    size_t number = 0;
    fputs("started,machine,suite,server,cpu_ratio,cpu_ratio_low,cpu_ratio_high,"
          "reference,sha256\n",
          csv);
    fputs("# series\tserver\trun\tserver_name\tlow\tratio\thigh\tday\n", plot);
    for (size_t from = 0, to; from < pasts->count; from = to) {
        struct series series = series_at(pasts, from, reference, &to);
        write_rows(csv, plot, &series, ++number);
        free(series.servers);
    }
}
