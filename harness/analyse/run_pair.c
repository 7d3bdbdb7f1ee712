/* run_pair.c - two runs side by side: what both have, compared.
 * SPDX-License-Identifier: MIT */
#include "analyse/run_pair.h"

#include "analyse/samples.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what both have ---- */

static size_t count_valid(const struct run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->slice_count; i++)
        count += run->slices[i].reason == NULL;
    return count;
}

static bool is_common_server(const struct run *a, const struct run *b, const char *name)
{
    const struct run_server *of_a = run_server(a, name), *of_b = run_server(b, name);
    return of_a && of_b && !of_a->control_of && !of_b->control_of;
}

static size_t count_common_servers(const struct run *a, const struct run *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->server_count; i++)
        count += is_common_server(a, b, a->servers[i].name);
    return count;
}

static size_t count_common_loads(const struct run *a, const struct run *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->suite.load_count; i++)
        count += suite_load(&b->suite, a->suite.loads[i].name) != NULL;
    return count;
}

static int check_comparable(const struct run *a, const struct run *b, struct err *err)
{
    if (strcmp(a->started, b->started) == 0 && a->seed == b->seed)
        return err_set(err, "both folders hold the same run, started %s", a->started);
    if (count_valid(a) == 0 || count_valid(b) == 0)
        return err_set(err, "no slice of run %s counts, so there is nothing to compare",
                       count_valid(a) == 0 ? "A" : "B");
    if (count_common_loads(a, b) == 0)
        return err_set(err,
                       "the runs have no load in common: A is of suite '%s', B of "
                       "'%s'",
                       a->suite.name, b->suite.name);
    if (count_common_servers(a, b) == 0)
        return err_set(err, "the runs have no server in common");
    return 0;
}

/* ---- the tables ---- */

static const struct cell *find_cell(const struct run_pair *pair, size_t side,
                                    const struct load *load, const char *server)
{
    return table_cell(summary_table(&pair->summaries[side], load->name),
                      run_server(pair->runs[side], server));
}

static void add_match(struct contrast_table *table, const struct run_pair *pair,
                      const char *server)
{
    struct match match = {.server = server};
    for (size_t side = 0; side < 2; side++)
        match.cells[side] = find_cell(pair, side, table->load, server);
    if (match.cells[0]->rounds + match.cells[1]->rounds > 0)
        table->matches[table->count++] = match;
}

static void find_matches(struct contrast_table *table, const struct run_pair *pair)
{
    const struct run *a = pair->runs[0];
    table->matches = alloc_zeroed(a->server_count, sizeof *table->matches);
    for (size_t i = 0; i < a->server_count; i++)
        if (is_common_server(a, pair->runs[1], a->servers[i].name))
            add_match(table, pair, a->servers[i].name);
}

static void make_levels(struct levels *levels, const struct contrast_table *table,
                        const struct run_pair *pair, size_t side)
{
    const struct run *run = pair->runs[side];
    const struct samples *samples = &pair->summaries[side].facts.slices;
    const struct load *load = suite_load(&run->suite, table->load->name);
    const struct loads loads = {(size_t)(load - run->suite.loads), 1};
    *levels = (struct levels){.servers = table->count, .rounds = samples->rounds};
    levels->logs = alloc_zeroed(levels->servers * levels->rounds, sizeof *levels->logs);
    for (size_t i = 0; i < table->count; i++)
        for (size_t r = 0; r < levels->rounds; r++) {
            const struct run_server *server = run_server(run, table->matches[i].server);
            levels->logs[i * levels->rounds + r] = samples_level(
                samples, table->quantity, loads, (size_t)(server - run->servers), r);
        }
}

/* Requests per second are the server's own only where it was the limit, in both runs. */
static bool is_limited(const struct match *match, enum quantity quantity)
{
    bool limited = false;
    for (size_t side = 0; side < 2; side++)
        limited |=
            match->cells[side]->trials > 0 && match->cells[side]->bound != BOUND_SERVER;
    return limited && quantity == QUANTITY_RATE;
}

static void compare_table(struct contrast_table *table, const struct run_pair *pair)
{
    struct levels levels[2];
    find_matches(table, pair);
    struct contrast *contrasts = alloc_zeroed(table->count, sizeof *contrasts);
    for (size_t side = 0; side < 2; side++)
        make_levels(&levels[side], table, pair, side);
    contrasts_test(contrasts, &levels[0], &levels[1]);
    table->shared = contrasts_shared(contrasts, table->count);
    for (size_t i = 0; i < table->count; i++) {
        table->matches[i].contrast = contrasts[i];
        table->matches[i].contrast.limited =
            is_limited(&table->matches[i], table->quantity);
    }
    for (size_t side = 0; side < 2; side++)
        free(levels[side].logs);
    free(contrasts);
}

static void add_tables(struct run_pair *pair, const struct load *load)
{
    const enum quantity quantities[] = {QUANTITY_CPU, QUANTITY_RATE};
    for (size_t i = 0; i < QUANTITIES; i++) {
        struct contrast_table *table = &pair->tables[pair->table_count++];
        *table = (struct contrast_table){.load = load, .quantity = quantities[i]};
        compare_table(table, pair);
    }
}

/* ---- the verdicts ---- */

static void make_criteria(struct run_pair *pair, double threshold)
{
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++) {
        const struct noise_floor *a = &pair->summaries[0].floors[quantity];
        const struct noise_floor *b = &pair->summaries[1].floors[quantity];
        double larger = fmax(a->delta, b->delta);
        pair->criteria[quantity] = (struct contrast_criteria){
            .threshold = isnan(threshold) ? larger : threshold,
            .noise_floor = larger,
            .trustworthy = a->trustworthy && b->trustworthy,
        };
    }
}

static size_t count_matches(const struct run_pair *pair)
{
    size_t count = 0;
    for (size_t b = 0; b < pair->table_count; b++)
        count += pair->tables[b].count;
    return count;
}

static void judge_all(struct run_pair *pair)
{
    struct contrast **all = alloc_zeroed(count_matches(pair), sizeof(struct contrast *));
    size_t count = 0;
    for (size_t b = 0; b < pair->table_count; b++)
        for (size_t i = 0; i < pair->tables[b].count; i++)
            all[count++] = &pair->tables[b].matches[i].contrast;
    pair->made = contrasts_correct(all, count);
    free(all);
    for (size_t b = 0; b < pair->table_count; b++) {
        enum quantity quantity = pair->tables[b].quantity;
        for (size_t i = 0; i < pair->tables[b].count; i++)
            contrast_judge(&pair->tables[b].matches[i].contrast,
                           &pair->criteria[quantity], quantity == QUANTITY_CPU,
                           pair->made);
    }
}

size_t run_pair_count(const struct run_pair *pair, enum outcome outcome)
{
    size_t count = 0;
    for (size_t b = 0; b < pair->table_count; b++)
        for (size_t i = 0; i < pair->tables[b].count; i++)
            count += pair->tables[b].matches[i].contrast.outcome == outcome;
    return count;
}

static enum conclusion conclude(const struct run_pair *pair)
{
    size_t fine =
        run_pair_count(pair, OUTCOME_SAME) + run_pair_count(pair, OUTCOME_BETTER);
    if (run_pair_count(pair, OUTCOME_WORSE) > 0)
        return CONCLUSION_WORSE;
    return fine > 0 && fine == pair->judged ? CONCLUSION_SAME : CONCLUSION_OPEN;
}

int run_pair_make(struct run_pair *pair, const struct run *a, const struct run *b,
                  double threshold, struct err *err)
{
    if (check_comparable(a, b, err) < 0)
        return -1;
    *pair = (struct run_pair){
        .runs = {a, b},
        .tables = alloc_zeroed(a->suite.load_count * QUANTITIES, sizeof *pair->tables),
    };
    for (size_t side = 0; side < 2; side++)
        summary_make(&pair->summaries[side], pair->runs[side]);
    make_criteria(pair, threshold);
    for (size_t i = 0; i < a->suite.load_count; i++)
        if (suite_load(&b->suite, a->suite.loads[i].name))
            add_tables(pair, &a->suite.loads[i]);
    judge_all(pair);
    pair->judged = count_matches(pair) - run_pair_count(pair, OUTCOME_LIMITED);
    pair->conclusion = conclude(pair);
    return 0;
}

void run_pair_free(struct run_pair *pair)
{
    for (size_t b = 0; b < pair->table_count; b++)
        free(pair->tables[b].matches);
    free(pair->tables);
    for (size_t side = 0; side < 2; side++)
        summary_free(&pair->summaries[side]);
    *pair = (struct run_pair){0};
}

/* ---- in what they differ besides their figures ---- */

/* So many of a digest's hex digits tell two executables apart. */
enum { DIGEST_SHOWN = 12 };

static const char EXECUTABLE[] = "executable (sha256)";

/* Owns `what`; copies the values, of which one may be NULL. */
static void add(struct differences *differences, char *what, const char *a, const char *b)
{
    if (a && b && strcmp(a, b) == 0) {
        free(what);
        return;
    }
    differences->items = alloc_resize(differences->items, differences->count + 1,
                                      sizeof *differences->items);
    differences->items[differences->count++] =
        (struct difference){.what = what, .values = {alloc_copy(a), alloc_copy(b)}};
}

/* ---- the machine ---- */

/* The load average is another from minute to minute. */
static bool matters(const struct fact *fact)
{
    return strcmp(fact->name, "load average") != 0;
}

static void compare_machines(struct differences *differences, const struct run *a,
                             const struct run *b)
{
    for (size_t i = 0; i < a->machine_count; i++) {
        const struct fact *fact = &a->machine[i];
        if (matters(fact))
            add(differences, alloc_copy(fact->name), fact->value,
                run_fact(b, fact->name));
    }
    for (size_t i = 0; i < b->machine_count; i++) {
        const struct fact *fact = &b->machine[i];
        if (!run_fact(a, fact->name) && matters(fact))
            add(differences, alloc_copy(fact->name), NULL, fact->value);
    }
}

/* ---- the loads ---- */

/* With a comma between thousands; owned by the caller. */
static char *grouped(long number)
{
    if (number < 1000)
        return alloc_format("%ld", number);
    char *thousands = grouped(number / 1000);
    char *text = alloc_format("%s,%03ld", thousands, number % 1000);
    free(thousands);
    return text;
}

static void compare_numbers(struct differences *differences, const char *load,
                            const char *what, long a, long b)
{
    char *of_a = grouped(a), *of_b = grouped(b);
    add(differences, alloc_format("%s: %s", load, what), of_a, of_b);
    free(of_a);
    free(of_b);
}

static void compare_loads(struct differences *differences, const struct load *a,
                          const struct load *b)
{
    add(differences, alloc_format("%s: load tool", a->name), a->tool, b->tool);
    add(differences, alloc_format("%s: path", a->name), a->path, b->path);
    add(differences, alloc_format("%s: connections kept", a->name),
        a->keepalive ? "yes" : "no", b->keepalive ? "yes" : "no");
    compare_numbers(differences, a->name, "requests", a->requests, b->requests);
    compare_numbers(differences, a->name, "seconds", (long)a->seconds, (long)b->seconds);
    compare_numbers(differences, a->name, "concurrency", a->concurrency, b->concurrency);
    compare_numbers(differences, a->name, "load tools side by side",
                    a->clients > 1 ? a->clients : 1, b->clients > 1 ? b->clients : 1);
    compare_numbers(differences, a->name, "priming requests", a->priming, b->priming);
    compare_numbers(differences, a->name, "timeout, s", a->timeout, b->timeout);
}

static void compare_common_loads(struct differences *differences, const struct suite *a,
                                 const struct suite *b)
{
    for (size_t i = 0; i < a->load_count; i++) {
        const struct load *other = suite_load(b, a->loads[i].name);
        if (other)
            compare_loads(differences, &a->loads[i], other);
    }
}

static void find_single_loads(struct differences *differences, const struct suite *a,
                              const struct suite *b)
{
    for (size_t i = 0; i < a->load_count; i++)
        if (!suite_load(b, a->loads[i].name))
            add(differences, alloc_format("load %s", a->loads[i].name), a->loads[i].title,
                NULL);
    for (size_t i = 0; i < b->load_count; i++)
        if (!suite_load(a, b->loads[i].name))
            add(differences, alloc_format("load %s", b->loads[i].name), NULL,
                b->loads[i].title);
}

/* ---- the servers ---- */

static bool has_digest(const struct run_server *server)
{
    return server->sha256 && server->sha256[0];
}

static void compare_digests(struct differences *differences, const struct run_server *a,
                            const struct run_server *b)
{
    if (!has_digest(a) || !has_digest(b)) {
        differences->servers_known = false;
        return;
    }
    char *of_a = alloc_format("%.*s", DIGEST_SHOWN, a->sha256);
    char *of_b = alloc_format("%.*s", DIGEST_SHOWN, b->sha256);
    add(differences, alloc_format("%s: %s", a->name, EXECUTABLE), of_a, of_b);
    free(of_a);
    free(of_b);
}

/* Of a server that was left out only that is known. */
static void compare_server(struct differences *differences, const struct run_server *a,
                           const struct run_server *b)
{
    if (a->missing || b->missing) {
        add(differences, alloc_copy(a->name), a->missing ? a->missing : "takes part",
            b->missing ? b->missing : "takes part");
        return;
    }
    size_t before = differences->count;
    compare_digests(differences, a, b);
    add(differences, alloc_format("%s: about itself", a->name), a->about, b->about);
    differences->servers_changed |= differences->count > before;
}

static void compare_servers(struct differences *differences, const struct run *a,
                            const struct run *b)
{
    for (size_t i = 0; i < a->server_count; i++) {
        const struct run_server *server = &a->servers[i];
        const struct run_server *other = run_server(b, server->name);
        if (other && !server->control_of)
            compare_server(differences, server, other);
        if (!other)
            add(differences, alloc_format("server %s", server->name), server->about,
                NULL);
    }
    for (size_t i = 0; i < b->server_count; i++)
        if (!run_server(a, b->servers[i].name))
            add(differences, alloc_format("server %s", b->servers[i].name), NULL,
                b->servers[i].about);
}

void differences_find(struct differences *differences, const struct run *a,
                      const struct run *b)
{
    *differences = (struct differences){.servers_known = true};
    compare_machines(differences, a, b);
    compare_common_loads(differences, &a->suite, &b->suite);
    differences->surrounding = differences->count;
    find_single_loads(differences, &a->suite, &b->suite);
    compare_servers(differences, a, b);
}

void differences_free(struct differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        free(differences->items[i].what);
        free(differences->items[i].values[0]);
        free(differences->items[i].values[1]);
    }
    free(differences->items);
    *differences = (struct differences){0};
}
