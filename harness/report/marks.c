/* marks.c - the marks beside figures, and what they stand for.
 * SPDX-License-Identifier: MIT */
#include "report/marks.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "render/names.h"

#include <stdlib.h>
#include <string.h>

static bool has_failures(const struct cell *cell)
{
    return !cell_absence(cell) && cell->trials_invalid + cell->slices.wrong > 0;
}

static bool flagged(const struct cell *cell)
{
    return !cell_absence(cell) && cell->flags.count > 0;
}

/* These change how a figure is read: the kernel's timers are in its times, or it was not measured as
 * the others were. Of all else a note will do. */
static bool is_marked(const struct flag *flag)
{
    static const char *const rules[] = {"retries",  "ladder",       "overflows",
                                        "resets",   "stall",        "cores",
                                        "requests", "several-cores"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(flag->rule, rules[i]) == 0)
            return true;
    return false;
}

static bool has_mark(const struct cell *cell)
{
    for (size_t i = 0; flagged(cell) && i < cell->flags.count; i++)
        if (is_marked(&cell->flags.items[i]))
            return true;
    return false;
}

const char *marks_of(const struct cell *cell)
{
    static const char *const marks[2][2] = {{"", " †"}, {" *", " *†"}};
    return marks[has_failures(cell)][has_mark(cell)];
}

/* The checks that look for packets that the kernel sent again. */
const char *marks_of_longest(const struct cell *cell)
{
    for (size_t i = 0; i < cell->flags.count; i++)
        if (strcmp(cell->flags.items[i].rule, "retries") == 0 ||
            strcmp(cell->flags.items[i].rule, "ladder") == 0)
            return "†";
    return "";
}

static void explain_failures(struct page *page, const struct cell *cell)
{
    page_item(page, "* %s: %zu of its trials and %zu of %zu slices failed; the last: %s.",
              name_label(cell->server->name).text, cell->trials_invalid,
              cell->slices.wrong, cell->slices.slices, cell->reason);
}

static bool is_alike(const struct flag *a, const struct flag *b)
{
    return strcmp(a->rule, b->rule) == 0 && a->quantity == b->quantity;
}

char *flag_words(const struct flag *flag)
{
    return flag->quantity < QUANTITIES
               ? spread_words(flag)
               : judge_words(flag->rule, flag->value, flag->limit);
}

static const struct flag *find_alike(const struct cell *cell, const struct flag *flag)
{
    for (size_t i = 0; flagged(cell) && i < cell->flags.count; i++)
        if (is_alike(&cell->flags.items[i], flag))
            return &cell->flags.items[i];
    return NULL;
}

/* Whether a cell above this one has told it already. */
static bool told_before(const struct table *table, size_t at, const struct flag *flag)
{
    for (size_t c = 0; c < at; c++)
        if (find_alike(&table->cells[c], flag))
            return true;
    return false;
}

/* One line for all servers with the same flag: the words once, with the first one's
 * figures; the others' are in abacus explain. */
static void explain_flag(struct page *page, const struct table *table, size_t at,
                         const struct flag *flag)
{
    struct names names = {0};
    for (size_t c = at; c < table->cell_count; c++)
        if (find_alike(&table->cells[c], flag))
            names_add(&names, table->cells[c].server->name);
    char *joined = names_join(&names), *words = flag_words(flag);
    size_t trials = table->cells[at].trials;
    const char *first = names.count > 1 ? " (the first of them)" : "";
    const char *mark = is_marked(flag) ? "† " : "";
    if (flag->trials == 0 || trials == 1)
        page_item(page, "%s%s: %s%s.", mark, joined, words, first);
    else
        page_item(page, "%s%s: %s%s, in %zu of %zu trials.", mark, joined, words, first,
                  flag->trials, trials);
    free(words);
    free(joined);
    names_free(&names);
}

void marks_explain(struct page *page, const struct table *table)
{
    for (size_t c = 0; c < table->cell_count; c++)
        if (has_failures(&table->cells[c]))
            explain_failures(page, &table->cells[c]);
    for (size_t c = 0; c < table->cell_count; c++) {
        const struct cell *cell = &table->cells[c];
        for (size_t i = 0; flagged(cell) && i < cell->flags.count; i++)
            if (!told_before(table, c, &cell->flags.items[i]))
                explain_flag(page, table, c, &cell->flags.items[i]);
    }
}
