/* provisional.c - the ranking after the first round, for who watches a run.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/grid.h"
#include "render/names.h"

#include <stdlib.h>

/* "libev 16.6, epoll 17.0, fork failed"; owned by the caller. */
static char *ranking_words(const struct table *table)
{
    char *words = alloc_copy("");
    bool by_rate = table->load->slo > 0;
    enum quantity quantity = by_rate ? QUANTITY_RATE : QUANTITY_CPU;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[table->comparisons[quantity].order[i]];
        const char *absence = cell_absence(cell);
        char *longer = alloc_format(
            "%s%s%s %s", words, i ? ", " : "", name_label(cell->server->name).text,
            absence   ? absence
            : by_rate ? figure_count(cell->knee.rate.mid).text
                      : figure_short(cell->cpu_us_per_request.mid).text);
        free(words);
        words = longer;
    }
    return words;
}

void provisional_write(FILE *out, const struct report *report)
{
    const struct summary *summary = report->summary;
    static const struct column columns[] = {{.head = NULL}, {.head = NULL}};
    struct page page = {.out = out, .format = FORMAT_TEXT};
    struct grid grid;
    page_text(&page,
              "Provisional, after round %d of %d: %s, sorted; the order may be chance.",
              summary->rounds_done, report->run->rounds,
              knees_apply(report) ? "requests per second in time" : "CPU µs per request");
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < summary->table_count; i++) {
        char *words = ranking_words(&summary->tables[i]);
        grid_add(&grid, "%s", summary->tables[i].load->name);
        grid_add(&grid, "%s", words);
        free(words);
    }
    grid_write(&grid, &page);
    grid_free(&grid);
}
