/* instructions_table.c - the tables of instructions per request.
 * SPDX-License-Identifier: MIT */
#include "profile/instructions.h"

#include "base/alloc.h"
#include "profile/part.h"
#include "profile/profile.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <math.h>
#include <string.h>

/* The article's limit: what is less is one row with its like. */
static const double WORTH_A_ROW = 0.01;

/* The load of that concurrency, borrowed; NULL: none. */
static const json_t *find_load(const json_t *data, int concurrency)
{
    size_t i;
    const json_t *load;
    json_array_foreach(json_object_get(data, "loads"), i, load)
    {
        if (json_integer_value(json_object_get(load, "concurrency")) == concurrency)
            return load;
    }
    return NULL;
}

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

struct instructions instructions_at(const json_t *data, int concurrency)
{
    const json_t *load = find_load(data, concurrency);
    struct instructions sums = {
        .total = profile_number(load, "instructions"),
        .runs = {.low = profile_number(load, "low"),
                 .high = profile_number(load, "high")},
    };
    size_t i;
    const json_t *row;
    for (int group = 0; group < GROUPS; group++)
        sums.groups[group] = load ? 0 : NAN;
    json_array_foreach(json_object_get(load, "functions"), i, row)
    {
        sums.groups[group_find(text_of(row, "group"))] +=
            profile_number(row, "instructions");
    }
    return sums;
}

/* ---- by group ---- */

static void write_groups_row(struct grid *grid, const struct portrait *portrait,
                             int concurrency)
{
    struct instructions sums =
        instructions_at(profile_part(portrait, &part_instructions), concurrency);
    grid_add(grid, "%s", name_label(portrait->server.name).text);
    grid_add(grid, "%d", concurrency);
    grid_add(grid, "%s", figure_count(sums.total).text);
    grid_add(grid, "%s", figure_range(sums.runs, figure_count).text);
    for (int group = 0; group < GROUPS; group++)
        grid_add(grid, "%s", figure_count(sums.groups[group]).text);
}

static void write_groups(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.head = "c", .align = ALIGN_RIGHT},
        {.head = "all", .align = ALIGN_RIGHT},
        {.head = "low–high", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "server", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "reader", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "responses", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "library", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "libc", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "linker", .align = ALIGN_RIGHT},
        {.group = "by group", .head = "other", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++)
        for (size_t load = 0; load < COUNTED_LOADS; load++)
            if (profile_part(&profile->portraits[i], &part_instructions))
                write_groups_row(&grid, &profile->portraits[i],
                                 counted_concurrency[load]);
    grid_write(&grid, page);
    grid_free(&grid);
}

/* ---- by function ---- */

static void write_function(struct grid *grid, const json_t *row, double total)
{
    double instructions = profile_number(row, "instructions");
    grid_add(grid, "%s", figure_count(instructions).text);
    grid_add(grid, "%s", figure_tenths(round(instructions / total * 1000) / 10).text);
    grid_add(grid, "%s", profile_figure(profile_number(row, "calls")).text);
    grid_add(grid, "%s", text_of(row, "group"));
    grid_add(grid, "%s", text_of(row, "function"));
}

static void write_rest(struct grid *grid, double instructions, double total)
{
    grid_add(grid, "%s", figure_count(instructions).text);
    grid_add(grid, "%s", figure_tenths(round(instructions / total * 1000) / 10).text);
    grid_add(grid, "–");
    grid_add_rest(grid, "other functions, < 1 %% each");
}

static void write_functions(struct page *page, const struct portrait *portrait)
{
    static const struct column columns[] = {
        {.head = "instructions", .align = ALIGN_RIGHT},
        {.head = "%", .align = ALIGN_RIGHT},
        {.head = "calls", .align = ALIGN_RIGHT},
        {.head = "group"},
        {.head = "function"},
    };
    const json_t *load =
        find_load(profile_part(portrait, &part_instructions), counted_concurrency[0]);
    double total = profile_number(load, "instructions");
    double rest = 0;
    struct grid grid;
    size_t i;
    const json_t *row;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    json_array_foreach(json_object_get(load, "functions"), i, row)
    {
        double instructions = profile_number(row, "instructions");
        if (instructions >= total * WORTH_A_ROW && *text_of(row, "function"))
            write_function(&grid, row, total);
        else
            rest += instructions;
    }
    write_rest(&grid, rest, total);
    page_heading(page, 3, "%s, by function", name_label(portrait->server.name).text);
    grid_write(&grid, page);
    grid_free(&grid);
}

void instructions_write(struct page *page, const struct profile *profile)
{
    page_text(
        page,
        "Counted by callgrind, as the difference between a run of many requests and "
        "one of 100, so that start and end cancel: the median of three such, and their "
        "range. The kernel's instructions are not among them. A child's begin at its "
        "fork.");
    write_groups(page, profile);
    for (size_t i = 0; i < profile->portrait_count; i++)
        if (profile_part(&profile->portraits[i], &part_instructions))
            write_functions(page, &profile->portraits[i]);
}

/* ---- as data ---- */

static void write_csv_load(FILE *out, const char *server, const json_t *load)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(load, "functions"), i, row)
    {
        profile_csv_text(out, server);
        profile_csv_number(out, profile_number(load, "concurrency"));
        fputc(',', out);
        profile_csv_text(out, text_of(row, "group"));
        fputc(',', out);
        profile_csv_text(out, text_of(row, "function"));
        fputc(',', out);
        profile_csv_text(out, text_of(row, "object"));
        profile_csv_number(out, profile_number(row, "instructions"));
        profile_csv_number(out, profile_number(row, "calls"));
        profile_csv_number(out, profile_number(row, "system_calls"));
        fputc('\n', out);
    }
}

void instructions_write_csv(FILE *out, const struct profile *profile)
{
    fputs("server,concurrency,group,function,object,instructions_per_request,"
          "calls_per_request,system_calls_per_request\n",
          out);
    for (size_t i = 0; i < profile->portrait_count; i++)
        for (size_t load = 0; load < COUNTED_LOADS; load++)
            write_csv_load(
                out, profile->portraits[i].server.name,
                find_load(profile_part(&profile->portraits[i], &part_instructions),
                          counted_concurrency[load]));
}

void instructions_write_groups(FILE *out, const struct profile *profile)
{
    fputs("server", out);
    for (int group = 0; group < GROUPS; group++) {
        fputc('\t', out);
        profile_plot_text(out, group_name((enum group)group));
    }
    fputc('\n', out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const json_t *data = profile_part(&profile->portraits[i], &part_instructions);
        if (!data)
            continue;
        struct instructions sums = instructions_at(data, counted_concurrency[0]);
        profile_plot_text(out, name_label(profile->portraits[i].server.name).text);
        for (int group = 0; group < GROUPS; group++)
            fprintf(out, "\t%.1f", sums.groups[group]);
        fputc('\n', out);
    }
}
