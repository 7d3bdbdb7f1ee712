/* plot_ratios.c - the columns of the paired ratios: each server against the reference, under
 * each load.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/figure.h"
#include "render/names.h"
#include "report/plot_data.h"

#include <math.h>
#include <stdlib.h>

/* The reference's place among the cells of a table. */
static size_t reference_place(const struct report *report, const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].server == report->reference)
            return i;
    return table->comparisons[QUANTITY_CPU].order[0];
}

static const char *relation_word(enum relation relation)
{
    static const char *const words[] = {
        [RELATION_LESS] = "apart", [RELATION_MORE] = "apart", [RELATION_TIE] = "tie",
        [RELATION_OPEN] = "open",  [RELATION_NONE] = "none",
    };
    return words[relation];
}

/* By one figure. */
struct ratio {
    struct interval ratio;
    const char *relation;
    char *label; /* owned */
};

struct ratio_row {
    struct plot_row row;
    char *heading; /* owned */
    size_t is_reference;
    struct ratio of[QUANTITIES];
    double floors[QUANTITIES];
};

static const struct column columns[] = {
    {.name = "row", .kind = COLUMN_COUNT, .offset = offsetof(struct ratio_row, row.at)},
    {.name = "load",
     .kind = COLUMN_COUNT,
     .offset = offsetof(struct ratio_row, row.group)},
    {.name = "load_name", .offset = offsetof(struct ratio_row, heading)},
    {.name = "server_name", .text = plot_server_text},
    {.name = "is_reference",
     .kind = COLUMN_COUNT,
     .offset = offsetof(struct ratio_row, is_reference)},
    {.name = "rate",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct ratio_row, of[QUANTITY_RATE].ratio)},
    {.name = "rate_relation",
     .offset = offsetof(struct ratio_row, of[QUANTITY_RATE].relation)},
    {.name = "rate_label", .offset = offsetof(struct ratio_row, of[QUANTITY_RATE].label)},
    {.name = "cpu",
     .kind = COLUMN_INTERVAL,
     .offset = offsetof(struct ratio_row, of[QUANTITY_CPU].ratio)},
    {.name = "cpu_relation",
     .offset = offsetof(struct ratio_row, of[QUANTITY_CPU].relation)},
    {.name = "cpu_label", .offset = offsetof(struct ratio_row, of[QUANTITY_CPU].label)},
    {.name = "rate_floor",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct ratio_row, floors[QUANTITY_RATE])},
    {.name = "cpu_floor",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct ratio_row, floors[QUANTITY_CPU])},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* Two that were both limited by the load tool are not compared by their rates. */
static char *label_make(const struct pair *pair, bool is_reference)
{
    if (is_reference)
        return alloc_copy("the reference");
    if (pair->rounds == 0)
        return alloc_copy("–");
    if (pair->relation == RELATION_NONE)
        return alloc_copy("not compared");
    if (pair->rounds == 1)
        return alloc_copy(figure_short(pair->ratio.mid).text);
    return alloc_format("%s  %s", figure_short(pair->ratio.mid).text,
                        figure_range(pair->ratio, figure_short).text);
}

static struct ratio ratio_make(const struct comparison *comparison, size_t place,
                               size_t reference)
{
    struct pair pair = comparison_pair(comparison, place, reference);
    const struct interval none = {NAN, NAN, NAN};
    return (struct ratio){
        .ratio = pair.relation == RELATION_NONE ? none : pair.ratio,
        .relation = relation_word(pair.relation),
        .label = label_make(&pair, place == reference),
    };
}

/* A server that has nothing to be compared with has a row all the same. */
static void write_row(FILE *out, const struct report *report, const struct plot_row *row,
                      size_t reference)
{
    const struct table *table = &report->summary->tables[row->group - 1];
    size_t place = (size_t)(row->cell - table->cells);
    struct ratio_row values = {
        .row = *row,
        .heading = alloc_format("%s: %s, against %s", row->load->name, row->load->title,
                                name_label(table->cells[reference].server->name).text),
        .is_reference = place == reference,
    };
    for (enum quantity q = 0; q < QUANTITIES; q++) {
        const struct noise_floor *noise_floor = &table->floors[q];
        values.of[q] = ratio_make(&table->comparisons[q], place, reference);
        values.floors[q] = noise_floor->control ? noise_floor->delta : NAN;
    }
    columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &values);
    for (enum quantity q = 0; q < QUANTITIES; q++)
        free(values.of[q].label);
    free(values.heading);
}

void ratios_write(FILE *out, const struct report *report)
{
    size_t at = 0;
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t l = 0; l < report->summary->table_count; l++) {
        const struct table *table = &report->summary->tables[l];
        size_t reference = reference_place(report, table);
        if (table->load->slo >
            0) /* compared by the rate alone, in a picture of its own */
            continue;
        for (size_t i = 0; i < table->cell_count; i++)
            write_row(
                out, report,
                &(struct plot_row){
                    .at = at + i + 1,
                    .group = l + 1,
                    .load = table->load,
                    .cell = &table->cells[table->comparisons[QUANTITY_CPU].order[i]]},
                reference);
        at += table->cell_count;
    }
}

bool ratios_apply(const struct report *report)
{
    for (size_t l = 0; l < report->summary->table_count; l++) {
        const struct table *table = &report->summary->tables[l];
        size_t count = 0;
        for (size_t s = 0; s < table->cell_count; s++)
            count += table->load->slo == 0 && table->cells[s].rounds > 0;
        if (count > 1)
            return true;
    }
    return false;
}
