/* answer.c - what came out, in a few sentences.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>

/* Appends to an owned text, and returns the new one. */
static char *append(char *text, char *more)
{
    char *longer = alloc_format("%s%s", text, more);
    free(text);
    free(more);
    return longer;
}

/* "16.6 µs", "35,948" */
static struct figure figure_of(const struct cell *cell, enum quantity quantity)
{
    if (quantity == QUANTITY_RATE)
        return figure_count(cell->requests_per_second.mid);
    struct figure time = figure_short(cell->cpu_us_per_request.mid);
    struct figure with_unit;
    snprintf(with_unit.text, sizeof with_unit.text, "%.50s µs", time.text);
    return with_unit;
}

static bool has_figure(const struct cell *cell, enum quantity quantity)
{
    return isfinite(quantity == QUANTITY_RATE ? cell->requests_per_second.mid
                                              : cell->cpu_us_per_request.mid);
}

/* The others, by how they compare with the first of an order. */
struct others {
    char *
        apart; /* "; fork with 7.88 times that (5.91–8.29)" for each that is told apart */
    struct names open;
};

/* Two that were both at the load tool's limit are not compared: say_limit names them. */
static void sort_other(struct others *others, const struct cell *cell,
                       const struct pair *pair)
{
    const char *name = cell->server->name;
    if (pair->relation == RELATION_TIE || pair->relation == RELATION_OPEN)
        names_add(&others->open, name);
    if (pair->relation == RELATION_LESS || pair->relation == RELATION_MORE)
        others->apart = append(
            others->apart,
            alloc_format("%s%s with %s times that (%s)", others->apart[0] ? "; " : "",
                         name_label(name).text, figure_short(pair->ratio.mid).text,
                         figure_range(pair->ratio, figure_short).text));
}

static void others_collect(struct others *others, const struct table *table,
                           enum quantity quantity)
{
    const struct comparison *comparison = &table->comparisons[quantity];
    *others = (struct others){.apart = alloc_copy("")};
    for (size_t i = 1; i < comparison->servers; i++) {
        size_t place = comparison->order[i];
        struct pair pair = comparison_pair(comparison, place, comparison->order[0]);
        if (has_figure(&table->cells[place], quantity))
            sort_other(others, &table->cells[place], &pair);
    }
}

static void others_free(struct others *others)
{
    free(others->apart);
    names_free(&others->open);
}

/* Of servers at the load tool's limit none is first: their order is chance. */
static char *describe_first(const struct cell *first, const struct load *load,
                            enum quantity quantity)
{
    if (quantity == QUANTITY_RATE && first->bound == BOUND_CLIENT)
        return alloc_format("By %s none comes first: %s was the limit of the fastest.",
                            quantity_name(quantity), load->tool);
    return alloc_format("By %s %s comes first with %s.", quantity_name(quantity),
                        name_label(first->server->name).text,
                        figure_of(first, quantity).text);
}

/* "By CPU per request libev comes first with 16.6 µs. Told apart from it: …" */
static void say_order(struct page *page, const struct table *table,
                      enum quantity quantity)
{
    const struct comparison *comparison = &table->comparisons[quantity];
    if (comparison->servers == 0 ||
        !has_figure(&table->cells[comparison->order[0]], quantity))
        return;
    const struct cell *first = &table->cells[comparison->order[0]];
    struct others others;
    others_collect(&others, table, quantity);
    bool limited = quantity == QUANTITY_RATE && first->bound == BOUND_CLIENT;
    const char *it = limited ? "them" : "it";
    char *text = describe_first(first, table->load, quantity);
    if (others.apart[0])
        text = append(text, alloc_format(" Told apart from %s: %s.", it, others.apart));
    char *open = names_join(&others.open);
    if (open[0])
        text = append(text, alloc_format(" Not told apart from %s: %s.", it, open));
    page_item(page, "%s", text);
    free(open);
    free(text);
    others_free(&others);
}

static void say_limit(struct page *page, const struct table *table)
{
    struct names names = {0};
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].trials > 0 && table->cells[i].bound == BOUND_CLIENT)
            names_add(&names, table->cells[i].server->name);
    char *joined = names_join(&names);
    if (names.count > 0)
        page_item(
            page,
            "%s, not the server, was the limit for %s: such requests per second say "
            "how fast %s is.",
            table->load->tool, joined, table->load->tool);
    free(joined);
    names_free(&names);
}

static void say_absent(struct page *page, const struct table *table)
{
    char *text = alloc_copy("");
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        if (cell_absence(cell))
            text = append(text, alloc_format("%s%s (%s)", text[0] ? ", " : "",
                                             name_label(cell->server->name).text,
                                             cell_absence(cell)));
    }
    if (text[0])
        page_item(page, "Without figures: %s.", text);
    free(text);
}

static void warn_untrustworthy(struct page *page, const struct summary *summary)
{
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        if (summary->floors[quantity].rounds > 0 &&
            !summary->floors[quantity].trustworthy)
            page_text(page,
                      "NOT TRUSTWORTHY in %s: one server, entered twice, differs from "
                      "itself by more than it should, so something else than the servers "
                      "makes a difference in this run.",
                      quantity_name(quantity));
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
    const struct run *run = report->run;
    const struct summary *summary = report->summary;
    if (!any_figures(summary)) {
        page_text(page, "There is none: of %zu trials and %zu slices not one counts.",
                  run->trial_count, run->slice_count);
        return;
    }
    warn_untrustworthy(page, summary);
    if (summary->overall.cell_count > 1) {
        page_heading(page, 3, "All loads together");
        say_order(page, &summary->overall, QUANTITY_CPU);
    }
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct table *table = &summary->tables[i];
        page_heading(page, 3, "%s: %s", table->load->name, table->load->title);
        say_order(page, table, QUANTITY_CPU);
        say_order(page, table, QUANTITY_RATE);
        say_limit(page, table);
        say_absent(page, table);
    }
    if (summary->shift_count > 0)
        page_heading(page, 3, "From %s to %s", run->suite.compare_from,
                     run->suite.compare_to);
    shifts_say(page, report);
}
