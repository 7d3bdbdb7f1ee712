/* explain.c - where one row of the tables comes from.
 * SPDX-License-Identifier: MIT */
#include "report/explain.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "render/grid.h"
#include "render/names.h"
#include "report/marks.h"
#include "report/packed.h"
#include "report/trials.h"
#include "report/verdicts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The row that is asked for. */
struct row {
    const char *directory; /* of the run */
    const struct run *run;
    const struct summary *summary;
    const struct table *table;
    const struct run_server *server;
    const struct cell *cell; /* NULL: the control's, which is in no table */
};

/* ---- the trials ---- */

static void write_trials(struct page *page, const struct row *row)
{
    page_heading(page, 2, "Its trials");
    if (trials_write(page, row->run, row->server, row->table->load) == 0)
        page_text(page, "There are none%s%s.", row->server->missing ? ": " : "",
                  row->server->missing ? row->server->missing : "");
}

static void write_source(struct page *page, const struct trial *trial,
                         const char *directory)
{
    page_text(page, "Trial %d: %s", trial->round, verdict_name(trial->verdict));
    if (trial->command)
        page_item(page, "Command: %s", trial->command);
    if (trial->raw)
        page_item(page, "What it printed: %s%s", trial->raw,
                  packed_has(directory, trial->raw) ? " in " PACKED_NAME : "");
    if (trial->reason)
        page_item(page, "Failed: %s", trial->reason);
    for (size_t i = 0; i < trial->remark_count; i++) {
        const struct remark *remark = &trial->remarks[i];
        char *words = judge_words(remark->rule, remark->value, remark->limit);
        page_item(page, "Check %s (%s): %s", remark->rule,
                  remark->consequence == CONSEQUENCE_FLAG
                      ? "a flag"
                      : verdict_name((enum verdict)remark->consequence),
                  words);
        free(words);
    }
}

static void write_sources(struct page *page, const struct row *row)
{
    const struct load *load = row->table->load;
    const struct trial *trial = trials_next(row->run, NULL, row->server, load);
    if (trial)
        page_heading(page, 2, "Their commands and files");
    for (; trial; trial = trials_next(row->run, trial, row->server, load))
        write_source(page, trial, row->directory);
}

/* ---- the figures ---- */

/* "18770 18801.5 19001", ascending; owned by the caller. */
static char *sorted_text(double *values, size_t count)
{
    char *text = alloc_copy("");
    stats_sort(values, count);
    for (size_t i = 0; i < count; i++) {
        char *longer =
            alloc_format("%s%s%s", text, i > 0 ? " " : "", trials_figure(values[i]).text);
        free(text);
        text = longer;
    }
    return text;
}

static void say_rates(struct page *page, const struct row *row)
{
    const struct slots *slots =
        slots_of(&row->summary->facts.trials, row->server, row->table->load);
    double *values = alloc_zeroed(slots->count, sizeof *values);
    size_t count =
        slots_sample(slots, offsetof(struct trial, result.requests_per_second), values);
    char *sorted = sorted_text(values, count);
    if (count > 0)
        page_item(page, "Requests per second: %s is the median of %s",
                  trials_figure(row->cell->requests_per_second.mid).text, sorted);
    free(sorted);
    free(values);
}

static void write_figures(struct page *page, const struct row *row)
{
    const struct cell *cell = row->cell;
    page_heading(page, 2, "Its figures, before rounding");
    if (cell_absence(cell)) {
        page_text(page, "It has none: %s.", cell->reason ? cell->reason : "not measured");
        return;
    }
    say_rates(page, row);
    page_item(page,
              "CPU per request: %s µs, 95 %% interval %s to %s: Hodges–Lehmann over %zu "
              "rounds of slices",
              trials_figure(cell->cpu_us_per_request.mid).text,
              trials_figure(cell->cpu_us_per_request.low).text,
              trials_figure(cell->cpu_us_per_request.high).text, cell->rounds);
    page_item(page, "Time per request: %s ms, the median of the trials'",
              trials_figure(cell->time_per_request_ms).text);
    for (size_t i = 0; i < PERCENTILES_SHOWN; i++) {
        int percent = percentiles_shown[i];
        page_item(page, "Served within, %d %%: %s ms, the %s of the trials'", percent,
                  trials_figure(cell->percentile_ms[percent]).text,
                  percent == 100 ? "largest" : "median");
    }
    page_item(page, "Busy: server %s, %s %s, the medians of the trials'",
              trials_figure(cell->server_busy).text, row->table->load->tool,
              trials_figure(cell->client_busy).text);
    for (size_t i = 0; i < cell->flags.count; i++) {
        char *words = flag_words(&cell->flags.items[i]);
        page_item(page, "Flag %s: %s", cell->flags.items[i].rule, words);
        free(words);
    }
}

/* ---- the slices ---- */

/* A round's slices of this server under this load. */
struct round_sum {
    size_t count, wrong;
    double seconds, requests;
    const char *reason; /* of the last wrong one */
};

static struct round_sum sum_round(const struct row *row, int round)
{
    const struct run *run = row->run;
    struct round_sum sum = {0};
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (slice->round != round || &run->servers[slice->server] != row->server ||
            &run->suite.loads[slice->load] != row->table->load)
            continue;
        sum.count++;
        sum.wrong += slice->reason != NULL;
        sum.reason = slice->reason ? slice->reason : sum.reason;
        sum.seconds += slice->reason ? 0 : slice->seconds;
        sum.requests += slice->reason ? 0 : slice->complete;
    }
    return sum;
}

static void add_round(struct grid *grid, const struct row *row, size_t round)
{
    const struct samples *slices = &row->summary->facts.slices;
    const struct loads loads = {(size_t)(row->table->load - row->run->suite.loads), 1};
    size_t server = (size_t)(row->server - row->run->servers);
    struct round_sum sum = sum_round(row, (int)round + 1);
    double cpu_us = exp(samples_level(slices, QUANTITY_CPU, loads, server, round));
    grid_add(grid, "%zu", round + 1);
    grid_add(grid, "%zu", sum.count);
    grid_add(grid, "%zu", sum.wrong);
    grid_add(grid, "%s", trials_figure(sum.requests / sum.seconds).text);
    grid_add(grid, "%s", trials_figure(cpu_us).text);
    grid_add(grid, "%s", sum.reason ? sum.reason : "");
}

static void write_slices(struct page *page, const struct row *row)
{
    static const char slices[] = "Slices";
    static const struct column columns[] = {
        {.head = "Round", .align = ALIGN_RIGHT},
        {.group = slices, .head = "made", .align = ALIGN_RIGHT},
        {.group = slices, .head = "failed", .align = ALIGN_RIGHT},
        {.head = "Requests per second", .align = ALIGN_RIGHT},
        {.head = "CPU µs/request", .align = ALIGN_RIGHT},
        {.head = "The last failure"},
    };
    struct grid grid;
    page_heading(page, 2, "Its slices");
    if (row->server->missing || row->summary->facts.slices.rounds == 0) {
        page_text(page, "There are none.");
        return;
    }
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t round = 0; round < row->summary->facts.slices.rounds; round++)
        add_round(&grid, row, round);
    grid_write(&grid, page);
    grid_free(&grid);
    page_item(page,
              "CPU per request is the 20 %% trimmed mean over the round's blocks. Each "
              "slice is a line of record.jsonl: \"type\":\"slice\", \"server\":%zu, "
              "\"load\":%zu.",
              (size_t)(row->server - row->run->servers),
              (size_t)(row->table->load - row->run->suite.loads));
}

/* ---- the comparisons ---- */

/* "0.0314"; a smaller one than can be shown so is no zero. */
static struct figure probability(double p)
{
    struct figure figure;
    snprintf(figure.text, sizeof figure.text, p < 0.0001 ? "<0.0001" : "%.4f", p);
    return figure;
}

static void add_pair(struct grid *grid, const char *other, const struct pair *pair)
{
    const struct figure none = {"–"};
    bool compared = pair->relation != RELATION_NONE;
    struct figure needed = verdict_rounds(pair);

    grid_add(grid, "%s", name_label(other).text);
    grid_add(grid, "%.4f", pair->ratio.mid);
    grid_add(grid, "%.4f", pair->ratio.low);
    grid_add(grid, "%.4f", pair->ratio.high);
    grid_add(grid, "%s", probability(pair->signed_rank_p).text);
    grid_add(grid, "%s", compared ? probability(pair->p).text : none.text);
    grid_add(grid, "%s", verdict_word(pair->relation));
    grid_add(grid, "%s", needed.text);
}

/* The ratio in each round that has both: "1: 1.0210, 2: 1.0342". */
static void say_ratios(struct page *page, const struct comparison *comparison,
                       size_t place, size_t other, const char *name)
{
    size_t room = comparison->input.samples->rounds;
    double *logs = alloc_zeroed(room, sizeof *logs);
    int *rounds = alloc_zeroed(room, sizeof *rounds);
    size_t count = comparison_logs(comparison, place, other, logs, rounds);
    char *text = alloc_copy("");
    for (size_t i = 0; i < count; i++) {
        char *longer = alloc_format("%s%s%d: %.4f", text, i > 0 ? ", " : "", rounds[i],
                                    exp(logs[i]));
        free(text);
        text = longer;
    }
    page_item(page, "Ratio to %s in round %s", name_label(name).text, text);
    free(text);
    free(rounds);
    free(logs);
}

/* The other servers with which it has a round in common, from the best on; their places
 * in the table, owned by the caller. */
static size_t *find_others(const struct row *row, enum quantity quantity, size_t *count)
{
    const struct comparison *comparison = &row->table->comparisons[quantity];
    size_t place = (size_t)(row->cell - row->table->cells);
    size_t *others = alloc_zeroed(comparison->servers, sizeof *others);
    *count = 0;
    for (size_t i = 0; i < comparison->servers; i++) {
        size_t other = comparison->order[i];
        if (other != place && comparison_pair(comparison, place, other).rounds > 0)
            others[(*count)++] = other;
    }
    return others;
}

static void write_pairs(struct page *page, const struct row *row, enum quantity quantity,
                        const size_t *others, size_t count)
{
    static const char ratio[] = "Ratio to it", p[] = "p";
    const struct column columns[] = {
        {.head = "Other"},
        {.group = ratio, .head = "mid", .align = ALIGN_RIGHT},
        {.group = ratio, .head = "low", .align = ALIGN_RIGHT},
        {.group = ratio, .head = "high", .align = ALIGN_RIGHT},
        {.group = p, .head = "alone", .align = ALIGN_RIGHT},
        {.group = p, .head = "table", .align = ALIGN_RIGHT},
        {.head = "Verdict"},
        {.head = "Rounds it would take"},
    };
    const struct comparison *comparison = &row->table->comparisons[quantity];
    size_t place = (size_t)(row->cell - row->table->cells);
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        struct pair pair = comparison_pair(comparison, place, others[i]);
        add_pair(&grid, row->table->cells[others[i]].server->name, &pair);
    }
    grid_write(&grid, page);
    grid_free(&grid);
    for (size_t i = 0; i < count; i++)
        say_ratios(page, comparison, place, others[i],
                   row->table->cells[others[i]].server->name);
    page_item(page, "Holm's correction is over the %zu comparisons of this table.",
              comparison->made);
}

static void write_quantity(struct page *page, const struct row *row,
                           enum quantity quantity)
{
    size_t count;
    size_t *others = find_others(row, quantity, &count);
    page_heading(page, 3, "By %s", quantity_name(quantity));
    if (count > 0)
        write_pairs(page, row, quantity, others, count);
    else
        page_text(page, "There is no other server to compare it with.");
    verdict_floor(page, &row->table->floors[quantity], quantity);
    free(others);
}

static void write_comparisons(struct page *page, const struct row *row)
{
    page_heading(page, 2, "Its comparisons");
    glossary_text(page, "pair", figure_decimals(SIGNIFICANCE, 2).text,
                  figure_tenths(100 * DIFFERENCE_OF_INTEREST).text, NULL);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        write_quantity(page, row, quantity);
}

/* The control is compared with its original alone, over all loads. */
static void write_control(struct page *page, const struct row *row)
{
    page_heading(page, 2, "What it is for");
    verdict_floors(page, row->summary);
}

/* ---- all of it ---- */

static int fail_table(const struct summary *summary, const char *table, struct err *err)
{
    struct names names = {0};
    for (size_t i = 0; i < summary->table_count; i++)
        names_add(&names, summary->tables[i].load->name);
    char *joined = names_join(&names);
    err_set(err, "no table '%s' in this run; it has %s", name_label(table).text, joined);
    free(joined);
    names_free(&names);
    return -1;
}

static int fail_server(const struct run *run, const char *server, struct err *err)
{
    struct names names = {0};
    for (size_t i = 0; i < run->server_count; i++)
        names_add(&names, run->servers[i].name);
    char *joined = names_join(&names);
    err_set(err, "no server '%s' in this run; it has %s", name_label(server).text,
            joined);
    free(joined);
    names_free(&names);
    return -1;
}

int explain_write(FILE *out, const char *directory, const struct run *run,
                  const struct summary *summary, const char *table, const char *server,
                  struct err *err)
{
    struct row row = {
        .directory = directory,
        .run = run,
        .summary = summary,
        .table = summary_table(summary, table),
        .server = run_server(run, server),
    };
    if (!row.table)
        return fail_table(summary, table, err);
    if (!row.server)
        return fail_server(run, server, err);
    row.cell = table_cell(row.table, row.server);

    struct page page = {.out = out, .format = FORMAT_TEXT};
    page_heading(&page, 1, "Where the row of %s under %s comes from",
                 name_label(server).text, table);
    page_text(&page, "%s: %s. %s: %s", table, row.table->load->title, row.server->path,
              row.server->about);
    write_trials(&page, &row);
    write_slices(&page, &row);
    if (row.cell)
        write_figures(&page, &row);
    if (row.cell && row.cell->rounds > 0)
        write_comparisons(&page, &row);
    if (!row.cell)
        write_control(&page, &row);
    write_sources(&page, &row);
    return 0;
}
