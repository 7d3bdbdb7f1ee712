/* sheet.c - the calibration's result: each figure beside its goal.
 * SPDX-License-Identifier: MIT */
#include "tools/calibrate/sheet.h"

#include "analyse/summary.h"
#include "base/alloc.h"
#include "render/figure.h"
#include "render/grid.h"
#include "tools/calibrate/score.h"
#include "tools/calibrate/tally.h"

#include <stdlib.h>
#include <string.h>

/* What is wanted of a figure. */
struct goal {
    enum { GOAL_NONE, GOAL_AT_MOST, GOAL_AT_LEAST } sense;
    double limit;
    const char *text;
};

static const struct goal no_goal = {GOAL_NONE, 0, ""};
static const struct goal few_false = {GOAL_AT_MOST, 0.05, "≤ 5 %"};
static const struct goal most_of_default = {GOAL_AT_LEAST, 0.9, "≥ 90 %"};
static const struct goal most_of_thorough = {GOAL_AT_LEAST, 0.8, "≥ 80 %"};
static const struct goal no_alarm = {GOAL_AT_MOST, 0, "none"};
static const struct goal small_share = {GOAL_AT_MOST, 0.01, "≤ 1 %"};
static const struct goal little_longer = {GOAL_AT_MOST, 1.25, "≤ 1.25"};

static const struct column columns[] = {
    {.head = "", .align = ALIGN_LEFT},        {.head = "Goal", .align = ALIGN_RIGHT},
    {.head = "Found", .align = ALIGN_RIGHT},  {.head = "95 %", .align = ALIGN_RIGHT},
    {.head = "Reached", .align = ALIGN_LEFT},
};

struct sheet {
    const struct calibration *calibration;
    struct score quiet[QUANTITIES], loaded[QUANTITIES]; /* in blocks of ROUNDS_DEFAULT */
    struct score thorough; /* of quiet, by CPU, in blocks of ROUNDS_THOROUGH */
    struct grid grid;
    bool missed; /* a goal */
};

/* ---- the table ---- */

/* A figure that could not be had, NAN, misses its goal. */
static void add_reached(struct sheet *sheet, const struct goal *goal, double value)
{
    bool reached =
        goal->sense == GOAL_AT_MOST ? value <= goal->limit : value >= goal->limit;
    if (goal->sense == GOAL_NONE) {
        grid_add(&sheet->grid, "%s", "");
        return;
    }
    grid_add(&sheet->grid, "%s", reached ? "yes" : "NO");
    sheet->missed |= !reached;
}

static void add_rate(struct sheet *sheet, const char *what, const struct goal *goal,
                     const struct rate *rate)
{
    struct interval interval = rate_interval(rate);
    grid_add(&sheet->grid, "%s", what);
    grid_add(&sheet->grid, "%s", goal->text);
    grid_add(&sheet->grid, "%zu of %zu", rate->hits, rate->tries);
    grid_add(&sheet->grid, "%s %%", figure_range(interval, figure_percent).text);
    add_reached(sheet, goal, interval.mid);
}

/* `found` is the value as it is shown. */
static void add_value(struct sheet *sheet, const char *what, const struct goal *goal,
                      double value, const char *found)
{
    grid_add(&sheet->grid, "%s", what);
    grid_add(&sheet->grid, "%s", goal->text);
    grid_add(&sheet->grid, "%s", found);
    grid_add(&sheet->grid, "%s", "");
    add_reached(sheet, goal, value);
}

static void add_false_verdicts(struct sheet *sheet)
{
    const struct score *quiet = sheet->quiet, *loaded = sheet->loaded;
    add_rate(sheet, "Same server told apart by CPU, quiet", &few_false,
             &quiet[QUANTITY_CPU].same);
    add_rate(sheet, "Same server told apart by req/s, quiet", &few_false,
             &quiet[QUANTITY_RATE].same);
    add_rate(sheet, "Same server told apart by CPU, loaded", &few_false,
             &loaded[QUANTITY_CPU].same);
    add_rate(sheet, "Same server told apart by req/s, loaded", &few_false,
             &loaded[QUANTITY_RATE].same);
}

static const struct goal *extra_goal(int percent, int rounds)
{
    if (percent == 10 && rounds == ROUNDS_DEFAULT)
        return &most_of_default;
    if (percent == 5 && rounds == ROUNDS_THOROUGH)
        return &most_of_thorough;
    return &no_goal;
}

static void add_extra(struct sheet *sheet, int extra, int rounds,
                      const struct score *score)
{
    int percent = extra_percent[extra];
    char *what = alloc_format("%d %% more CPU told apart, %d rounds", percent, rounds);
    add_rate(sheet, what, extra_goal(percent, rounds), &score->extra[extra]);
    free(what);
}

static void add_costs(struct sheet *sheet)
{
    const struct run *six = &sheet->calibration->six;
    struct rate thrown_out = tally_thrown_out(six);
    struct summary summary;
    summary_make(&summary, six);
    double share = summary.harness_share, ratio = six->wall_s / summary.tool_wall_s;
    char *percent = alloc_format("%s %%", figure_short(share * 100).text);
    add_rate(sheet, "Good servers' trials thrown out, quiet", &no_alarm, &thrown_out);
    add_value(sheet, "Share of a core that abacus takes in a trial", &small_share, share,
              percent);
    add_value(sheet, "Time of a run / time of its load tools", &little_longer, ratio,
              figure_short(ratio).text);
    free(percent);
    summary_free(&summary);
}

static void write_table(struct sheet *sheet, struct page *page)
{
    grid_init(&sheet->grid, columns, sizeof columns / sizeof *columns);
    add_false_verdicts(sheet);
    for (int i = 0; i < EXTRAS; i++) {
        add_extra(sheet, i, ROUNDS_DEFAULT, &sheet->quiet[QUANTITY_CPU]);
        add_extra(sheet, i, ROUNDS_THOROUGH, &sheet->thorough);
    }
    add_costs(sheet);
    grid_write(&sheet->grid, page);
    grid_free(&sheet->grid);
}

/* ---- what it rests on ---- */

static void write_same(struct page *page, const char *when, const struct score *scores)
{
    const struct score *by_cpu = &scores[QUANTITY_CPU];
    size_t blocks = by_cpu->tables.tries;
    page_item(
        page,
        "Same server, %s: %zu comparisons in each of %zu runs of %d rounds. A false "
        "one was in %zu of these runs by CPU, in %zu by requests per second.",
        when, blocks > 0 ? by_cpu->same.tries / blocks : 0, blocks, ROUNDS_DEFAULT,
        by_cpu->tables.hits, scores[QUANTITY_RATE].tables.hits);
}

static void write_extra(struct page *page, const struct run *run)
{
    for (int i = 0; i < EXTRAS; i++) {
        struct interval ratio = score_extra_ratio(run, extra_percent[i]);
        page_item(page, "%d %% more CPU: found as %s %% (%s to %s) over all %d rounds.",
                  extra_percent[i], figure_change(ratio.mid).text,
                  figure_change(ratio.low).text, figure_change(ratio.high).text,
                  run->rounds);
    }
}

static void write_thrown_out(struct page *page, const char *what, const struct run *run)
{
    struct rate thrown_out = tally_thrown_out(run);
    char *rules = tally_rules(run);
    page_item(page, "%s: %zu of %zu trials thrown out%s%s.", what, thrown_out.hits,
              thrown_out.tries, *rules ? ": " : "", rules);
    for (size_t i = 0; i < run->note_count; i++)
        page_item(page, "%s: note: %s", what, run->notes[i]);
    free(rules);
}

static const char *machine_fact(const struct run *run, const char *name)
{
    for (size_t i = 0; i < run->machine_count; i++)
        if (strcmp(run->machine[i].name, name) == 0)
            return run->machine[i].value;
    return "unknown";
}

/* Owned by the caller. */
static char *join_titles(const struct suite *suite)
{
    char *joined = alloc_copy("");
    for (size_t i = 0; i < suite->load_count; i++) {
        char *longer =
            alloc_format("%s%s%s", joined, i > 0 ? ", " : "", suite->loads[i].title);
        free(joined);
        joined = longer;
    }
    return joined;
}

static void write_basis(const struct sheet *sheet, struct page *page)
{
    const struct calibration *calibration = sheet->calibration;
    const struct run *quiet = &calibration->quiet, *six = &calibration->six;
    page_text(
        page,
        "Told apart is what the tables call so, each run judged by itself: the same "
        "server in any table of a run, an extra cost in the table of all loads together. "
        "But by requests per second servers are compared here also where the load tool "
        "was the limit, which the tables refuse. 95 %%: the exact interval of a rate "
        "(Clopper and Pearson); comparisons within a run are not independent, so in "
        "the first four rows it is somewhat too narrow.");
    write_same(page, "quiet", sheet->quiet);
    write_same(page, "loaded by another program at times", sheet->loaded);
    write_extra(page, quiet);
    write_thrown_out(page, "quiet", quiet);
    write_thrown_out(page, "loaded", &calibration->loaded);
    write_thrown_out(page, "good servers", six);
    char *loads = join_titles(&quiet->suite);
    page_text(page,
              "The loads were %s; for the last three rows, the suite '%s', rounds: %d. "
              "Measured %s on %s, %s; %s.",
              loads, six->suite.name, six->rounds, quiet->started,
              machine_fact(quiet, "CPU"), machine_fact(quiet, "cores"),
              machine_fact(quiet, "kernel"));
    free(loads);
}

bool sheet_write(struct page *page, const struct calibration *calibration)
{
    struct sheet sheet = {.calibration = calibration};
    for (enum quantity i = 0; i < QUANTITIES; i++) {
        score_make(&sheet.quiet[i], &calibration->quiet, ROUNDS_DEFAULT, i);
        score_make(&sheet.loaded[i], &calibration->loaded, ROUNDS_DEFAULT, i);
    }
    score_make(&sheet.thorough, &calibration->quiet, ROUNDS_THOROUGH, QUANTITY_CPU);
    page_heading(page, 1, "Calibration");
    write_table(&sheet, page);
    write_basis(&sheet, page);
    return !sheet.missed;
}
