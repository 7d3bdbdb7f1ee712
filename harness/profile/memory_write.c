/* memory_write.c - what servers have in memory, as tables and columns: pure functions of the
 * profile.
 * SPDX-License-Identifier: MIT */
#include "profile/memory_write.h"

#include "base/alloc.h"
#include "profile/memory_figures.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The moments of the article's table, as data's members are called. */
static const char *const moments[] = {"idle", "open", "after"};
enum { MOMENTS = sizeof moments / sizeof *moments };

static const char *const kinds[] = {"shared_clean_kb", "shared_dirty_kb",
                                    "private_clean_kb", "private_dirty_kb"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- what the readings say ---- */

/* The member `name` of each reading, times `factor`; owned by the caller. */
static double *column_of(const json_t *readings, const char *name, double factor)
{
    size_t count = json_array_size(readings);
    double *values = alloc_zeroed(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = factor * profile_number(json_array_get(readings, i), name);
    return values;
}

/* Bytes of `what` for each open connection. */
static double bytes_per_connection(const json_t *data, const char *what)
{
    const json_t *points = json_object_get(data, "connections");
    double *open = column_of(points, "open", 1);
    double *bytes = column_of(points, what, 1024);
    double slope = figures_slope(open, bytes, json_array_size(points));
    free(open);
    free(bytes);
    return slope;
}

static struct growth growth_of(const json_t *data)
{
    const json_t *readings = json_object_get(data, "leak");
    double *kb = column_of(readings, "dirty_kb", 1);
    double *requests = column_of(readings, "requests", 1);
    struct growth growth = figures_growth(kb, requests, json_array_size(readings));
    free(kb);
    free(requests);
    return growth;
}

static double requests_of(const json_t *data)
{
    double requests = 0;
    const json_t *readings = json_object_get(data, "leak");
    for (size_t i = 0; i < json_array_size(readings); i++)
        requests += profile_number(json_array_get(readings, i), "requests");
    return requests;
}

/* What was written to, of all rows of a moment. */
static double dirty_kb(const json_t *data, const char *moment)
{
    const json_t *rows = json_object_get(data, moment);
    double kb = 0;
    for (size_t i = 0; i < json_array_size(rows); i++)
        kb += profile_number(json_array_get(rows, i), "shared_dirty_kb") +
              profile_number(json_array_get(rows, i), "private_dirty_kb");
    return kb;
}

static double most_processes(const json_t *data)
{
    const json_t *points = json_object_get(data, "connections");
    return profile_number(json_array_get(points, json_array_size(points) - 1),
                          "processes");
}

/* ---- side by side ---- */

static void add_summary_row(struct grid *grid, const char *name, const json_t *data)
{
    struct growth growth = growth_of(data);
    grid_add(grid, "%s", name_label(name).text);
    for (size_t m = 0; m < MOMENTS; m++)
        grid_add(grid, "%s", figure_count(dirty_kb(data, moments[m])).text);
    grid_add(grid, "%s", figure_count(bytes_per_connection(data, "dirty_kb")).text);
    grid_add(grid, "%s", figure_count(bytes_per_connection(data, "page_tables_kb")).text);
    grid_add(grid, "%s", figure_count(most_processes(data)).text);
    grid_add(grid, "%s", figure_count(requests_of(data)).text);
    if (growth.leaks)
        grid_add(grid, "%s B/request", figure_short(growth.bytes / growth.requests).text);
    else
        grid_add(grid, "none ≥ %s B", figure_short(growth.seen).text);
}

static void write_summary(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.group = "Dirty memory, kB", .head = "idle", .align = ALIGN_RIGHT},
        {.group = "Dirty memory, kB", .head = "1,000 open", .align = ALIGN_RIGHT},
        {.group = "Dirty memory, kB", .head = "after", .align = ALIGN_RIGHT},
        {.group = "Bytes a connection", .head = "memory", .align = ALIGN_RIGHT},
        {.group = "Bytes a connection", .head = "page tables", .align = ALIGN_RIGHT},
        {.head = "Processes", .align = ALIGN_RIGHT},
        {.group = "Leak", .head = "requests", .align = ALIGN_RIGHT},
        {.group = "Leak", .head = "found"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *data = profile_part(portrait, &part_memory);
        if (data)
            add_summary_row(&grid, portrait->server.name, data);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

/* ---- the article's table ---- */

/* The row of those permissions at a moment, or NULL. */
static const json_t *find_row(const json_t *data, const char *moment, bool file,
                              const char *permissions)
{
    const json_t *rows = json_object_get(data, moment);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(profile_text(row, "permissions"), permissions) == 0 &&
            json_is_true(json_object_get(row, "file")) == file)
            return row;
    }
    return NULL;
}

/* One row: of `permissions`, or, where that is NULL, the sum of all of files or not. */
static void add_moment(struct grid *grid, const json_t *data, const char *moment,
                       bool file, const char *permissions)
{
    for (size_t k = 0; k < KINDS; k++) {
        const json_t *rows = json_object_get(data, moment);
        double kb = 0;
        for (size_t i = 0; !permissions && i < json_array_size(rows); i++)
            if (json_is_true(json_object_get(json_array_get(rows, i), "file")) == file)
                kb += profile_number(json_array_get(rows, i), kinds[k]);
        const json_t *row =
            permissions ? find_row(data, moment, file, permissions) : NULL;
        if (row)
            kb = profile_number(row, kinds[k]);
        grid_add(grid, "%s", figure_count(kb).text);
    }
}

static void add_row(struct grid *grid, const json_t *data, bool file,
                    const char *permissions)
{
    grid_add(grid, "%s", file ? "file" : "anonymous");
    grid_add(grid, "%s", permissions ? permissions : "total");
    for (size_t m = 0; m < MOMENTS; m++)
        add_moment(grid, data, moments[m], file, permissions);
}

static bool is_all_zero(const json_t *row)
{
    for (size_t k = 0; k < KINDS; k++)
        if (profile_number(row, kinds[k]) > 0)
            return false;
    return true;
}

/* The rows with something in them while the connections were open, when there is the most. */
static void add_rows(struct grid *grid, const json_t *data, bool file)
{
    const json_t *rows = json_object_get(data, "open");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (json_is_true(json_object_get(row, "file")) == file && !is_all_zero(row))
            add_row(grid, data, file, profile_text(row, "permissions"));
    }
    add_row(grid, data, file, NULL);
}

static void write_maps(struct page *page, const char *name, const json_t *data)
{
    static const struct column columns[] = {
        {.head = "Memory"},
        {.head = "may"},
        {.group = "Idle: shared", .head = "clean", .align = ALIGN_RIGHT},
        {.group = "Idle: shared", .head = "dirty", .align = ALIGN_RIGHT},
        {.group = "private", .head = "clean", .align = ALIGN_RIGHT},
        {.group = "private", .head = "dirty", .align = ALIGN_RIGHT},
        {.group = "1,000 open: shared", .head = "clean", .align = ALIGN_RIGHT},
        {.group = "1,000 open: shared", .head = "dirty", .align = ALIGN_RIGHT},
        {.group = "private", .head = "clean", .align = ALIGN_RIGHT},
        {.group = "private", .head = "dirty", .align = ALIGN_RIGHT},
        {.group = "After: shared", .head = "clean", .align = ALIGN_RIGHT},
        {.group = "After: shared", .head = "dirty", .align = ALIGN_RIGHT},
        {.group = "private", .head = "clean", .align = ALIGN_RIGHT},
        {.group = "private", .head = "dirty", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    page_text(page, "%s, kB:", name_label(name).text);
    add_rows(&grid, data, true);
    add_rows(&grid, data, false);
    grid_write(&grid, page);
    grid_free(&grid);
}

/* ---- what part.h wants ---- */

void memory_write(struct page *page, const struct profile *profile)
{
    page_text(page,
              "Dirty memory is what was written to, and so what a server really costs: "
              "of all its processes, pages that they share counted once. A connection "
              "costs the slope of the line through 1, 250, 500, 750 and 1,000 open "
              "ones, each answered once and then silent; page tables are the kernel's "
              "for that memory. The kernel's sockets and processes come on top: they "
              "cannot be told from those of other programs.");
    write_summary(page, profile);
    page_text(page,
              "A leak is called one if memory grew in every step of the load but the "
              "first, by more than 64 KB together; the smallest that would have been "
              "seen is given.");
    page_text(page,
              "The second article's table, from /proc/PID/smaps. Its server had 1,348 "
              "and 2,636 kB shared clean and private clean, and 11,924 kB private "
              "dirty, with connections one after the other.");
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *data = profile_part(portrait, &part_memory);
        if (data)
            write_maps(page, portrait->server.name, data);
    }
}

static void write_csv_moment(FILE *out, const struct portrait *portrait,
                             const char *moment, const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        profile_csv_text(out, portrait->server.name);
        fprintf(out, ",%s,%s,%s", moment,
                json_is_true(json_object_get(row, "file")) ? "file" : "anonymous",
                profile_text(row, "permissions"));
        for (size_t k = 0; k < KINDS; k++)
            fprintf(out, ",%.0f", profile_number(row, kinds[k]));
        fputc('\n', out);
    }
}

void memory_write_csv(FILE *out, const struct profile *profile)
{
    fputs("server,moment,memory,permissions", out);
    for (size_t k = 0; k < KINDS; k++)
        fprintf(out, ",%s", kinds[k]);
    fputc('\n', out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *data = profile_part(portrait, &part_memory);
        for (size_t m = 0; m < MOMENTS; m++)
            write_csv_moment(out, portrait, moments[m],
                             json_object_get(data, moments[m]));
    }
}

void memory_write_plot(FILE *out, const struct profile *profile)
{
    size_t place = 0; /* among those that have it */
    fputs("# place\tserver\topen\tdirty_kb\tpage_tables_kb\n", out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *points =
            json_object_get(profile_part(portrait, &part_memory), "connections");
        place += json_array_size(points) > 0;
        for (size_t p = 0; p < json_array_size(points); p++) {
            const json_t *point = json_array_get(points, p);
            fprintf(out, "%zu\t", place);
            profile_plot_text(out, name_label(portrait->server.name).text);
            fprintf(out, "\t%.0f\t%.0f\t%.0f\n", profile_number(point, "open"),
                    profile_number(point, "dirty_kb"),
                    profile_number(point, "page_tables_kb"));
        }
    }
}
