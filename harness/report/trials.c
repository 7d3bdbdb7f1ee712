/* trials.c - the trials behind a row of the tables: verdicts, and figures before rounding.
 * SPDX-License-Identifier: MIT */
#include "report/trials.h"

#include "base/alloc.h"
#include "render/escape.h"
#include "render/grid.h"

#include <math.h>
#include <stdlib.h>

struct figure trials_figure(double value)
{
    struct figure figure = {"–"};
    if (isfinite(value))
        snprintf(figure.text, sizeof figure.text, "%.7g", value);
    return figure;
}

const struct trial *trials_next(const struct run *run, const struct trial *trial,
                                const struct run_server *server, const struct load *load)
{
    size_t i = trial ? (size_t)(trial - run->trials) + 1 : 0;
    for (; i < run->trial_count; i++)
        if (trial_server(run, &run->trials[i]) == server &&
            trial_load(run, &run->trials[i]) == load)
            return &run->trials[i];
    return NULL;
}

char *trials_id(const struct run_server *server, const struct load *load)
{
    return escape_id(load->name, server->name);
}

char *trials_link(const struct run_server *server, const struct load *load)
{
    char *id = trials_id(server, load), *link = alloc_format("#%s", id);
    free(id);
    return link;
}

/* What the tool printed stands behind its own figure, or behind the verdict if it has none. */
static void add_trial(struct grid *grid, const struct trial *trial)
{
    bool has_figures = isfinite(trial->result.requests_per_second);
    grid_add(grid, "%d", trial->round);
    grid_add(grid, "%s", verdict_name(trial->verdict));
    if (!has_figures)
        grid_link(grid, alloc_copy(trial->raw));
    grid_add(grid, "%s", trials_figure(trial->result.requests_per_second).text);
    if (has_figures)
        grid_link(grid, alloc_copy(trial->raw));
    grid_add(grid, "%s",
             trials_figure(has_figures ? trial->cpu_us_per_request : NAN).text);
    grid_add(grid, "%s", figure_percent(has_figures ? trial->server_busy : NAN).text);
    grid_add(grid, "%s", figure_percent(has_figures ? trial->client_busy : NAN).text);
    grid_add(grid, "%s", has_figures ? bound_name(trial->bound) : "–");
}

size_t trials_write(struct page *page, const struct run *run,
                    const struct run_server *server, const struct load *load)
{
    static const char busy[] = "Busy (%)";
    const struct column columns[] = {
        {.head = "Trial", .align = ALIGN_RIGHT},
        {.head = "Verdict"},
        {.head = "Requests per second", .align = ALIGN_RIGHT},
        {.head = "CPU µs/request", .align = ALIGN_RIGHT},
        {.group = busy, .head = "server", .align = ALIGN_RIGHT},
        {.group = busy, .head = load->tool, .align = ALIGN_RIGHT},
        {.head = "Bound"},
    };
    struct grid grid;
    size_t count = 0;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (const struct trial *trial = NULL;
         (trial = trials_next(run, trial, server, load)); count++)
        add_trial(&grid, trial);
    if (count > 0)
        grid_write(&grid, page);
    grid_free(&grid);
    return count;
}
