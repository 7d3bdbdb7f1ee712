/* compare.c - which servers of a table differ significantly in one figure, and which do not.
 * SPDX-License-Identifier: MIT */
#include "analyse/compare.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- letters ---- */

/* A group is a set of servers of which no two differ significantly: one letter. */
struct groups {
    bool *holds; /* [group * servers + server] */
    size_t count, servers;
};

static bool *group_at(const struct groups *groups, size_t group)
{
    return &groups->holds[group * groups->servers];
}

/* Adds a copy of a group, without one server; group_at's pointers are then stale. */
static void add_without(struct groups *groups, size_t group, size_t server)
{
    groups->holds = alloc_resize(groups->holds, (groups->count + 1) * groups->servers,
                                 sizeof *groups->holds);
    memcpy(group_at(groups, groups->count), group_at(groups, group),
           groups->servers * sizeof *groups->holds);
    group_at(groups, groups->count++)[server] = false;
}

static bool is_within(const bool *inner, const bool *outer, size_t servers)
{
    for (size_t s = 0; s < servers; s++)
        if (inner[s] && !outer[s])
            return false;
    return true;
}

static bool is_superfluous(const struct groups *groups, size_t group)
{
    for (size_t other = 0; other < groups->count; other++)
        if (other != group &&
            is_within(group_at(groups, group), group_at(groups, other), groups->servers))
            return true;
    return false;
}

static void absorb(struct groups *groups)
{
    for (size_t group = 0; group < groups->count;)
        if (is_superfluous(groups, group))
            memmove(group_at(groups, group), group_at(groups, --groups->count),
                    groups->servers * sizeof *groups->holds);
        else
            group++;
}

/* Splits each group that holds both servers. */
static void insert(struct groups *groups, size_t a, size_t b)
{
    size_t before = groups->count;
    for (size_t group = 0; group < before; group++)
        if (group_at(groups, group)[a] && group_at(groups, group)[b]) {
            add_without(groups, group, b);
            group_at(groups, group)[a] = false;
        }
    absorb(groups);
}

/* The place in the order of a group's best server. */
static size_t best_place(const struct groups *groups, size_t group, const size_t *order)
{
    size_t place = 0;
    while (place + 1 < groups->servers && !group_at(groups, group)[order[place]])
        place++;
    return place;
}

/* Whether `a` comes before `b`: by their best servers, then by which reaches less far. */
static bool comes_before(const struct groups *groups, size_t a, size_t b,
                         const size_t *order)
{
    size_t first = best_place(groups, a, order);
    if (first != best_place(groups, b, order))
        return first < best_place(groups, b, order);
    for (size_t place = groups->servers; place-- > 0;) {
        bool in_a = group_at(groups, a)[order[place]];
        bool in_b = group_at(groups, b)[order[place]];
        if (in_a != in_b)
            return in_b;
    }
    return a < b;
}

static size_t letter_of(const struct groups *groups, size_t group, const size_t *order)
{
    size_t letter = 0;
    for (size_t other = 0; other < groups->count; other++)
        letter += other != group && comes_before(groups, other, group, order);
    return letter;
}

/* "a" to "z", then "a2" to "z2", … */
static void append_letter(char **text, size_t letter)
{
    char *longer = letter < 26 ? alloc_format("%s%c", *text, (char)('a' + letter))
                               : alloc_format("%s%c%zu", *text, (char)('a' + letter % 26),
                                              letter / 26 + 1);
    free(*text);
    *text = longer;
}

static void name_group(char **letters, const struct groups *groups, size_t group,
                       size_t letter)
{
    for (size_t s = 0; s < groups->servers; s++)
        if (group_at(groups, group)[s])
            append_letter(&letters[s], letter);
}

char **letters_make(const bool *apart, const size_t *order, size_t count)
{
    struct groups groups = {
        .holds = alloc_zeroed(count, sizeof(bool)), .count = count > 0, .servers = count};
    for (size_t s = 0; s < count; s++)
        groups.holds[s] = true;
    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++)
            if (apart[a * count + b])
                insert(&groups, a, b);

    char **letters = alloc_zeroed(count, sizeof *letters);
    for (size_t s = 0; s < count; s++)
        letters[s] = alloc_copy("");
    for (size_t letter = 0; letter < groups.count; letter++)
        for (size_t group = 0; group < groups.count; group++)
            if (letter_of(&groups, group, order) == letter)
                name_group(letters, &groups, group, letter);
    free(groups.holds);
    return letters;
}

/* ---- comparisons ---- */

/* The normal quantile of four runs of five. */
static const double POWER_MARGIN = 0.8416;

static struct pair *pair_at(const struct comparison *comparison, size_t a, size_t b)
{
    return &comparison->pairs[a * comparison->servers + b];
}

size_t comparison_logs(const struct comparison *comparison, size_t a, size_t b,
                       double *logs, int *rounds)
{
    const struct comparison_input *input = &comparison->input;
    return samples_contrasts(input->samples, input->quantity, input->loads,
                             comparison->rows[a], comparison->rows[b], logs, rounds);
}

/* ---- the test ---- */

static void pair_make(struct comparison *comparison, size_t a, size_t b)
{
    const bool *limited = comparison->input.limited;
    double *logs = alloc_zeroed(comparison->input.samples->rounds, sizeof *logs);
    size_t rounds = comparison_logs(comparison, a, b, logs, NULL);
    double p = stats_signed_rank_p(logs, rounds);
    bool compared = rounds > 0 && !(limited && limited[a] && limited[b]);

    *pair_at(comparison, a, b) = (struct pair){
        .rounds = rounds,
        .ratio = interval_exp(stats_hodges_lehmann(logs, rounds)),
        .signed_rank_p = p,
        .p = p,
        .relation = compared ? RELATION_OPEN : RELATION_NONE,
    };
    comparison->made += compared;
    free(logs);
}

/* ---- Holm ---- */

static void correct(struct comparison *comparison)
{
    double *p = alloc_zeroed(comparison->made, sizeof *p);
    size_t count = comparison->servers * comparison->servers, next = 0;
    for (size_t i = 0; i < count; i++)
        if (comparison->pairs[i].relation == RELATION_OPEN)
            p[next++] = comparison->pairs[i].p;
    stats_holm(p, next);
    next = 0;
    for (size_t i = 0; i < count; i++)
        if (comparison->pairs[i].relation == RELATION_OPEN)
            comparison->pairs[i].p = p[next++];
    free(p);
}

/* ---- the verdict ---- */

static enum relation judge(const struct pair *pair, const struct comparison_input *input)
{
    const struct interval *ratio = &pair->ratio;
    double within = 1 + input->within, beyond = 1 + input->beyond;
    if (pair->rounds >= ROUNDS_FOR_INTERVAL && ratio->high <= within &&
        1 / ratio->low <= within)
        return RELATION_TIE;
    if (pair->p < SIGNIFICANCE && ratio->low > beyond)
        return RELATION_MORE;
    if (pair->p < SIGNIFICANCE && 1 / ratio->high > beyond)
        return RELATION_LESS;
    return RELATION_OPEN;
}

/* Interval and noise floor shrink with the root of the rounds; the smallest p of so many rounds
 * must pass the correction, too. */
static bool would_tell(const struct pair *pair, const struct comparison_input *input,
                       size_t made, int rounds)
{
    double shrink = sqrt((double)pair->rounds / rounds);
    double half = (log(pair->ratio.high) - log(pair->ratio.low)) / 2 * shrink;
    double error = half / TAIL_QUANTILE;
    double estimate = fabs(log(pair->ratio.mid)) - POWER_MARGIN * error;
    double beyond = log1p(fmax(DIFFERENCE_OF_INTEREST, input->beyond * shrink));
    double p = fmax(erfc(estimate / error / sqrt(2)), 2 * pow(0.5, rounds));
    return estimate - half > beyond && p * (double)made < SIGNIFICANCE;
}

static int rounds_needed(const struct pair *pair, const struct comparison_input *input,
                         size_t made)
{
    if (pair->rounds < ROUNDS_FOR_INTERVAL || !(pair->ratio.high > pair->ratio.low))
        return 0;
    int rounds = (int)pair->rounds + 1;
    while (rounds <= ROUNDS_FORESEEN && !would_tell(pair, input, made, rounds))
        rounds++;
    return rounds;
}

static void pair_judge(struct comparison *comparison, size_t a, size_t b)
{
    struct pair *pair = pair_at(comparison, a, b);
    if (pair->relation == RELATION_NONE)
        return;
    pair->relation = judge(pair, &comparison->input);
    if (pair->relation == RELATION_OPEN)
        pair->rounds_needed = rounds_needed(pair, &comparison->input, comparison->made);
}

/* ---- all of it ---- */

static bool has_figures(const struct comparison *comparison, size_t server)
{
    const struct comparison_input *input = &comparison->input;
    for (size_t round = 0; round < input->samples->rounds; round++)
        if (isfinite(samples_level(input->samples, input->quantity, input->loads,
                                   comparison->rows[server], round)))
            return true;
    return false;
}

/* A server without figures differs from all, so that it widens no group; its own letter is
 * then taken from it. */
static void name_groups(struct comparison *comparison)
{
    size_t n = comparison->servers;
    bool *apart = alloc_zeroed(n * n, sizeof *apart);
    bool *figures = alloc_zeroed(n, sizeof *figures);
    for (size_t s = 0; s < n; s++)
        figures[s] = has_figures(comparison, s);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            enum relation relation = comparison_pair(comparison, a, b).relation;
            apart[a * n + b] = relation == RELATION_LESS || relation == RELATION_MORE ||
                               !figures[a] || !figures[b];
        }
    comparison->letters = letters_make(apart, comparison->order, n);
    for (size_t s = 0; s < n; s++)
        if (!figures[s])
            comparison->letters[s][0] = '\0';
    free(figures);
    free(apart);
}

static void judge_all(struct comparison *comparison)
{
    size_t n = comparison->servers;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            pair_make(comparison, a, b);
    correct(comparison);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            pair_judge(comparison, a, b);
}

static size_t *copy_places(const size_t *places, size_t count)
{
    size_t *copy = alloc_zeroed(count, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = places[i];
    return copy;
}

void comparison_make(struct comparison *comparison, const struct comparison_input *input)
{
    size_t n = input->servers;
    *comparison = (struct comparison){
        .input = *input,
        .servers = n,
        .pairs = alloc_zeroed(n * n, sizeof *comparison->pairs),
        .order = copy_places(input->order, n),
        .rows = copy_places(input->rows, n),
    };
    for (size_t i = 0; i < n * n; i++)
        comparison->pairs[i].relation = RELATION_NONE;
    judge_all(comparison);
    name_groups(comparison);
    comparison->input.order = comparison->order;
    comparison->input.rows = comparison->rows;
    comparison->input.limited = NULL; /* the caller's */
}

void comparison_free(struct comparison *comparison)
{
    for (size_t s = 0; s < comparison->servers; s++)
        free(comparison->letters[s]);
    free(comparison->letters);
    free(comparison->order);
    free(comparison->rows);
    free(comparison->pairs);
    *comparison = (struct comparison){0};
}

static enum relation turned(enum relation relation)
{
    if (relation == RELATION_LESS)
        return RELATION_MORE;
    return relation == RELATION_MORE ? RELATION_LESS : relation;
}

struct pair comparison_pair(const struct comparison *comparison, size_t a, size_t b)
{
    if (a <= b)
        return *pair_at(comparison, a, b);
    struct pair pair = *pair_at(comparison, b, a);
    pair.ratio = (struct interval){
        .low = 1 / pair.ratio.high,
        .mid = 1 / pair.ratio.mid,
        .high = 1 / pair.ratio.low,
    };
    pair.relation = turned(pair.relation);
    return pair;
}
