/* marks.c - the marks beside figures, and what they stand for.
 * SPDX-License-Identifier: MIT */
#include "report/marks.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "render/names.h"

#include <stdlib.h>
#include <string.h>

static bool threw_out(const struct cell *cell)
{
    return cell->rounds > 0 && cell->invalid + cell->disturbed > 0;
}

static bool flagged(const struct cell *cell)
{
    return cell->rounds > 0 && cell->flags.count > 0;
}

const char *marks_of(const struct cell *cell)
{
    static const char *const marks[2][2] = {{"", " †"}, {" *", " *†"}};
    return marks[threw_out(cell)][flagged(cell)];
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

/* "invalid", "disturbed", "2 disturbed, 1 invalid"; owned by the caller. */
static char *verdict_counts(const struct cell *cell)
{
    if (cell->invalid == 0)
        return alloc_copy(verdict_name(VERDICT_DISTURBED));
    if (cell->disturbed == 0)
        return alloc_copy(verdict_name(VERDICT_INVALID));
    return alloc_format("%zu disturbed, %zu invalid", cell->disturbed, cell->invalid);
}

/* What became of the rounds; owned by the caller. */
static char *rounds_left(const struct cell *cell)
{
    if (cell->uncounted == 0)
        return alloc_copy("and made up for");
    return alloc_format("and %zu of %zu rounds left without a trial that counts",
                        cell->uncounted, cell->uncounted + cell->rounds);
}

static void explain_thrown_out(struct page *page, const struct cell *cell)
{
    char *counts = verdict_counts(cell), *left = rounds_left(cell);
    size_t thrown_out = cell->invalid + cell->disturbed;
    page_item(page, "* %s: %zu attempt%s thrown out (%s) %s; the last: %s.",
              name_label(cell->server->name).text, thrown_out, thrown_out == 1 ? "" : "s",
              counts, left, cell->reason);
    free(left);
    free(counts);
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
    size_t rounds = table->cells[at].rounds;
    const char *others = names.count > 1 ? "; the others with figures of their own" : "";
    if (flag->rounds == 0 || rounds == 1)
        page_item(page, "† %s: %s%s.", joined, words, others);
    else
        page_item(page, "† %s: %s%s, in %zu of %zu rounds%s.", joined, words,
                  names.count > 1 ? " for the first" : "", flag->rounds, rounds, others);
    free(words);
    free(joined);
    names_free(&names);
}

void marks_explain(struct page *page, const struct table *table)
{
    for (size_t c = 0; c < table->cell_count; c++)
        if (threw_out(&table->cells[c]))
            explain_thrown_out(page, &table->cells[c]);
    for (size_t c = 0; c < table->cell_count; c++) {
        const struct cell *cell = &table->cells[c];
        for (size_t i = 0; flagged(cell) && i < cell->flags.count; i++)
            if (!told_before(table, c, &cell->flags.items[i]))
                explain_flag(page, table, c, &cell->flags.items[i]);
    }
}
