/* knees.c - the highest rate at which each server still answers in time.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "render/figure.h"
#include "render/glossary.h"
#include "render/names.h"
#include "report/figures.h"
#include "report/verdicts.h"

#include <math.h>
#include <stdlib.h>

static bool has_knees(const struct table *table)
{
    return table->load->slo > 0;
}

bool knees_apply(const struct report *report)
{
    for (size_t i = 0; i < report->summary->table_count; i++)
        if (has_knees(&report->summary->tables[i]))
            return true;
    return false;
}

bool costs_asked(const struct report *report)
{
    for (size_t i = 0; i < report->summary->table_count; i++)
        if (!has_knees(&report->summary->tables[i]))
            return true;
    return false;
}

/* The cells are sorted by it; the last that has one. */
static const struct cell *last_with_knee(const struct table *table)
{
    const struct cell *last = NULL;
    for (size_t i = 0; i < table->cell_count; i++)
        if (isfinite(table->cells[i].knee.rate.mid))
            last = &table->cells[i];
    return last;
}

static void say_span(struct page *page, const struct table *table)
{
    const struct cell *first = &table->cells[0], *last = last_with_knee(table);
    if (!last)
        return;
    page_item(page, "%s answers 99 %% within %d ms up to %s%s requests per second.",
              name_label(first->server->name).text, table->load->slo,
              first->knee.limited ? "at least " : "",
              figure_count(first->knee.rate.mid).text);
    if (last != first)
        page_item(page, "%s does so up to %s, which is the least: %s %% of that.",
                  name_label(last->server->name).text,
                  figure_count(last->knee.rate.mid).text,
                  figure_percent(last->knee.rate.mid / first->knee.rate.mid).text);
}

static void say_limited(struct page *page, const struct table *table)
{
    struct names names = {0};
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].knee.limited)
            names_add(&names, table->cells[i].server->name);
    char *joined = names_join(&names);
    if (names.count > 0)
        glossary_item(page, "knee-limited", joined, NULL);
    free(joined);
    names_free(&names);
}

static void write_table(struct page *page, const struct table *table)
{
    static const char *const names[] = {"knee_per_second", "requests_per_second_tie",
                                        "knee_limit", "rounds", NULL};
    figures_write_table(page, names, table->load->title, table);
    say_limited(page, table);
}

void knees_answer(struct page *page, const struct report *report)
{
    for (size_t i = 0; i < report->summary->table_count; i++)
        if (has_knees(&report->summary->tables[i]))
            say_span(page, &report->summary->tables[i]);
}

void knees_show(struct page *page, const struct report *report)
{
    for (size_t i = 0; i < report->summary->table_count; i++)
        if (has_knees(&report->summary->tables[i]))
            write_table(page, &report->summary->tables[i]);
}

void knees_write(struct page *page, const struct report *report)
{
    glossary_text(page, "knee", NULL);
    knees_show(page, report);
    for (size_t i = 0; i < report->summary->table_count; i++)
        if (has_knees(&report->summary->tables[i]))
            verdicts_write(page, &report->summary->tables[i], QUANTITY_RATE);
}
