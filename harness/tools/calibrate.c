/* calibrate.c - from the records of `make calibrate` to its result: how often abacus finds a
 * difference that is there, and one that is not.
 * SPDX-License-Identifier: MIT
 *
 * An hour does not hold enough runs to count, so runs are drawn from the recorded slices: as many
 * rounds as a default run has, each any of those that were measured (the bootstrap estimate of a
 * test's power: Efron & Tibshirani 1993, ch. 25; drawn without replacement, runs out of few more
 * rounds than they have would all be nearly the same run). The bounds are those of the bootstrap over
 * the rounds measured (ch. 13): the whole drawing again from rounds that were themselves drawn with
 * replacement. Tables without any difference are made from copies of one server: in each round their
 * names are dealt anew. */
#include "analyse/summary.h"
#include "base/alloc.h"
#include "model/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = ROUNDS_DEFAULT, /* of a default run */
    RUNS = 100,              /* that are drawn for a rate */
    BOOTSTRAPS = 100,        /* for its bounds */
    TABLES = 400,            /* without a difference */
    LINEUP = 12, /* servers of a default run, whose pairs Holm's correction counts */
};

/* The goals: at least, or at most, this share, by the bound. */
static const struct goal {
    const char *extra; /* the server with a planted cost */
    double least;
    bool table; /* of all pairs of the table; else against the control alone */
} goals[] = {
    {"plus-1", 0.50, false},
    {"plus-2", 0.90, false},
    {"plus-3", 0.90, true},
};

static const double FLOOR_MOST = 0.015, FALSE_MOST = 0.05, FALSE_BOUND_MOST = 0.08;

/* ---- drawing ---- */

static size_t draw(size_t below)
{
    return (size_t)random() % below;
}

static double *row_of(const struct samples *samples, enum quantity quantity, size_t load,
                      size_t server, size_t round)
{
    size_t place = (load * samples->servers + server) * samples->rounds + round;
    return &samples->logs[quantity][place * samples->blocks];
}

/* Samples of the same shape with other rounds; to be freed. */
static struct samples samples_like(const struct samples *samples, size_t rounds)
{
    struct samples like = *samples;
    size_t cells = samples->loads * samples->servers;
    like.rounds = rounds;
    for (size_t q = 0; q < QUANTITIES; q++)
        like.logs[q] = alloc_zeroed(cells * rounds * samples->blocks, sizeof(double));
    like.standings = alloc_zeroed(cells, sizeof *like.standings);
    memcpy(like.standings, samples->standings, cells * sizeof *like.standings);
    return like;
}

/* Copies a round; server s gets the slices of names[s]. */
static void copy_round(const struct samples *to, size_t round, const struct samples *from,
                       size_t source, const size_t *names)
{
    for (size_t q = 0; q < QUANTITIES; q++)
        for (size_t load = 0; load < from->loads; load++)
            for (size_t s = 0; s < from->servers; s++)
                memcpy(row_of(to, (enum quantity)q, load, s, round),
                       row_of(from, (enum quantity)q, load, names ? names[s] : s, source),
                       from->blocks * sizeof(double));
}

/* Fisher & Yates. */
static void shuffle(size_t *places, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = draw(i), place = places[i - 1];
        places[i - 1] = places[j];
        places[j] = place;
    }
}

static size_t *places_make(size_t n)
{
    size_t *places = alloc_zeroed(n, sizeof *places);
    for (size_t i = 0; i < n; i++)
        places[i] = i;
    return places;
}

/* A run of `rounds` rounds, drawn with replacement from those measured. */
static struct samples draw_run(const struct samples *measured, size_t rounds)
{
    struct samples run = samples_like(measured, rounds);
    for (size_t r = 0; r < rounds; r++)
        copy_round(&run, r, measured, draw(measured->rounds), NULL);
    return run;
}

/* A run of rounds that were measured, each at most once; in each the names are dealt anew. */
static struct samples draw_null(const struct samples *measured, size_t rounds)
{
    struct samples run = samples_like(measured, rounds);
    size_t *places = places_make(measured->rounds);
    size_t *names = places_make(measured->servers);
    shuffle(places, measured->rounds);
    for (size_t r = 0; r < rounds; r++) {
        shuffle(names, measured->servers);
        copy_round(&run, r, measured, places[r], names);
    }
    free(names);
    free(places);
    return run;
}

/* ---- a drawn run's verdicts ---- */

/* The table that answers for a run: of all loads, or of the only one. */
static void main_table_make(struct table *table, const struct facts *facts)
{
    if (facts->slices.loads > 1)
        table_make_overall(table, facts);
    else
        table_make(table, facts, 0);
}

static size_t cell_place(const struct table *table, const char *server)
{
    size_t i = 0;
    while (i < table->cell_count && strcmp(table->cells[i].server->name, server) != 0)
        i++;
    return i;
}

static bool is_apart(enum relation relation)
{
    return relation == RELATION_LESS || relation == RELATION_MORE;
}

/* A run's server of that name; server_count: it has none. */
static size_t server_place(const struct run *run, const char *name)
{
    size_t i = 0;
    while (i < run->server_count && strcmp(run->servers[i].name, name) != 0)
        i++;
    return i;
}

/* Those two, and of the others without a planted cost the first, until there are so many. */
static size_t choose_rows(size_t *rows, const struct run *run, size_t a, size_t b,
                          size_t most)
{
    size_t count = 0;
    rows[count++] = a;
    rows[count++] = b;
    for (size_t i = 0; i < run->server_count && count < most; i++)
        if (i != a && i != b && !run->servers[i].control_of &&
            strncmp(run->servers[i].name, "plus-", 5) != 0)
            rows[count++] = i;
    return count;
}

/* Whether the planted cost is found: against the server without it, among all pairs of as many
 * servers as a default run has; or in a comparison of these two alone. */
static bool is_found(const struct facts *facts, const struct noise_floor *noise_floor,
                     const struct goal *goal)
{
    const struct run *run = facts->run;
    size_t a = server_place(run, goal->extra), b = server_place(run, "epoll");
    if (a == run->server_count || b == run->server_count)
        return false;
    size_t rows[LINEUP], order[LINEUP];
    size_t servers = choose_rows(rows, run, a, b, goal->table ? LINEUP : 2);
    for (size_t i = 0; i < servers; i++)
        order[i] = i;
    struct comparison comparison;
    comparison_make(&comparison, &(struct comparison_input){
                                     .samples = &facts->slices,
                                     .quantity = QUANTITY_CPU,
                                     .loads = {0, facts->slices.loads},
                                     .rows = rows,
                                     .servers = servers,
                                     .order = order,
                                     .beyond = noise_floor->margin,
                                 });
    bool found = is_apart(comparison_pair(&comparison, 0, 1).relation);
    comparison_free(&comparison);
    return found;
}

enum { GOALS = sizeof goals / sizeof *goals };

/* Of RUNS drawn runs. */
struct rates {
    double found[GOALS];
    double noise_floor; /* the median of the runs' */
};

static void add_run(struct rates *rates, double *floors, size_t i,
                    const struct facts *facts)
{
    struct noise_floor noise_floor;
    floor_make(&noise_floor, facts, QUANTITY_CPU, (struct loads){0, facts->slices.loads});
    floors[i] = noise_floor.delta;
    for (size_t g = 0; g < GOALS; g++)
        rates->found[g] += is_found(facts, &noise_floor, &goals[g]) / (double)RUNS;
}

static struct rates rates_of(const struct run *run, const struct samples *measured)
{
    struct rates rates = {0};
    double floors[RUNS];
    for (size_t i = 0; i < RUNS; i++) {
        struct facts facts = {.run = run, .slices = draw_run(measured, ROUNDS)};
        add_run(&rates, floors, i, &facts);
        samples_free(&facts.slices);
    }
    rates.noise_floor = stats_median(floors, RUNS);
    return rates;
}

/* The rates, and the 2.5th and 97.5th percentile over the bootstraps: [low, high] of each. */
struct estimate {
    struct rates mid;
    struct rates all[BOOTSTRAPS];
};

static void estimate_make(struct estimate *estimate, const struct run *run,
                          const struct samples *measured)
{
    estimate->mid = rates_of(run, measured);
    for (size_t b = 0; b < BOOTSTRAPS; b++) {
        struct samples again = draw_run(measured, measured->rounds);
        estimate->all[b] = rates_of(run, &again);
        samples_free(&again);
    }
}

static double found_bound(const struct estimate *estimate, size_t goal, double quantile)
{
    double found[BOOTSTRAPS];
    for (size_t b = 0; b < BOOTSTRAPS; b++)
        found[b] = estimate->all[b].found[goal];
    return stats_quantile(found, BOOTSTRAPS, quantile);
}

static double floor_bound(const struct estimate *estimate, double quantile)
{
    double floors[BOOTSTRAPS];
    for (size_t b = 0; b < BOOTSTRAPS; b++)
        floors[b] = estimate->all[b].noise_floor;
    return stats_quantile(floors, BOOTSTRAPS, quantile);
}

/* ---- tables without a difference ---- */

static bool any_apart(const struct table *table)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    for (size_t a = 0; a < comparison->servers; a++)
        for (size_t b = a + 1; b < comparison->servers; b++)
            if (is_apart(comparison_pair(comparison, a, b).relation))
                return true;
    return false;
}

static size_t count_false(const struct run *run, const struct samples *measured)
{
    size_t count = 0;
    for (size_t i = 0; i < TABLES; i++) {
        struct table table;
        struct facts facts = {.run = run, .slices = draw_null(measured, ROUNDS)};
        slot_table_make(&facts.trials, run);
        main_table_make(&table, &facts);
        count += any_apart(&table);
        table_free(&table);
        slot_table_free(&facts.trials);
        samples_free(&facts.slices);
    }
    return count;
}

/* Upper end of the 95 % interval of a share (Wilson 1927). */
static double upper_bound(size_t count, size_t n)
{
    double z = TAIL_QUANTILE, p = (double)count / (double)n, m = (double)n;
    return (p + z * z / (2 * m) + z * sqrt(p * (1 - p) / m + z * z / (4 * m * m))) /
           (1 + z * z / m);
}

/* ---- the result ---- */

struct result {
    FILE *out;
    size_t missed;
};

static void add_row(struct result *result, bool reached, const char *what,
                    const char *goal, const char *found)
{
    fprintf(result->out, "| %s | %s | %s | %s |\n", what, goal, found,
            reached ? "yes" : "**no**");
    result->missed += !reached;
}

static void write_goal(struct result *result, const struct estimate *estimate, size_t g)
{
    const struct goal *goal = &goals[g];
    double low = found_bound(estimate, g, TAIL),
           high = found_bound(estimate, g, 1 - TAIL);
    char *what = alloc_format(
        "%s %% of CPU work found, %s", goal->extra + strlen("plus-"),
        goal->table ? "among all pairs of twelve servers" : "against the copy without");
    char *least = alloc_format("at least %.0f %%", 100 * goal->least);
    char *found = alloc_format("%.0f %% (%.0f to %.0f %%)", 100 * estimate->mid.found[g],
                               100 * low, 100 * high);
    add_row(result, low >= goal->least, what, least, found);
    free(found);
    free(least);
    free(what);
}

static void write_floor(struct result *result, const struct estimate *estimate)
{
    double high = floor_bound(estimate, 1 - TAIL);
    char *found =
        alloc_format("±%.2f %% (%.2f to %.2f %%)", 100 * estimate->mid.noise_floor,
                     100 * floor_bound(estimate, TAIL), 100 * high);
    add_row(result, high <= FLOOR_MOST, "noise floor, all loads together",
            "at most ±1.5 %", found);
    free(found);
}

static void write_null(struct result *result, const char *name, const struct run *run,
                       const struct samples *measured)
{
    size_t count = count_false(run, measured);
    double share = (double)count / TABLES, bound = upper_bound(count, TABLES);
    char *what =
        alloc_format("tables of equal servers with a false difference, %s", name);
    char *found = alloc_format("%.1f %% (%zu of %d; at most %.1f %%)", 100 * share, count,
                               TABLES, 100 * bound);
    add_row(result, share <= FALSE_MOST && bound <= FALSE_BOUND_MOST, what,
            "at most 5 % (bound 8 %)", found);
    free(found);
    free(what);
}

/* What the planted costs came to over all rounds. */
static void write_costs(FILE *out, const struct run *run)
{
    static const char *const extras[] = {"plus-1", "plus-2", "plus-3", "plus-5"};
    struct summary summary;
    summary_make(&summary, run);
    const struct table *table =
        summary.overall.cell_count > 0 ? &summary.overall : &summary.tables[0];
    size_t b = cell_place(table, "epoll");
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++) {
        size_t a = cell_place(table, extras[i]);
        if (a == table->cell_count || b == table->cell_count)
            continue;
        struct interval ratio =
            comparison_pair(&table->comparisons[QUANTITY_CPU], a, b).ratio;
        fprintf(out, "- %s: %+.2f %% (%+.2f to %+.2f %%) over all %zu rounds\n",
                extras[i], 100 * (ratio.mid - 1), 100 * (ratio.low - 1),
                100 * (ratio.high - 1), summary.facts.slices.rounds);
    }
    summary_free(&summary);
}

/* A record under `directory`, which a calibration must have. */
static void read_run(struct run *run, const char *directory, const char *name)
{
    struct err err;
    char *folder = alloc_format("%s/%s", directory, name);
    if (record_read(run, folder, &err) < 0) {
        fprintf(stderr, "calibration: %s\n", err.text);
        exit(1);
    }
    free(folder);
}

static void write_lineup(struct result *result, const char *directory)
{
    struct run run;
    struct samples samples;
    struct estimate *estimate = alloc_zeroed(1, sizeof *estimate);
    read_run(&run, directory, "lineup");
    samples_make(&samples, &run);
    fprintf(result->out,
            "%zu servers and their control, %zu loads, %zu rounds of slices of about "
            "%.0f s in %.0f min. A run is %d rounds drawn from these.\n\n",
            run.server_count - 1, samples.loads, samples.rounds, run.round_s,
            run.wall_s / 60, ROUNDS);
    fprintf(result->out,
            "| what | goal | found (95 %%) | reached |\n|---|---|---|---|\n");
    estimate_make(estimate, &run, &samples);
    write_floor(result, estimate);
    for (size_t g = 0; g < GOALS; g++)
        write_goal(result, estimate, g);
    samples_free(&samples);
    free(estimate);
    run_free(&run);
}

static void write_nulls(struct result *result, const char *directory)
{
    static const char *const names[][2] = {{"null", "quiet"},
                                           {"busy", "beside busy programs"}};
    for (size_t i = 0; i < 2; i++) {
        struct run run;
        struct samples samples;
        read_run(&run, directory, names[i][0]);
        samples_make(&samples, &run);
        write_null(result, names[i][1], &run, &samples);
        samples_free(&samples);
        run_free(&run);
    }
}

static void write_planted(struct result *result, const char *directory)
{
    struct run run;
    read_run(&run, directory, "lineup");
    fprintf(result->out, "\nWhat was planted came to:\n\n");
    write_costs(result->out, &run);
    run_free(&run);
}

static void write_all(struct result *result, const char *directory)
{
    srandom(20090309);
    write_lineup(result, directory);
    write_nulls(result, directory);
    write_planted(result, directory);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: calibration FOLDER\n", stderr);
        return 2;
    }
    char *text = NULL;
    size_t size;
    struct result result = {.out = open_memstream(&text, &size)};
    write_all(&result, argv[1]);
    fclose(result.out);
    char *path = alloc_format("%s/calibration.md", argv[1]);
    FILE *file = fopen(path, "we");
    if (!file || fputs(text, file) == EOF || fclose(file) == EOF) {
        perror(path);
        return 1;
    }
    fputs(text, stdout);
    free(path);
    free(text);
    return result.missed > 0;
}
