/* contrast_page.c - one load of two runs by one quantity: its table, and why it cannot say more.
 * SPDX-License-Identifier: MIT */
#include "report/contrast_page.h"

#include "render/figure.h"
#include "render/glossary.h"
#include "render/grid.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>

static const char RATIO[] = "B / A";
static const char BESIDE[] = "Beside the others";

/* ---- the table ---- */

static double cell_figure(const struct cell *cell, enum quantity quantity)
{
    return quantity == QUANTITY_CPU ? cell->cpu_us_per_request.mid
                                    : cell->requests_per_second.mid;
}

static struct figure p_figure(double p)
{
    struct figure figure = {"<0.001"};
    if (p >= 0.0005)
        snprintf(figure.text, sizeof figure.text, "%.3f", p);
    return figure;
}

/* No interval is shown that does not cover 95 %, and no p that was not corrected. */
static void add_test(struct grid *grid, const struct rank_test *test, bool judged)
{
    bool interval = rank_test_covers(test);
    grid_add(grid, "%s", figure_short(test->ratio.mid).text);
    grid_add(grid, "%s", interval ? figure_range(test->ratio, figure_short).text : "–");
    grid_add(grid, "%s", judged && interval ? p_figure(test->p).text : "–");
}

static const char *bound_word(const struct match *match)
{
    for (size_t side = 0; side < 2; side++)
        if (match->cells[side]->trials > 0 && match->cells[side]->bound == BOUND_CLIENT)
            return "client-bound";
    return "waiting";
}

static const char *outcome_word(const struct match *match)
{
    switch (match->contrast.outcome) {
    case OUTCOME_WORSE:
        return "WORSE";
    case OUTCOME_BETTER:
        return "better";
    case OUTCOME_SAME:
        return "same";
    case OUTCOME_LIMITED:
        return bound_word(match);
    default:
        return "cannot tell";
    }
}

static void add_match(struct grid *grid, const struct match *match,
                      enum quantity quantity)
{
    const struct contrast *contrast = &match->contrast;
    grid_add(grid, "%s", name_label(match->server).text);
    for (size_t side = 0; side < 2; side++) {
        double figure = cell_figure(match->cells[side], quantity);
        grid_add(grid, "%s",
                 quantity == QUANTITY_CPU ? figure_short(figure).text
                                          : figure_count(figure).text);
    }
    add_test(grid, &contrast->as_is, !contrast->limited);
    add_test(grid, &contrast->beside, !contrast->limited);
    grid_add(grid, "%s", outcome_word(match));
}

static void write_table(struct page *page, const struct contrast_table *table)
{
    const char *figure =
        table->quantity == QUANTITY_CPU ? "CPU µs per request" : "Requests per second";
    const struct column columns[] = {
        {.head = "Server"},
        {.group = figure, .head = "A", .align = ALIGN_RIGHT},
        {.group = figure, .head = "B", .align = ALIGN_RIGHT},
        {.group = RATIO, .head = "ratio", .align = ALIGN_RIGHT},
        {.group = RATIO, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = RATIO, .head = "p", .align = ALIGN_RIGHT},
        {.group = BESIDE, .head = "ratio", .align = ALIGN_RIGHT},
        {.group = BESIDE, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = BESIDE, .head = "p", .align = ALIGN_RIGHT},
        {.head = "Verdict"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < table->count; i++)
        add_match(&grid, &table->matches[i], table->quantity);
    grid_write(&grid, page);
    grid_free(&grid);
}

/* ---- below it ---- */

static bool is_judged(const struct contrast_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (!table->matches[i].contrast.limited)
            return true;
    return false;
}

static void write_shared(struct page *page, const struct contrast_table *table)
{
    if (!is_judged(table))
        return;
    bool small = table->shared <= 1 + DIFFERENCE_OF_INTEREST &&
                 1 / table->shared <= 1 + DIFFERENCE_OF_INTEREST;
    if (isnan(table->shared))
        glossary_item(page, "few-servers", figure_count(SERVERS_TO_SHARE).text, NULL);
    else
        page_item(page, "The servers share %s %% (the median of their ratios)%s",
                  figure_change(table->shared).text,
                  small ? "."
                        : ": the machine changed between the runs, or something that "
                          "all servers have in common.");
}

static void write_outcome(struct page *page, const struct contrast_table *table,
                          enum outcome outcome, const char *before, const char *after)
{
    struct names names = {0};
    for (size_t i = 0; i < table->count; i++) {
        const struct rank_test *test = &table->matches[i].contrast.as_is;
        if (table->matches[i].contrast.outcome == outcome && test->rounds[0] > 0 &&
            test->rounds[1] > 0)
            names_add(&names, table->matches[i].server);
    }
    char *joined = names_join(&names);
    if (names.count > 0)
        page_item(page, "%s: %s. %s", before, joined, after);
    free(joined);
    names_free(&names);
}

static void write_few(struct page *page, const struct run_pair *pair,
                      const struct contrast_table *table)
{
    char after[128];
    snprintf(after, sizeof after,
             "With %zu comparison%s it takes at least %zu rounds of each run.",
             pair->judged, pair->judged == 1 ? "" : "s",
             contrast_rounds_needed(pair->judged));
    write_outcome(page, table, OUTCOME_FEW, "Too few rounds to tell anything apart",
                  after);
}

static void write_absent(struct page *page, const struct match *match)
{
    for (size_t side = 0; side < 2; side++) {
        const struct cell *cell = match->cells[side];
        const char *absence = cell_absence(cell);
        if (absence)
            page_item(page, "%s has no figures in %s, %s%s%s",
                      name_label(match->server).text, side == 0 ? "A" : "B", absence,
                      cell->reason ? ": " : ".", cell->reason ? cell->reason : "");
    }
}

static void write_heading(struct page *page, const struct contrast_table *table)
{
    const struct load *load = table->load;
    page_heading(page, 2, "%s: %s, by %s", load->name, load->title,
                 quantity_name(table->quantity));
}

void contrast_page_write(struct page *page, const struct run_pair *pair,
                         const struct contrast_table *table)
{
    if (table->count == 0)
        return;
    write_heading(page, table);
    write_table(page, table);
    write_shared(page, table);
    write_outcome(page, table, OUTCOME_ONE_WAY,
                  "Told apart one way only, as they stand or beside the others",
                  "What changed may be the machine, or all servers. To know, measure the "
                  "old and the new executable in one run.");
    write_outcome(page, table, OUTCOME_WIDE,
                  "Neither significantly different nor the same",
                  "More rounds narrow an interval, and so does a quieter machine.");
    write_few(page, pair, table);
    for (size_t i = 0; i < table->count; i++)
        write_absent(page, &table->matches[i]);
}
