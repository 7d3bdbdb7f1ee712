/* answer.c - what came out, in a few sentences.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The table that answers for the run: all loads together, or the only load. */
static const struct table *main_table(const struct summary *summary)
{
    return summary->overall.cell_count > 0 ? &summary->overall : &summary->tables[0];
}

/* ---- who needs the least, and how much more the others need ---- */

static bool has_cost(const struct cell *cell)
{
    return isfinite(cell->cpu_us_per_request.mid);
}

/* "1.13 times as much (1.12–1.15)". */
static char *times_words(const struct cell *cell)
{
    const struct interval *ratio = &cell->cpu_ratio;
    if (!isfinite(ratio->low))
        return alloc_format("%s times as much", figure_short(ratio->mid).text);
    return alloc_format("%s times as much (%s)", figure_short(ratio->mid).text,
                        figure_range(*ratio, figure_short).text);
}

/* Tied with the first, or not significantly different from it, as far as that can be told. */
static bool is_equal(const struct table *table, size_t place)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    if (table->floors[QUANTITY_CPU].rounds < ROUNDS_FOR_INTERVAL)
        return false;
    enum relation relation =
        comparison_pair(comparison, place, comparison->order[0]).relation;
    return relation == RELATION_TIE || relation == RELATION_OPEN;
}

static void find_equals(struct names *names, const struct table *table)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    for (size_t i = 1; i < comparison->servers; i++) {
        size_t place = comparison->order[i];
        if (has_cost(&table->cells[place]) && is_equal(table, place))
            names_add(names, table->cells[place].server->name);
    }
}

/* "epoll comes next with 1.13 times as much (1.12–1.15)": the next that is not equal, and the last. */
static void say_distance(struct page *page, const struct table *table)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    const struct cell *next = NULL, *last = NULL;
    size_t others = 0;
    for (size_t i = 1; i < comparison->servers; i++) {
        size_t place = comparison->order[i];
        if (!has_cost(&table->cells[place]))
            continue;
        others++;
        last = &table->cells[place];
        next = next || is_equal(table, place) ? next : last;
    }
    if (others == 0)
        return;
    char *most = times_words(last);
    if (next && next != last) {
        char *more = times_words(next);
        page_item(page, "%s comes next with %s; %s needs the most, %s.",
                  name_label(next->server->name).text, more,
                  name_label(last->server->name).text, most);
        free(more);
    } else
        page_item(page, "%s needs %s%s.", name_label(last->server->name).text,
                  others > 1 ? "the most, " : "", most);
    free(most);
}

static void say_least(struct page *page, const struct table *table)
{
    const struct cell *first = &table->cells[table->comparisons[QUANTITY_CPU].order[0]];
    struct names equals = {0};
    find_equals(&equals, table);
    char *others = names_join(&equals);
    page_item(page, "%s needs the least CPU%s: %s µs per request%s%s.",
              name_label(first->server->name).text,
              table->load ? "" : ", all loads together",
              figure_short(first->cpu_us_per_request.mid).text,
              equals.count > 0 ? "; not significantly different from it: " : "", others);
    free(others);
    names_free(&equals);
    say_distance(page, table);
}

/* ---- who is alike ---- */

/* Beyond so many groups the table says it better. */
enum { GROUPS_NAMED = 4 };

/* The servers that share the letter; whether the first is one of them. */
static bool find_group(struct names *names, const struct table *table, int letter)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    bool first = false;
    for (size_t i = 0; i < comparison->servers; i++) {
        size_t place = comparison->order[i];
        if (!strchr(comparison->letters[place], letter))
            continue;
        names_add(names, table->cells[place].server->name);
        first = first || i == 0;
    }
    return first;
}

/* Those that are like the first are named with it. */
static void say_alike(struct page *page, const struct table *table)
{
    if (table->floors[QUANTITY_CPU].rounds < ROUNDS_FOR_INTERVAL)
        return;
    char *groups = alloc_copy("");
    size_t count = 0;
    for (int letter = 'a'; letter <= 'z'; letter++) {
        struct names names = {0};
        bool first = find_group(&names, table, letter);
        if (!first && names.count > 1 && count++ < GROUPS_NAMED) {
            char *joined = names_join(&names);
            char *longer = alloc_format("%s%s%s", groups, *groups ? "; " : "", joined);
            free(joined);
            free(groups);
            groups = longer;
        }
        names_free(&names);
    }
    if (count > 0)
        page_item(page, "Not significantly different from each other: %s%s.", groups,
                  count > GROUPS_NAMED ? "; and more, which share a letter" : "");
    free(groups);
}

/* ---- what the requests per second mean ---- */

static void say_limit(struct page *page, const struct summary *summary)
{
    size_t limited = 0, all = 0;
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t c = 0; c < summary->tables[t].cell_count; c++) {
            const struct cell *cell = &summary->tables[t].cells[c];
            all += cell->trials > 0;
            limited += cell->trials > 0 && cell->bound == BOUND_CLIENT;
        }
    if (limited > 0)
        page_item(page,
                  "The load tool was the limit in %zu of %zu rows (bound: client): those "
                  "requests per second say how fast it is, not the server.",
                  limited, all);
    else if (all > 0 && summary->facts.run->client_count > 0)
        page_item(page, "The load tool was the limit in no row: where the server was not "
                        "either (bound: waiting), the requests per second are those of "
                        "the network between.");
    else if (all > 0)
        page_item(page, "The load tool was the limit in no row: the requests per second "
                        "are the servers' own.");
}

/* ---- what failed ---- */

static void say_failed(struct page *page, const struct summary *summary)
{
    for (size_t t = 0; t < summary->table_count; t++) {
        struct names names = {0};
        for (size_t c = 0; c < summary->tables[t].cell_count; c++)
            if (summary->tables[t].cells[c].failed)
                names_add(&names, summary->tables[t].cells[c].server->name);
        char *joined = names_join(&names);
        if (names.count > 0)
            page_item(page, "Failed under %s: %s.", summary->tables[t].load->name,
                      joined);
        free(joined);
        names_free(&names);
    }
}

/* ---- how far it can be trusted ---- */

static void say_quiet(struct page *page, const struct summary *summary,
                      enum quantity quantity)
{
    const struct disturbance *sum = &summary->disturbance;
    const struct noise_floor *noise_floor = &summary->floors[quantity];
    char *quiet = alloc_format(
        "other programs used %.1f %% of a core, and the hypervisor "
        "took away %.1f %%",
        100 * sum->foreign_s / sum->seconds, 100 * sum->steal_s / sum->seconds);
    double throttled_s = summary->facts.run->throttled_s;
    if (throttled_s > 0)
        page_item(page,
                  "A CPU quota stopped server and load tool for %s of the run: start "
                  "abacus outside of it.",
                  figure_duration(throttled_s).text);
    if (noise_floor->rounds >= ROUNDS_FOR_INTERVAL)
        page_item(page, "Noise floor: ±%s %% of %s. Meanwhile %s.",
                  figure_tenths(noise_floor->delta * 100).text, quantity_name(quantity),
                  quiet);
    else if (sum->seconds > 0)
        page_item(page, "Noise floor: not known from so few rounds. Meanwhile %s.",
                  quiet);
    free(quiet);
}

static void warn_untrustworthy(struct page *page, const struct summary *summary)
{
    const struct noise_floor *noise_floor = &summary->floors[QUANTITY_CPU];
    if (noise_floor->rounds > 0 && !noise_floor->trustworthy)
        page_item(
            page,
            "NOT TRUSTWORTHY: %s was measured twice in every block, and the two copies "
            "differed by %s %%.",
            name_label(noise_floor->control->control_of).text,
            figure_change(noise_floor->ratio.mid).text);
}

static bool any_figures(const struct summary *summary)
{
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t c = 0; c < summary->tables[t].cell_count; c++)
            if (!cell_absence(&summary->tables[t].cells[c]))
                return true;
    return false;
}

void answer_write(struct page *page, const struct report *report)
{
    const struct summary *summary = report->summary;
    const struct table *table = main_table(summary);
    if (!any_figures(summary)) {
        page_item(page, "No server has figures: see below for the reasons.");
        return;
    }
    warn_untrustworthy(page, summary);
    if (table->cell_count > 0 &&
        has_cost(&table->cells[table->comparisons[QUANTITY_CPU].order[0]])) {
        say_least(page, table);
        say_alike(page, table);
    }
    knees_answer(page, report);
    say_limit(page, summary);
    say_failed(page, summary);
    say_quiet(page, summary, costs_asked(report) ? QUANTITY_CPU : QUANTITY_RATE);
}
