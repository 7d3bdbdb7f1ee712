/* compare.c - which servers of a table can be told apart by one figure, and which cannot.
 * SPDX-License-Identifier: MIT */
#include "analyse/compare.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- letters ---- */

/* A group is a set of servers of which no two are told apart: one letter. */
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

/* What is known before the verdicts: the noise of all servers. */
struct setting {
    const struct comparison_input *input;
    struct noise *noise;
    double total_df;
};

static struct pair *pair_at(const struct comparison *comparison, size_t a, size_t b)
{
    return &comparison->pairs[a * comparison->servers + b];
}

size_t comparison_logs(const struct comparison *comparison, size_t a, size_t b,
                       double *logs, int *rounds)
{
    const struct samples *samples = &comparison->samples;
    size_t count = 0;
    for (size_t r = 0; r < samples->rounds; r++) {
        logs[count] = samples->logs[a * samples->rounds + r] -
                      samples->logs[b * samples->rounds + r];
        if (!isfinite(logs[count]))
            continue;
        if (rounds)
            rounds[count] = (int)r + 1;
        count++;
    }
    return count;
}

/* ---- the test ---- */

/* The variance of the estimate of ln(a/b), times the rounds: that of the difference, and
 * what the Hodges-Lehmann estimate loses against the mean of normal values, 3/pi (Hodges
 * & Lehmann 1963). */
static double pair_variance(const struct setting *setting, size_t a, size_t b)
{
    const double pi = 2 * acos(0);
    return (setting->noise[a].variance + setting->noise[b].variance) * pi / 3;
}

/* Satterthwaite 1946, "An approximate distribution of estimates of variance components";
 * no more than there are in all, and rounded down. */
static int pair_df(const struct setting *setting, size_t a, size_t b)
{
    const struct noise *of_a = &setting->noise[a], *of_b = &setting->noise[b];
    double sum = of_a->variance + of_b->variance;
    double squares = of_a->variance * of_a->variance / of_a->df +
                     of_b->variance * of_b->variance / of_b->df;
    double df = squares > 0 ? sum * sum / squares : 1;
    return (int)fmax(1, fmin(df, setting->total_df));
}

/* 1 where the noise is not known; where there is none, any difference is one. */
static double student_p(const struct setting *setting, size_t a, size_t b,
                        double log_ratio, size_t rounds)
{
    double variance = pair_variance(setting, a, b);
    if (rounds < 2 || !isfinite(variance) || log_ratio == 0)
        return 1;
    return stats_student_p(log_ratio / sqrt(variance / (double)rounds),
                           pair_df(setting, a, b));
}

static void pair_make(struct comparison *comparison, const struct setting *setting,
                      size_t a, size_t b)
{
    const bool *limited = setting->input->limited;
    double *logs = alloc_zeroed(comparison->samples.rounds, sizeof *logs);
    size_t rounds = comparison_logs(comparison, a, b, logs, NULL);
    struct interval log_ratio = stats_hodges_lehmann(logs, rounds);
    bool compared = rounds > 0 && !(limited && limited[a] && limited[b]);

    *pair_at(comparison, a, b) = (struct pair){
        .rounds = rounds,
        .ratio = interval_exp(log_ratio),
        .signed_rank_p = stats_signed_rank_p(logs, rounds),
        .p = student_p(setting, a, b, log_ratio.mid, rounds),
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
    double delta = input->delta;
    if (!input->untrustworthy && pair->rounds >= ROUNDS_FOR_INTERVAL &&
        ratio->high <= 1 + delta && 1 / ratio->low <= 1 + delta)
        return RELATION_TIE;
    if (pair->p >= SIGNIFICANCE)
        return RELATION_OPEN;
    if (ratio->low > 1 && ratio->mid > 1 + delta)
        return RELATION_MORE;
    if (ratio->high < 1 && 1 / ratio->mid > 1 + delta)
        return RELATION_LESS;
    return RELATION_OPEN;
}

/* The noise floor falls with the root of the rounds, the degrees of freedom grow with
 * them, and the correction is as for the smallest p. */
static bool would_tell(const struct setting *setting, size_t a, size_t b,
                       const struct pair *pair, size_t made, int rounds)
{
    double estimate = fabs(log(pair->ratio.mid));
    double growth = rounds / (double)pair->rounds;
    double shift = estimate / sqrt(pair_variance(setting, a, b) / rounds) - POWER_MARGIN;
    int df = (int)(pair_df(setting, a, b) * growth);
    return estimate > log1p(DIFFERENCE_OF_INTEREST) &&
           estimate > log1p(setting->input->delta / sqrt(growth)) &&
           stats_student_p(shift, df) * (double)made < SIGNIFICANCE;
}

static int rounds_needed(const struct setting *setting, size_t a, size_t b,
                         const struct pair *pair, size_t made)
{
    if (pair->rounds < 2 || !isfinite(pair_variance(setting, a, b)))
        return 0;
    int rounds = (int)pair->rounds + 1;
    if (rounds < ROUNDS_FOR_INTERVAL)
        rounds = ROUNDS_FOR_INTERVAL;
    while (rounds <= ROUNDS_FORESEEN && !would_tell(setting, a, b, pair, made, rounds))
        rounds++;
    return rounds <= ROUNDS_FORESEEN ? rounds : ROUNDS_FORESEEN + 1;
}

static void pair_judge(struct comparison *comparison, const struct setting *setting,
                       size_t a, size_t b)
{
    struct pair *pair = pair_at(comparison, a, b);
    if (pair->relation == RELATION_NONE)
        return;
    pair->relation = judge(pair, setting->input);
    if (pair->relation == RELATION_OPEN)
        pair->rounds_needed = rounds_needed(setting, a, b, pair, comparison->made);
}

/* ---- all of it ---- */

static bool has_figures(const struct comparison *comparison, size_t server)
{
    const struct samples *samples = &comparison->samples;
    for (size_t r = 0; r < samples->rounds; r++)
        if (isfinite(samples->logs[server * samples->rounds + r]))
            return true;
    return false;
}

/* A server without figures is told apart from all, so that it widens no group; its own
 * letter is then taken from it. */
static void name_groups(struct comparison *comparison)
{
    size_t n = comparison->servers;
    bool *apart = alloc_zeroed(n * n, sizeof *apart);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            enum relation relation = comparison_pair(comparison, a, b).relation;
            apart[a * n + b] = relation == RELATION_LESS || relation == RELATION_MORE ||
                               !has_figures(comparison, a) || !has_figures(comparison, b);
        }
    comparison->letters = letters_make(apart, comparison->order, n);
    for (size_t s = 0; s < n; s++)
        if (!has_figures(comparison, s))
            comparison->letters[s][0] = '\0';
    free(apart);
}

static void judge_all(struct comparison *comparison, const struct comparison_input *input)
{
    struct setting setting = {
        .input = input,
        .noise = alloc_zeroed(input->samples->servers, sizeof *setting.noise),
    };
    setting.total_df = noise_fit(setting.noise, input->samples);
    for (size_t a = 0; a < input->servers; a++)
        for (size_t b = a + 1; b < input->servers; b++)
            pair_make(comparison, &setting, a, b);
    correct(comparison);
    for (size_t a = 0; a < input->servers; a++)
        for (size_t b = a + 1; b < input->servers; b++)
            pair_judge(comparison, &setting, a, b);
    free(setting.noise);
}

void comparison_make(struct comparison *comparison, const struct comparison_input *input)
{
    const struct samples *samples = input->samples;
    size_t n = input->servers, size = samples->servers * samples->rounds;
    *comparison = (struct comparison){
        .servers = n,
        .pairs = alloc_zeroed(n * n, sizeof *comparison->pairs),
        .order = alloc_zeroed(n, sizeof *comparison->order),
        .samples = *samples,
    };
    for (size_t i = 0; i < n; i++)
        comparison->order[i] = input->order[i];
    comparison->samples.logs = alloc_zeroed(size, sizeof(double));
    for (size_t i = 0; i < size; i++)
        comparison->samples.logs[i] = samples->logs[i];
    for (size_t i = 0; i < n * n; i++)
        comparison->pairs[i].relation = RELATION_NONE;
    judge_all(comparison, input);
    name_groups(comparison);
}

void comparison_free(struct comparison *comparison)
{
    for (size_t s = 0; s < comparison->servers; s++)
        free(comparison->letters[s]);
    free(comparison->letters);
    free(comparison->order);
    free(comparison->pairs);
    free(comparison->samples.logs);
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
