/* syscalls.c - system calls per request, counted by strace.
 * SPDX-License-Identifier: MIT
 *
 * strace is attached to one running server, for few requests and for many; what the second
 * count has more is theirs, and what attaching adds cancels. Whether a request is there by the
 * time its connection is, is the scheduler's affair: of three counts the median is taken. */
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "profile/trace.h"

#include <math.h>

enum { FEW = 100, MANY = 1100, COUNTS = 3 };

/* A load under which they are counted. */
struct traced_load {
    const char *key, *head; /* in the record, and above its column */
    int concurrency;
    bool keepalive;
};

static const struct traced_load loads[] = {
    {.key = "c1", .head = "c=1", .concurrency = 1},
    {.key = "c50", .head = "c=50", .concurrency = 50},
    {.key = "c1-keep-alive", .head = "c=1 -k", .concurrency = 1, .keepalive = true},
    {.key = "c50-keep-alive", .head = "c=50 -k", .concurrency = 50, .keepalive = true},
};
enum { LOADS = sizeof loads / sizeof *loads };

/* Less often than this, a call has nothing to do with a request. */
static const double WORTH_A_ROW = 0.005;

/* ---- counting ---- */

/* {"calls": {NAME: per request, …}}. */
static json_t *calls_json(const struct tally *calls)
{
    json_t *counts = json_object();
    for (size_t i = 0; i < calls->count; i++)
        if (calls->rows[i].counts[CALL_COUNT] >
            0) /* what the shorter run had more is chance */
            json_object_set_new(counts, calls->rows[i].names[0],
                                json_real(calls->rows[i].counts[CALL_COUNT]));
    return json_pack("{s:o}", "calls", counts);
}

static int count_load(struct tally *few, struct tally many[COUNTS], struct target *target,
                      const struct traced_load *load, struct err *err)
{
    const struct drive small = {FEW, load->concurrency, load->keepalive};
    const struct drive large = {MANY, load->concurrency, load->keepalive};
    /* A server of several processes may listen before they are all there: not afterwards. */
    int failed = target_drive(target, &small, err);
    if (!failed)
        failed = strace_calls(few, target, &small, false, err);
    for (int i = 0; i < COUNTS && !failed; i++)
        failed = strace_calls(&many[i], target, &large, false, err);
    return failed;
}

/* What is counted under a load, and the part's object that takes it. */
struct count {
    const struct traced_load *load;
    json_t *data;
};

static int measure_load(void *subject, struct target *target, struct err *err)
{
    const struct count *count = subject;
    const struct traced_load *load = count->load;
    struct tally few = {0};
    struct tally many[COUNTS] = {{0}};
    int failed = count_load(&few, many, target, load, err);
    if (!failed) {
        tally_per_request(many, COUNTS, &few, MANY - FEW);
        const struct tally *median = &many[COUNTS / 2];
        json_object_set_new(json_object_get(count->data, "loads"), load->key,
                            calls_json(median));
        json_object_set_new(count->data, load->key,
                            json_real(tally_sum(median, CALL_COUNT)));
    }
    tally_free(&few);
    for (int i = 0; i < COUNTS; i++)
        tally_free(&many[i]);
    return failed;
}

static int measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err)
{
    int failed = 0;
    json_object_set_new(data, "loads", json_object());
    for (size_t i = 0; i < LOADS && !failed; i++) {
        struct count count = {&loads[i], data};
        char *label = alloc_format("strace-%s", loads[i].key);
        failed = target_use(&(struct target_options){setup, server, label, NULL},
                            measure_load, &count, err);
        free(label);
    }
    return failed;
}

/* ---- tables ---- */

static const json_t *counts_of(const json_t *data, size_t load)
{
    return json_object_get(
        json_object_get(json_object_get(data, "loads"), loads[load].key), "calls");
}

/* A load that knows nothing of a call has not made it. */
static double call_count(const json_t *counts, const char *call)
{
    double count = profile_number(counts, call);
    return counts && !(count > 0) ? 0 : count;
}

/* Whether a call has a row with the load that is asked for, and not with one before: so each
 * has one. */
static bool is_due(const json_t *data, const char *call, size_t load)
{
    for (size_t before = 0; before < load; before++)
        if (profile_number(counts_of(data, before), call) >= WORTH_A_ROW)
            return false;
    return profile_number(counts_of(data, load), call) >= WORTH_A_ROW;
}

static void write_call(struct grid *grid, const json_t *data, const char *call)
{
    grid_add(grid, " ");
    grid_add(grid, "%s", call);
    for (size_t load = 0; load < LOADS; load++)
        grid_add(grid, "%s", figure_short(call_count(counts_of(data, load), call)).text);
}

static void rows(struct grid *grid, const char *server, const json_t *data)
{
    const char *call;
    json_t *value;
    grid_add(grid, "%s", server);
    grid_add(grid, "all");
    for (size_t load = 0; load < LOADS; load++)
        profile_cell(grid, data, loads[load].key);
    for (size_t load = 0; load < LOADS; load++) {
        json_object_foreach((json_t *)counts_of(data, load), call, value)
        {
            if (is_due(data, call, load))
                write_call(grid, data, call);
        }
    }
}

static void write_section(struct page *page, const struct profile *profile)
{
    struct column columns[2 + LOADS + 1] = {{.head = "Server"}, {.head = "call"}};
    for (size_t load = 0; load < LOADS; load++)
        columns[2 + load] = (struct column){
            .group = "per request, at", .head = loads[load].head, .align = ALIGN_RIGHT};
    profile_table(
        page, profile, &part_syscalls,
        &(struct part_table){
            .columns = columns,
            .text =
                "Counted by strace, as the difference between 1,100 requests and 100: "
                "the "
                "median of three such. "
                "-k keeps connections. A call that a signal cut short, and that was "
                "made again for it, counts once. At c=50 a server that is told of "
                "several clients at a time shares that call among them: among more "
                "of them here than at full speed, since strace slows it down; and a "
                "request is there by the time its connection is accepted, where at full "
                "speed the server often asks in vain (the table of phases has the calls "
                "at full speed).",
            .rows = rows,
        });
}

static void csv_rows(FILE *out, const char *server, const json_t *data)
{
    for (size_t load = 0; load < LOADS; load++) {
        const char *call;
        json_t *value;
        json_object_foreach((json_t *)counts_of(data, load), call, value)
        {
            quote_csv(out, server);
            fprintf(out, ",%s,%s", loads[load].key, call);
            profile_csv_number(out, json_number_value(value));
            fputc('\n', out);
        }
    }
}

const struct part part_syscalls = {
    .name = "syscalls",
    .heading = "System calls per request",
    .program = "strace",
    .package = "strace",
    .measure = measure,
    .write = write_section,
    .csv_columns = "load,call,calls_per_request",
    .csv_rows = csv_rows,
    .figures = {{"c1", "System calls", "c=1"},
                {"c50", "System calls", "c=50"},
                {"c1-keep-alive", "System calls", "c=1 -k"},
                {"c50-keep-alive", "System calls", "c=50 -k"}},
};
