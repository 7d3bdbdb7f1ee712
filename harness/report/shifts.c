/* shifts.c - the first article's closing comparison: what another concurrency did to each
 * server.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "render/figure.h"
#include "render/grid.h"
#include "render/names.h"

#include <stdlib.h>

/* What the closing comparison goes from and to. */
struct ends {
    const struct table *from, *to;
};

static const char *change_word(enum change change)
{
    switch (change) {
    case CHANGE_RAISED:
        return "raised";
    case CHANGE_LOWERED:
        return "lowered";
    case CHANGE_NEGLIGIBLE:
        return "negligible";
    case CHANGE_UNCLEAR:
        break;
    }
    return "unclear";
}

/* Why a server has no round to compare. */
static const char *absence(const struct cell *from, const struct cell *to)
{
    if (cell_absence(from))
        return cell_absence(from);
    return cell_absence(to) ? cell_absence(to) : "no round has both";
}

/* By one figure: before, after, the change and what it is called. */
static void add_quantity(struct grid *grid, const struct shift *shift,
                         enum quantity quantity, struct figure from, struct figure to)
{
    const struct interval *ratio = &shift->ratio[quantity];
    grid_add(grid, "%s", from.text);
    grid_add(grid, "%s", to.text);
    grid_add(grid, "%s", figure_change(ratio->mid).text);
    grid_add(grid, "%s", shift->rounds ? change_word(shift->change[quantity]) : "");
}

static void add_shift(struct grid *grid, const struct shift *shift,
                      const struct ends *ends)
{
    const struct cell *from = table_cell(ends->from, shift->server);
    const struct cell *to = table_cell(ends->to, shift->server);

    grid_add(grid, "%s", name_label(shift->server->name).text);
    if (shift->rounds == 0) {
        grid_add_rest(grid, "%s", absence(from, to));
        return;
    }
    add_quantity(grid, shift, QUANTITY_CPU, figure_short(from->cpu_us_per_request.mid),
                 figure_short(to->cpu_us_per_request.mid));
    add_quantity(grid, shift, QUANTITY_RATE, figure_count(from->requests_per_second.mid),
                 figure_count(to->requests_per_second.mid));
}

static void write_grid(struct page *page, const struct summary *summary,
                       const struct ends *ends)
{
    static const char cpu[] = "CPU µs per request", rate[] = "Requests per second";
    const struct column columns[] = {
        {.head = "Server"},
        {.group = cpu, .head = ends->from->load->name, .align = ALIGN_RIGHT},
        {.group = cpu, .head = ends->to->load->name, .align = ALIGN_RIGHT},
        {.group = cpu, .head = "%", .align = ALIGN_RIGHT},
        {.group = cpu, .head = "effect"},
        {.group = rate, .head = ends->from->load->name, .align = ALIGN_RIGHT},
        {.group = rate, .head = ends->to->load->name, .align = ALIGN_RIGHT},
        {.group = rate, .head = "%", .align = ALIGN_RIGHT},
        {.group = rate, .head = "effect"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < summary->shift_count; i++)
        add_shift(&grid, &summary->shifts[i], ends);
    grid_write(&grid, page);
    grid_free(&grid);
}

/* One item for the servers on which the change had this effect. */
static void say_change(struct page *page, const struct summary *summary,
                       enum quantity quantity, enum change change, const char *effect)
{
    struct names names = {0};
    for (size_t i = 0; i < summary->shift_count; i++) {
        const struct shift *shift = &summary->shifts[i];
        if (shift->rounds > 0 && shift->change[quantity] == change)
            names_add(&names, shift->server->name);
    }
    char *joined = names_join(&names);
    if (names.count > 0)
        page_item(page, "%s %s.", effect, joined);
    free(joined);
    names_free(&names);
}

static bool client_bound(const struct table *table, const struct shift *shift)
{
    const struct cell *cell = table_cell(table, shift->server);
    return shift->rounds > 0 && cell->trials > 0 && cell->bound == BOUND_CLIENT;
}

static void say_client_bound(struct page *page, const struct summary *summary,
                             const struct ends *ends)
{
    struct names names = {0};
    for (size_t i = 0; i < summary->shift_count; i++)
        if (client_bound(ends->from, &summary->shifts[i]) ||
            client_bound(ends->to, &summary->shifts[i]))
            names_add(&names, summary->shifts[i].server->name);
    char *joined = names_join(&names);
    if (names.count > 0)
        page_item(
            page,
            "%s was the limit under one load or both for %s: what changed there is how "
            "fast %s went.",
            ends->to->load->tool, joined, ends->to->load->tool);
    free(joined);
    names_free(&names);
}

static void say_rule(struct page *page, const struct summary *summary)
{
    size_t fewest = ROUNDS_FOR_INTERVAL;
    for (size_t i = 0; i < summary->shift_count; i++)
        if (summary->shifts[i].rounds > 0 && summary->shifts[i].rounds < fewest)
            fewest = summary->shifts[i].rounds;
    page_text(
        page,
        "The changes are the Hodges–Lehmann estimates over the rounds of slices. "
        "Negligible: the 95 %% interval lies within %.0f %% of no change; raised or "
        "lowered: it lies beyond; anything else is unclear.%s",
        SHIFT_NEGLIGIBLE * 100,
        fewest < ROUNDS_FOR_INTERVAL
            ? " With fewer than 6 rounds the interval is only the range seen."
            : "");
}

static struct ends ends_of(const struct run *run, const struct summary *summary)
{
    return (struct ends){
        .from = summary_table(summary, run->suite.compare_from),
        .to = summary_table(summary, run->suite.compare_to),
    };
}

static void shifts_say(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    const struct summary *summary = report->summary;
    if (summary->shift_count == 0)
        return;
    const struct ends ends = ends_of(run, summary);
    page_text(page, "Going from %s (%s) to %s (%s) …", ends.from->load->name,
              ends.from->load->title, ends.to->load->name, ends.to->load->title);
    say_change(page, summary, QUANTITY_CPU, CHANGE_RAISED,
               "raised the CPU per request of");
    say_change(page, summary, QUANTITY_CPU, CHANGE_LOWERED,
               "lowered the CPU per request of");
    say_change(page, summary, QUANTITY_CPU, CHANGE_NEGLIGIBLE,
               "had a negligible effect on the CPU per request of");
    say_change(page, summary, QUANTITY_CPU, CHANGE_UNCLEAR, "had an unclear effect on");
    say_change(page, summary, QUANTITY_RATE, CHANGE_RAISED,
               "raised the requests per second of");
    say_change(page, summary, QUANTITY_RATE, CHANGE_LOWERED,
               "lowered the requests per second of");
    say_client_bound(page, summary, &ends);
}

bool shifts_apply(const struct report *report)
{
    return report->summary->shift_count > 0;
}

void shifts_write(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    const struct summary *summary = report->summary;
    const struct ends ends = ends_of(run, summary);
    shifts_say(page, report);
    write_grid(page, summary, &ends);
    say_rule(page, summary);
}
