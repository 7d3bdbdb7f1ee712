/* show.c - what was found of where servers break.
 * SPDX-License-Identifier: MIT */
#include "limits/show.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "render/grid.h"
#include "render/names.h"

#include <math.h>

static char *server_text(const void *row)
{
    return alloc_copy(((const struct breakage *)row)->server->name);
}

static char *server_label(const void *row)
{
    return alloc_copy(name_label(((const struct breakage *)row)->server->name).text);
}

static char *next_text(const void *row)
{
    static const char *const words[] = {[NEXT_ANSWERED] = "answered",
                                        [NEXT_WAITS] = "waits",
                                        [NEXT_SLOW] = "slow",
                                        [NEXT_CLOSED] = "closed"};
    const struct breakage *breakage = row;
    return alloc_copy(isnan(breakage->clients) ? "" : words[breakage->next]);
}

static char *half_closed_text(const void *row)
{
    const struct breakage *breakage = row;
    return alloc_copy(*breakage->reason.text ? "" : breakage->half_closed ? "yes" : "no");
}

/* "12.3", or that there was no answer in time. */
static char *ms_words(double ms)
{
    return alloc_copy(isinf(ms) ? "no answer" : figure_short(ms).text);
}

static char *full_back_label(const void *row)
{
    return ms_words(((const struct breakage *)row)->full_back_ms);
}

static char *slow_reader_label(const void *row)
{
    return ms_words(((const struct breakage *)row)->slow_reader_ms);
}

static char *slow_senders_label(const void *row)
{
    return ms_words(((const struct breakage *)row)->slow_senders_ms);
}

static char *burst_label(const void *row)
{
    return ms_words(((const struct breakage *)row)->burst_ms);
}

static char *resets_back_label(const void *row)
{
    return ms_words(((const struct breakage *)row)->resets_back_ms);
}

static const char FULL[] = "Full";
static const char MEMORY[] = "Memory, KB";
static const char BESIDE[] = "Beside slow (ms)";

static const struct column columns[] = {
    {.name = "server", .head = "Server", .text = server_text, .label = server_label},
    {.name = "clients",
     .group = "Idle",
     .head = "clients",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, clients),
     .show = figure_count},
    {.name = "next_client", .group = "The next", .head = "client", .text = next_text},
    {.name = "full_busy",
     .group = FULL,
     .head = "busy %",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, full_busy),
     .show = figure_percent},
    {.name = "full_back_ms",
     .group = FULL,
     .head = "back ms",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, full_back_ms),
     .label = full_back_label},
    {.name = "slow_reader_ms",
     .group = BESIDE,
     .head = "reader",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, slow_reader_ms),
     .label = slow_reader_label},
    {.name = "slow_senders_ms",
     .group = BESIDE,
     .head = "500 senders",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, slow_senders_ms),
     .label = slow_senders_label},
    {.name = "burst_ms",
     .group = "1,000",
     .head = "at once, ms",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, burst_ms),
     .label = burst_label},
    {.name = "resets_back_ms",
     .group = "After 5,000",
     .head = "resets, ms",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, resets_back_ms),
     .label = resets_back_label},
    {.name = "half_closed", .group = "Half-", .head = "closed", .text = half_closed_text},
    {.name = "client_kb",
     .group = MEMORY,
     .head = "each",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, client_kb),
     .show = figure_short},
    {.name = "memory_kb",
     .group = MEMORY,
     .head = "left",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct breakage, memory_kb),
     .show = figure_count},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

_Static_assert(SENDERS == 500 && BURST == 1000 && RESETS == 5000, "the heads say so");

static void explain(struct page *page)
{
    glossary_item(page, "limits-idle", figure_count(CLIENTS_TRIED).text,
                  figure_count(DESCRIPTORS).text, NULL);
    glossary_item(page, "limits-full", NULL);
    glossary_item(page, "limits-slow", NULL);
    glossary_item(page, "limits-burst", NULL);
    glossary_item(page, "limits-resets", NULL);
    glossary_item(page, "limits-half-closed", NULL);
    glossary_item(page, "limits-memory", NULL);
    glossary_item(page, "limits-none", figure_count(ANSWER_S).text,
                  figure_count(BACK_S).text, NULL);
}

void breakages_write(struct page *page, const struct breakage *list, size_t count)
{
    struct grid grid;
    grid_init(&grid, columns, COLUMNS);
    for (size_t i = 0; i < count; i++)
        if (*list[i].reason.text) {
            grid_add_value(&grid, &columns[0], &list[i]);
            grid_add_rest(&grid, "%s: %s",
                          list[i].server->missing ? "LEFT OUT" : "FAILED",
                          list[i].reason.text);
        } else {
            grid_add_row(&grid, &list[i]);
        }
    grid_write(&grid, page);
    grid_free(&grid);
    explain(page);
}

void breakages_write_csv(FILE *out, const struct breakage *list, size_t count)
{
    columns_write_names(out, DIALECT_CSV, columns, COLUMNS);
    for (size_t i = 0; i < count; i++)
        columns_write_row(out, DIALECT_CSV, columns, COLUMNS, &list[i]);
}
