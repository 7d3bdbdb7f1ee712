/* whatif.c - what a request would gain if a part of it took less.
 * SPDX-License-Identifier: MIT */
#include "profile/whatif.h"

#include "profile/instructions.h"
#include "profile/phases.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <math.h>

/* What is less of a request cannot gain anything to speak of. */
static const double WORTH_A_ROW = 0.01;

double whatif_gain(double share, double faster)
{
    return 1 / (1 - share * (1 - 1 / faster));
}

static void write_row(struct grid *grid, const char *server, const char *what,
                      const char *of, double share)
{
    if (!(share >= WORTH_A_ROW)) /* or not known */
        return;
    grid_add(grid, "%s", server);
    grid_add(grid, "%s", what);
    grid_add(grid, "%s %% of %s", figure_percent(share).text, of);
    grid_add(grid, "%s %%", figure_change(whatif_gain(share, 2)).text);
    grid_add(grid, "%s %%", figure_change(whatif_gain(share, 5)).text);
}

static void write_phases(struct grid *grid, const struct portrait *portrait)
{
    const json_t *data = profile_part(portrait, &part_phases);
    double all = 0;
    for (int phase = 0; phase < PHASES; phase++) {
        double us = phases_us(data, (enum phase)phase);
        all += isfinite(us) ? us : 0;
    }
    for (int phase = 0; phase < PHASES; phase++)
        write_row(grid, name_label(portrait->server.name).text,
                  phase_name((enum phase)phase), "CPU",
                  phases_us(data, (enum phase)phase) / all);
}

static void write_groups(struct grid *grid, const struct portrait *portrait)
{
    struct instructions sums = instructions_at(profile_part(portrait, &part_instructions),
                                               counted_concurrency[0]);
    for (int group = 0; group < GROUPS; group++)
        write_row(grid, name_label(portrait->server.name).text,
                  group_name((enum group)group), "instructions",
                  sums.groups[group] / sums.total);
}

void whatif_write(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.head = "What"},
        {.head = "its share"},
        {.group = "requests per core", .head = "if half", .align = ALIGN_RIGHT},
        {.group = "requests per core", .head = "if a fifth", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        write_phases(&grid, &profile->portraits[i]);
        write_groups(&grid, &profile->portraits[i]);
    }
    if (grid.cell_count > 0) {
        page_heading(page, 2, "What if");
        page_text(
            page,
            "Amdahl's law: by how much more requests per core could grow at most if "
            "one thing took half its time, or a fifth, and all else stayed. The "
            "shares of instructions are of user space alone, as the article's are: "
            "the kernel's time is not in them, so the true gain is smaller.");
        grid_write(&grid, page);
    }
    grid_free(&grid);
}
