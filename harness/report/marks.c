/* marks.c - the marks beside figures, and what they stand for.
 * SPDX-License-Identifier: MIT */
#include "report/marks.h"

#include "base/alloc.h"
#include "report/names.h"

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
    if (cell->failed == 0)
        return alloc_copy("and made up for");
    return alloc_format("and %zu of %zu rounds left without a trial that counts",
                        cell->failed, cell->failed + cell->rounds);
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

static void explain_flag(struct page *page, const struct cell *cell,
                         const struct flag *flag)
{
    struct label name = name_label(cell->server->name);
    if (flag->rounds == 0 || cell->rounds == 1)
        page_item(page, "† %s: %s.", name.text, flag->text);
    else
        page_item(page, "† %s, in %zu of %zu rounds, the last time: %s.", name.text,
                  flag->rounds, cell->rounds, flag->text);
}

void marks_explain(struct page *page, const struct table *table)
{
    for (size_t c = 0; c < table->cell_count; c++) {
        const struct cell *cell = &table->cells[c];
        if (threw_out(cell))
            explain_thrown_out(page, cell);
        for (size_t i = 0; flagged(cell) && i < cell->flags.count; i++)
            explain_flag(page, cell, &cell->flags.items[i]);
    }
}
