/* allocation_write.c - what requests allocate, as tables: pure functions of the profile.
 * SPDX-License-Identifier: MIT */
#include "profile/allocation_write.h"

#include "base/alloc.h"
#include "report/figure.h"
#include "report/grid.h"
#include "report/names.h"

#include <stdlib.h>
#include <string.h>

enum { SITES_SHOWN = 4 }; /* of each server; the file has all */
enum { CALLERS_SHOWN = 3 };

/* The two ways to ask: as data's members are called, and as the reader is told. */
static const struct {
    const char *member;
    const char *text;
} ways[] = {{"closing", "a connection each"}, {"kept", "kept connection"}};
enum { WAYS = sizeof ways / sizeof *ways };

static void write_totals(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.group = "A connection each", .head = "allocations", .align = ALIGN_RIGHT},
        {.group = "A connection each", .head = "bytes", .align = ALIGN_RIGHT},
        {.group = "Kept connection", .head = "allocations", .align = ALIGN_RIGHT},
        {.group = "Kept connection", .head = "bytes", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *data = profile_part(portrait, &part_allocation);
        if (!data)
            continue;
        grid_add(&grid, "%s", name_label(portrait->server.name).text);
        for (size_t w = 0; w < WAYS; w++) {
            const json_t *way = json_object_get(data, ways[w].member);
            grid_add(&grid, "%s",
                     profile_figure(profile_number(way, "allocations")).text);
            grid_add(&grid, "%s", figure_count(profile_number(way, "bytes")).text);
        }
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

/* The site that allocates the most bytes of those after the first `taken`; NULL: none. Sites
 * are few, so no order is made of them. */
static const json_t *largest_site(const json_t *sites, const json_t *const *taken,
                                  size_t taken_count)
{
    const json_t *largest = NULL;
    for (size_t i = 0; i < json_array_size(sites); i++) {
        const json_t *site = json_array_get(sites, i);
        bool is_taken = false;
        for (size_t t = 0; t < taken_count; t++)
            is_taken = is_taken || taken[t] == site;
        if (!is_taken && (!largest || profile_number(site, "bytes") >
                                          profile_number(largest, "bytes")))
            largest = site;
    }
    return largest;
}

/* The first of the callers, and "…" for others; owned by the caller. */
static char *nearest_callers(const char *callers)
{
    const char *end = callers;
    for (int i = 0; i < CALLERS_SHOWN && end; i++) {
        end = strstr(end, " < ");
        end = end ? end + strlen(" < ") : NULL;
    }
    return end ? alloc_format("%.*s…", (int)(end - callers), callers)
               : alloc_copy(callers);
}

static void add_site(struct grid *grid, const json_t *site)
{
    char *callers = nearest_callers(profile_text(site, "callers"));
    grid_add(grid, "%s", profile_figure(profile_number(site, "allocations")).text);
    grid_add(grid, "%s", figure_count(profile_number(site, "bytes")).text);
    grid_add(grid, "%s%s%s", profile_text(site, "function"), *callers ? " < " : "",
             callers);
    free(callers);
}

static void add_sites(struct grid *grid, const struct portrait *portrait, size_t way)
{
    const json_t *data = profile_part(portrait, &part_allocation);
    const json_t *sites =
        json_object_get(json_object_get(data, ways[way].member), "sites");
    const json_t *shown[SITES_SHOWN] = {NULL};
    for (size_t i = 0; i < SITES_SHOWN; i++) {
        shown[i] = largest_site(sites, shown, i);
        if (!shown[i])
            return;
        grid_add(grid, "%s", name_label(portrait->server.name).text);
        grid_add(grid, "%s", ways[way].text);
        add_site(grid, shown[i]);
    }
}

static void write_sites(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.head = "With"},
        {.head = "Allocations", .align = ALIGN_RIGHT},
        {.head = "Bytes", .align = ALIGN_RIGHT},
        {.head = "Who allocates < called by"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++)
        for (size_t w = 0; w < WAYS; w++)
            add_sites(&grid, &profile->portraits[i], w);
    if (grid.cell_count) {
        page_text(page,
                  "Who allocates, per request; the %d that allocate the most bytes:",
                  SITES_SHOWN);
        grid_write(&grid, page);
    } else {
        page_text(page, "None of them allocates anything per request.");
    }
    grid_free(&grid);
}

void allocation_write(struct page *page, const struct profile *profile)
{
    page_text(page,
              "What one request allocates: the calls of malloc and its kin, counted "
              "exactly (valgrind's DHAT), in user space, and in all processes. It is "
              "the difference of two runs, so what is allocated once, at the start "
              "or for the first clients, does not count.");
    write_totals(page, profile);
    write_sites(page, profile);
}

static void write_csv_row(FILE *out, const struct portrait *portrait, const char *way,
                          const char *function, const char *callers, const json_t *row)
{
    profile_csv_text(out, portrait->server.name);
    fprintf(out, ",%s,", way);
    profile_csv_text(out, function);
    fputc(',', out);
    profile_csv_text(out, callers);
    fprintf(out, ",%.4f,%.2f\n", profile_number(row, "allocations"),
            profile_number(row, "bytes"));
}

void allocation_write_csv(FILE *out, const struct profile *profile)
{
    fputs("server,connections,function,callers,allocations,bytes\n", out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *data = profile_part(portrait, &part_allocation);
        for (size_t w = 0; data && w < WAYS; w++) {
            const json_t *way = json_object_get(data, ways[w].member);
            const json_t *sites = json_object_get(way, "sites");
            write_csv_row(out, portrait, ways[w].member, "(all)", "", way);
            for (size_t s = 0; s < json_array_size(sites); s++) {
                const json_t *site = json_array_get(sites, s);
                write_csv_row(out, portrait, ways[w].member,
                              profile_text(site, "function"),
                              profile_text(site, "callers"), site);
            }
        }
    }
}
