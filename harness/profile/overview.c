/* overview.c - all parts of a profile in one table, with the article's figures beside ours.
 * SPDX-License-Identifier: MIT */
#include "profile/overview.h"

#include "base/alloc.h"
#include "profile/article.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_row(struct grid *grid, const struct profile *profile,
                      const struct part *part, const struct part_figure *figure,
                      const json_t *article)
{
    grid_add(grid, "%s: %s", figure->group, figure->head);
    for (size_t i = 0; i < profile->portrait_count; i++)
        grid_add(grid, "%s",
                 profile_figure(profile_number(profile_part(&profile->portraits[i], part),
                                               figure->key))
                     .text);
    if (article)
        grid_add(grid, "%s",
                 profile_figure(profile_number(article_part(article, part), figure->key))
                     .text);
}

static void write_rows(struct grid *grid, const struct profile *profile,
                       const struct part *part, const json_t *article)
{
    size_t room = sizeof part->figures / sizeof *part->figures;
    for (size_t i = 0; i < room && part->figures[i].key; i++)
        write_row(grid, profile, part, &part->figures[i], article);
}

static void write_table(struct page *page, const struct profile *profile,
                        const json_t *article)
{
    size_t count = profile->portrait_count;
    struct label *labels = alloc_zeroed(count + 1, sizeof *labels);
    struct column *columns = alloc_zeroed(count + 2, sizeof *columns);
    struct grid grid;
    columns[0] = (struct column){.head = "Per request"};
    for (size_t i = 0; i < count; i++) {
        labels[i] = name_label(profile->portraits[i].server.name);
        columns[1 + i] = (struct column){.head = labels[i].text, .align = ALIGN_RIGHT};
    }
    if (article)
        columns[1 + count] =
            (struct column){.head = article_name(article), .align = ALIGN_RIGHT};
    grid_init(&grid, columns, 1 + count + (article != NULL));
    for (size_t i = 0; i < PARTS; i++)
        if (profile_has(profile, parts[i]))
            write_rows(&grid, profile, parts[i], article);
    if (grid.cell_count > 0)
        grid_write(&grid, page);
    grid_free(&grid);
    free(columns);
    free(labels);
}

void overview_write(struct page *page, const struct profile *profile)
{
    struct err err;
    json_t *article = article_read(&err);
    write_table(page, profile, article);
    if (article)
        page_text(page, "%s: the article's figures, of another machine (%s).",
                  article_name(article), article_source(article));
    else
        page_text(page, "The article's figures are missing: %s.", err.text);
    json_decref(article);
}
