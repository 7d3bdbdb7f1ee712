/* ranking.c - the first article's table: servers ranked by requests per second, and
 * beside them what ab hides; then the table that ranks them all, by CPU per request.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/document.h"
#include "render/glossary.h"
#include "render/names.h"
#include "report/figures.h"
#include "report/marks.h"
#include "report/verdicts.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- by requests per second ---- */

/* In place of ms per request, which is the requests per second again, the bytes: but for the
 * articles' 13 they would be the same again, too. */
static const char *const by_rate[] = {"requests_per_second",
                                      "requests_per_second_tie",
                                      "time_per_request_ms",
                                      "p50_ms",
                                      "p75_ms",
                                      "p90_ms",
                                      "max_ms",
                                      "~cpu_us_per_request",
                                      "server_busy",
                                      "client_busy",
                                      "bound",
                                      NULL};

static const char *const by_rate_of_pages[] = {"requests_per_second",
                                               "requests_per_second_tie",
                                               "megabytes_per_second",
                                               "p50_ms",
                                               "p75_ms",
                                               "p90_ms",
                                               "max_ms",
                                               "~cpu_us_per_request",
                                               "server_busy",
                                               "client_busy",
                                               "bound",
                                               NULL};

/* The rate is the load's: what is to be seen is whether it was achieved, and the times. */
static const char *const at_rate[] = {"achieved",    "due_p50_ms", "due_p99_ms",
                                      "due_p999_ms", "due_max_ms", NULL};

/* Without whole trials there are no such figures; a load with a rate has others in their place. */
static bool has_rates(const struct table *table)
{
    size_t trials = 0;
    for (size_t i = 0; i < table->cell_count; i++)
        trials += table->cells[i].trials + table->cells[i].trials_invalid;
    return trials > 0 || table->load->rate > 0;
}

static void write_by_rate(struct page *page, const struct table *table)
{
    bool page_of_text = strcmp(table->load->path, "/") != 0;
    const char *const *names = table->load->rate > 0 ? at_rate
                               : page_of_text        ? by_rate_of_pages
                                                     : by_rate;
    figures_write_table(page, names, NULL, table);
}

static bool client_bound(const struct cell *cell)
{
    return cell->trials > 0 && cell->bound == BOUND_CLIENT;
}

/* A single server needs no ranking. */
static bool ranked_by_cpu(const struct table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->cell_count; i++)
        count += isfinite(table->cells[i].cpu_us_per_request.mid) != 0;
    return count > 1;
}

static void note_client_bound(struct page *page, const struct table *table)
{
    struct names names = {0};
    for (size_t i = 0; i < table->cell_count; i++)
        if (client_bound(&table->cells[i]))
            names_add(&names, table->cells[i].server->name);
    char *joined = names_join(&names);
    if (names.count > 0)
        page_item(
            page,
            "%s, not the server, was the limit for %s: such requests per second say "
            "how fast %s is.%s%s",
            table->load->tool, joined, table->load->tool,
            names.count > 1 ? " They are not compared, so they share a letter, "
                              "and their order here means nothing."
                            : "",
            ranked_by_cpu(table) ? " The CPU per request, below, ranks all servers."
                                 : "");
    free(joined);
    names_free(&names);
}

/* ---- by CPU per request ---- */

/* Those that have the figure: the others have said above why they do not, or do it here. */
static void write_by_cpu(struct page *page, const struct table *table)
{
    static const char *const of_load[] = {
        "cpu_us_per_request",     "cpu_ratio", "tie", "~capacity",
        "machine_us_per_request", "rounds",    NULL};
    static const char *const of_all[] = {"cpu_us_per_request", "cpu_ratio", "tie",
                                         "rounds", NULL};
    const struct cell **cells = alloc_zeroed(table->cell_count, sizeof *cells);
    size_t count = 0;
    bool all = table->load && !has_rates(table);
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t place = table->comparisons[QUANTITY_CPU].order[i];
        if (all || isfinite(table->cells[place].cpu_us_per_request.mid))
            cells[count++] = &table->cells[place];
    }
    figures_write(page, table->load ? of_load : of_all,
                  "Sorted by CPU per request:", cells, count);
    free(cells);
}

static void note_rates(struct page *page, const void *what)
{
    const struct table *table = what;
    note_client_bound(page, table);
    verdicts_write(page, table, QUANTITY_RATE);
    marks_explain(page, table);
}

static void note_costs(struct page *page, const void *what)
{
    const struct table *table = what;
    if (!table->load)
        glossary_item(page, "all-loads", NULL);
    verdicts_write(page, table, QUANTITY_CPU);
}

/* The one table that answers for all loads. */
static void write_overall(struct page *page, const struct table *overall)
{
    if (!ranked_by_cpu(overall))
        return;
    page_heading(page, 3, "All loads together");
    write_by_cpu(page, overall);
    document_notes(page, note_costs, overall);
}

void ranking_write(struct page *page, const struct report *report)
{
    const struct summary *summary = report->summary;
    if (page->format == FORMAT_HTML)
        glossary_text(page, "names-lead", NULL);
    write_overall(page, &summary->overall);
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct table *table = &summary->tables[i];
        if (table->load->slo > 0) /* it has a section of its own */
            continue;
        page_heading(page, 3, "%s: %s", table->load->name, table->load->title);
        if (has_rates(table))
            write_by_rate(page, table);
        document_notes(page, note_rates, table);
        if (ranked_by_cpu(table) || !has_rates(table))
            write_by_cpu(page, table);
        document_notes(page, note_costs, table);
    }
}
