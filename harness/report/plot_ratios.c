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

static void write_pair(FILE *out, const struct comparison *comparison, size_t place,
                       size_t reference)
{
    struct pair pair = comparison_pair(comparison, place, reference);
    bool compared = pair.relation != RELATION_NONE;
    const struct interval none = {NAN, NAN, NAN};
    struct interval ratio = compared ? pair.ratio : none;
    plot_number(out, ratio.low);
    plot_number(out, ratio.mid);
    plot_number(out, ratio.high);
    fprintf(out, "\t%s", relation_word(pair.relation));
    char *label = label_make(&pair, place == reference);
    plot_text(out, label);
    free(label);
}

static void write_floors(FILE *out, const struct noise_floor *floors)
{
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        plot_number(out, floors[quantity].control ? floors[quantity].delta : NAN);
}

/* A server that has nothing to be compared with has a row all the same. */
static void write_row(FILE *out, const struct report *report, size_t load, size_t place,
                      size_t reference)
{
    const struct table *table = &report->summary->tables[load];
    const struct cell *of = &table->cells[reference];
    char *heading = alloc_format("%s: %s, against %s", table->load->name,
                                 table->load->title, name_label(of->server->name).text);
    plot_text(out, heading);
    free(heading);
    plot_server(out, &table->cells[place]);
    fprintf(out, "\t%d", place == reference);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        write_pair(out, &table->comparisons[quantity], place, reference);
    write_floors(out, report->summary->floors);
    fputc('\n', out);
}

void ratios_write(FILE *out, const struct report *report)
{
    size_t row = 0;
    fputs(
        "# row\tload\tload name\tserver name\tis reference\trate low\trate mid\trate "
        "high\trate relation\trate label\tcpu low\tcpu mid\tcpu high\tcpu relation\tcpu "
        "label\trate floor\tcpu floor\n",
        out);
    for (size_t l = 0; l < report->summary->table_count; l++) {
        const struct table *table = &report->summary->tables[l];
        size_t reference = reference_place(report, table);
        for (size_t i = 0; i < table->cell_count; i++) {
            fprintf(out, "%zu\t%zu", ++row, l + 1);
            write_row(out, report, l, table->comparisons[QUANTITY_CPU].order[i],
                      reference);
        }
    }
}

bool ratios_apply(const struct report *report)
{
    for (size_t l = 0; l < report->summary->table_count; l++) {
        const struct table *table = &report->summary->tables[l];
        size_t count = 0;
        for (size_t s = 0; s < table->cell_count; s++)
            count += table->cells[s].rounds > 0;
        if (count > 1)
            return true;
    }
    return false;
}
