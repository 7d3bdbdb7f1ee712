/* memory_write.c - what servers have in memory, as tables and columns: pure functions of the
 * profile.
 * SPDX-License-Identifier: MIT */
#include "profile/memory.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "profile/profile.h"
#include "render/glossary.h"
#include "render/names.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The moments of the article's table, as data's members are called. */
static const char *const moments[] = {"idle", "open", "after"};
enum { MOMENTS = sizeof moments / sizeof *moments };

static const char *const kinds[] = {"shared_clean_kb", "shared_dirty_kb",
                                    "private_clean_kb", "private_dirty_kb"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* A leak of less in all may be what an allocator does anyway. */
static const double LEAK_BYTES = 64 * 1024;

double memory_slope(const double *x, const double *y, size_t n)
{
    double mean_x = stats_mean(x, n);
    double mean_y = stats_mean(y, n);
    double products = 0;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        products += (x[i] - mean_x) * (y[i] - mean_y);
        squares += (x[i] - mean_x) * (x[i] - mean_x);
    }
    return squares > 0 ? products / squares : NAN;
}

struct growth memory_growth(const double *kb, const double *requests, size_t steps)
{
    struct growth growth = {.seen = NAN};
    bool always = steps > 1;
    for (size_t i = 1; i < steps; i++) {
        growth.requests += requests[i];
        growth.bytes += (kb[i] - kb[i - 1]) * 1024;
        always = always && kb[i] > kb[i - 1];
    }
    if (growth.requests > 0)
        growth.seen = LEAK_BYTES / growth.requests;
    growth.leaks = always && growth.bytes > LEAK_BYTES;
    return growth;
}

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
    double slope = memory_slope(open, bytes, json_array_size(points));
    free(open);
    free(bytes);
    return slope;
}

static struct growth growth_of(const json_t *data)
{
    const json_t *readings = json_object_get(data, "leak");
    double *kb = column_of(readings, "dirty_kb", 1);
    double *requests = column_of(readings, "requests", 1);
    struct growth growth = memory_growth(kb, requests, json_array_size(readings));
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

/* A kind of memory at a moment, kB: what is a file's or not, and has those permissions; NULL:
 * any. */
static double kb_of(const json_t *data, const char *moment, const char *kind, bool file,
                    const char *permissions)
{
    double kb = 0;
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(data, moment), i, row)
    {
        if (json_is_true(json_object_get(row, "file")) == file &&
            (!permissions || strcmp(profile_text(row, "permissions"), permissions) == 0))
            kb += profile_number(row, kind);
    }
    return kb;
}

static double dirty_kb(const json_t *data, const char *moment)
{
    double kb = 0;
    for (int file = 0; file < 2; file++)
        kb += kb_of(data, moment, "shared_dirty_kb", file, NULL) +
              kb_of(data, moment, "private_dirty_kb", file, NULL);
    return kb;
}

static double most_processes(const json_t *data)
{
    const json_t *points = json_object_get(data, "connections");
    return profile_number(json_array_get(points, json_array_size(points) - 1),
                          "processes");
}

/* ---- side by side ---- */

static void summary_rows(struct grid *grid, const char *server, const json_t *data)
{
    struct growth growth = growth_of(data);
    grid_add(grid, "%s", server);
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

static const struct part_table summary = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.group = "Dirty memory, kB", .head = "idle", .align = ALIGN_RIGHT},
            {.group = "Dirty memory, kB", .head = "1,000 open", .align = ALIGN_RIGHT},
            {.group = "Dirty memory, kB", .head = "after", .align = ALIGN_RIGHT},
            {.group = "Bytes a connection", .head = "memory", .align = ALIGN_RIGHT},
            {.group = "Bytes a connection", .head = "page tables", .align = ALIGN_RIGHT},
            {.head = "Processes", .align = ALIGN_RIGHT},
            {.group = "Leak", .head = "requests", .align = ALIGN_RIGHT},
            {.group = "Leak", .head = "found"},
            {0},
        },
    .rows = summary_rows,
};

/* ---- the article's table ---- */

static void add_row(struct grid *grid, const json_t *data, bool file,
                    const char *permissions)
{
    grid_add(grid, "%s", file ? "file" : "anonymous");
    grid_add(grid, "%s", permissions ? permissions : "total");
    for (size_t m = 0; m < MOMENTS; m++)
        for (size_t k = 0; k < KINDS; k++)
            grid_add(
                grid, "%s",
                figure_count(kb_of(data, moments[m], kinds[k], file, permissions)).text);
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

static void map_rows(struct grid *grid, const char *server, const json_t *data)
{
    (void)server;
    add_rows(grid, data, true);
    add_rows(grid, data, false);
}

/* Shared and private, clean and dirty, at each moment. */
static void columns_init(struct column columns[2 + MOMENTS * KINDS + 1])
{
    static const char *const shared[MOMENTS] = {"Idle: shared", "1,000 open: shared",
                                                "After: shared"};
    columns[0] = (struct column){.head = "Memory"};
    columns[1] = (struct column){.head = "may"};
    for (size_t i = 0; i < MOMENTS * KINDS; i++)
        columns[2 + i] =
            (struct column){.group = i % KINDS < 2 ? shared[i / KINDS] : "private",
                            .head = i % 2 ? "dirty" : "clean",
                            .align = ALIGN_RIGHT};
}

/* ---- all of it ---- */

static void write_section(struct page *page, const struct profile *profile)
{
    struct column columns[2 + MOMENTS * KINDS + 1] = {{NULL}};
    columns_init(columns);
    glossary_text(page, "memory", NULL);
    profile_table(page, profile, &part_memory, &summary);
    glossary_text(page, "leak", NULL);
    glossary_text(page, "smaps", NULL);
    for (size_t i = 0; i < profile->server_count; i++) {
        struct label server = name_label(profile->servers[i].server.name);
        const json_t *data = profile_part(&profile->servers[i], &part_memory);
        if (!data)
            continue;
        page_text(page, "%s, kB:", server.text);
        profile_server_table(page, &(struct part_table){columns, NULL, map_rows},
                             server.text, data);
    }
}

static void csv_moment(FILE *out, const char *server, const char *moment,
                       const json_t *rows)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        quote_csv(out, server);
        fprintf(out, ",%s,%s,%s", moment,
                json_is_true(json_object_get(row, "file")) ? "file" : "anonymous",
                profile_text(row, "permissions"));
        for (size_t k = 0; k < KINDS; k++)
            fprintf(out, ",%.0f", profile_number(row, kinds[k]));
        fputc('\n', out);
    }
}

static void csv_rows(FILE *out, const char *server, const json_t *data)
{
    for (size_t m = 0; m < MOMENTS; m++)
        csv_moment(out, server, moments[m], json_object_get(data, moments[m]));
}

static void write_plot(FILE *out, const struct profile *profile)
{
    size_t place = 0; /* among those that have it */
    fputs("# place\tserver\topen\tdirty_kb\tpage_tables_kb\n", out);
    for (size_t i = 0; i < profile->server_count; i++) {
        const struct profile_server *server = &profile->servers[i];
        const json_t *points =
            json_object_get(profile_part(server, &part_memory), "connections");
        place += json_array_size(points) > 0;
        for (size_t p = 0; p < json_array_size(points); p++) {
            const json_t *point = json_array_get(points, p);
            fprintf(out, "%zu\t", place);
            quote_gnuplot(out, name_label(server->server.name).text);
            fprintf(out, "\t%.0f\t%.0f\t%.0f\n", profile_number(point, "open"),
                    profile_number(point, "dirty_kb"),
                    profile_number(point, "page_tables_kb"));
        }
    }
}

const struct part part_memory = {
    .name = "memory",
    .heading = "Memory",
    .measure = memory_measure,
    .write = write_section,
    .csv_columns = "moment,memory,permissions,shared_clean_kb,shared_dirty_kb,"
                   "private_clean_kb,private_dirty_kb",
    .csv_rows = csv_rows,
    .figures = {{"idle_mb", "Memory, MB", "idle"}, {"open_mb", "Memory, MB", "c=1,000"}},
    .plot = {"memory-by-connections",
             "Dirty memory of all of a server's processes against the connections that "
             "are open, a line for each server.",
             write_plot},
};
