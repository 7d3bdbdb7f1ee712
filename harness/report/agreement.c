/* agreement.c - do the load tools agree? Where two of them measured the same, side by side.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "render/grid.h"
#include "render/names.h"

#include <stdlib.h>
#include <string.h>

/* The tables of loads that ask the same by different tools. */
struct group {
    const struct table **tables; /* owned, the tables borrowed */
    size_t count;
};

static bool asks_the_same(const struct load *a, const struct load *b)
{
    return strcmp(a->path, b->path) == 0 && a->concurrency == b->concurrency &&
           a->keepalive == b->keepalive;
}

static bool has_tool(const struct group *group, const char *tool)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->tables[i]->load->tool, tool) == 0)
            return true;
    return false;
}

/* All that ask what table `first` asks, a tool once; none if a table before it asks that. */
static void group_make(struct group *group, const struct summary *summary, size_t first)
{
    const struct load *load = summary->tables[first].load;
    *group = (struct group){
        .tables = alloc_zeroed(summary->table_count, sizeof(struct table *))};
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct table *table = &summary->tables[i];
        if (!asks_the_same(table->load, load))
            continue;
        if (i < first)
            return;
        if (!has_tool(group, table->load->tool))
            group->tables[group->count++] = table;
    }
}

/* ---- the figures ---- */

static void add_figures(struct grid *grid, const struct group *group,
                        const struct run_server *server)
{
    grid_add(grid, "%s", name_label(server->name).text);
    for (size_t i = 0; i < group->count; i++) {
        const struct cell *cell = table_cell(group->tables[i], server);
        grid_add(grid, "%s", figure_short(cell->cpu_us_per_request.mid).text);
    }
    for (size_t i = 0; i < group->count; i++) {
        const struct cell *cell = table_cell(group->tables[i], server);
        grid_add(grid, "%s", figure_count(cell->requests_per_second.mid).text);
    }
}

/* In the first tool's order by CPU per request. */
static void write_figures(struct page *page, const struct group *group)
{
    size_t column_count = 1 + QUANTITIES * group->count;
    struct column *columns = alloc_zeroed(column_count, sizeof *columns);
    columns[0].head = "Server";
    for (size_t i = 0; i < group->count; i++) {
        const char *tool = group->tables[i]->load->tool;
        columns[1 + i] = (struct column){
            .group = "CPU µs/request", .head = tool, .align = ALIGN_RIGHT};
        columns[1 + group->count + i] = (struct column){
            .group = "Requests per second", .head = tool, .align = ALIGN_RIGHT};
    }
    const struct table *first = group->tables[0];
    struct grid grid;
    grid_init(&grid, columns, column_count);
    for (size_t i = 0; i < first->cell_count; i++) {
        size_t place = first->comparisons[QUANTITY_CPU].order[i];
        add_figures(&grid, group, first->cells[place].server);
    }
    grid_write(&grid, page);
    grid_free(&grid);
    free(columns);
}

/* ---- the orders ---- */

/* Two tables, and the figure by which they rank. */
struct match {
    const struct table *a, *b;
    enum quantity quantity;
    size_t same, opposite; /* pairs of servers that differ significantly by both */
};

/* How the servers of two of a's cells are related in another table. */
static enum relation relation_in(const struct table *table, enum quantity quantity,
                                 const struct cell *x, const struct cell *y)
{
    const struct cell *there_x = table_cell(table, x->server);
    const struct cell *there_y = table_cell(table, y->server);
    return comparison_pair(&table->comparisons[quantity],
                           (size_t)(there_x - table->cells),
                           (size_t)(there_y - table->cells))
        .relation;
}

static bool told_apart(enum relation relation)
{
    return relation == RELATION_LESS || relation == RELATION_MORE;
}

static void say_contradiction(struct page *page, const struct match *match,
                              const struct cell *less, const struct cell *more)
{
    page_item(page, "CONTRADICTION in %s: %s has less than %s by %s, and more by %s.",
              quantity_name(match->quantity), name_label(less->server->name).text,
              name_label(more->server->name).text, match->a->load->tool,
              match->b->load->tool);
}

static void match_pair(struct page *page, struct match *match, const struct cell *x,
                       const struct cell *y)
{
    enum relation a = relation_in(match->a, match->quantity, x, y);
    enum relation b = relation_in(match->b, match->quantity, x, y);
    if (!told_apart(a) || !told_apart(b))
        return;
    if (a == b) {
        match->same++;
        return;
    }
    match->opposite++;
    if (a == RELATION_LESS)
        say_contradiction(page, match, x, y);
    else
        say_contradiction(page, match, y, x);
}

static void match_write(struct page *page, struct match *match)
{
    const struct table *a = match->a;
    for (size_t x = 0; x < a->cell_count; x++)
        for (size_t y = x + 1; y < a->cell_count; y++)
            match_pair(page, match, &a->cells[x], &a->cells[y]);
    const char *name = quantity_name(match->quantity);
    const char *one = a->load->tool, *other = match->b->load->tool;
    size_t both = match->same + match->opposite;
    if (both == 0)
        page_item(page, "%s and %s, by %s: no two servers differ significantly by both.",
                  one, other, name);
    else if (match->opposite == 0)
        page_item(page,
                  "%s and %s, by %s: they agree on the order of all servers that differ "
                  "significantly by both (%zu pair%s).",
                  one, other, name, both, both == 1 ? "" : "s");
    else
        page_item(
            page,
            "%s and %s, by %s: they disagree on the order of %zu of the %zu pairs of "
            "servers that differ significantly by both. Which of them is right for you "
            "depends on "
            "what your clients are like.",
            one, other, name, match->opposite, both);
}

static void write_orders(struct page *page, const struct group *group)
{
    for (enum quantity q = QUANTITIES; q-- > 0;)
        for (size_t a = 0; a < group->count; a++)
            for (size_t b = a + 1; b < group->count; b++)
                match_write(page, &(struct match){.a = group->tables[a],
                                                  .b = group->tables[b],
                                                  .quantity = q});
}

static void write_group(struct page *page, const struct group *group)
{
    const struct load *load = group->tables[0]->load;
    page_heading(page, 3, "%s, %s connections at a time, %s", load->path,
                 figure_count(load->concurrency).text,
                 load->keepalive ? "kept" : "one for each request");
    write_figures(page, group);
    write_orders(page, group);
}

bool agreement_applies(const struct report *report)
{
    const struct summary *summary = report->summary;
    bool several = false;
    for (size_t i = 0; i < summary->table_count && !several; i++) {
        struct group group;
        group_make(&group, summary, i);
        several = group.count > 1;
        free(group.tables);
    }
    return several;
}

void agreement_write(struct page *page, const struct report *report)
{
    const struct summary *summary = report->summary;
    glossary_text(page, "load-tools", NULL);
    for (size_t i = 0; i < summary->table_count; i++) {
        struct group group;
        group_make(&group, summary, i);
        if (group.count > 1)
            write_group(page, &group);
        free(group.tables);
    }
}
