/* contrast.c - one figure of one server in two runs: the ratio B / A, and what may be said
 * of it.
 * SPDX-License-Identifier: MIT */
#include "analyse/contrast.h"

#include "base/alloc.h"
#include "stats/rank_sum.h"

#include <math.h>
#include <stdlib.h>

/* ---- the tests ---- */

/* Copies what a row has, without its gaps, and returns how many that are. */
static size_t levels_row(const struct levels *levels, size_t server, double *logs)
{
    size_t count = 0;
    for (size_t r = 0; r < levels->rounds; r++) {
        logs[count] = levels->logs[server * levels->rounds + r];
        count += isfinite(logs[count]) != 0;
    }
    return count;
}

static struct rank_test test_row(const struct levels *a, const struct levels *b,
                                 size_t server)
{
    double *of_a = alloc_zeroed(a->rounds, sizeof *of_a);
    double *of_b = alloc_zeroed(b->rounds, sizeof *of_b);
    size_t m = levels_row(a, server, of_a), n = levels_row(b, server, of_b);
    struct rank_test test = {
        .rounds = {m, n},
        .ratio = interval_exp(rank_sum_shift(of_a, m, of_b, n)),
        .least_p = rank_sum_least_p(m, n),
        .p = rank_sum_p(of_a, m, of_b, n),
    };
    free(of_a);
    free(of_b);
    return test;
}

bool rank_test_covers(const struct rank_test *test)
{
    return test->least_p <= 2 * TAIL;
}

static double row_median(const struct levels *levels, size_t server)
{
    double *logs = alloc_zeroed(levels->rounds, sizeof *logs);
    double median = stats_median(logs, levels_row(levels, server, logs));
    free(logs);
    return median;
}

/* The middle of each server, halfway between those of the runs, so that it does not lean to
 * the run with more rounds; NAN for one that a run does not have. */
static double *make_middles(const struct levels *a, const struct levels *b)
{
    double *middles = alloc_zeroed(a->servers, sizeof *middles);
    for (size_t s = 0; s < a->servers; s++)
        middles[s] = (row_median(a, s) + row_median(b, s)) / 2;
    return middles;
}

/* How far the other servers were from their middles in a round: the median, which a single
 * changed server among them hardly moves. NAN with fewer than two. */
static double others_median(const struct levels *levels, const double *middles,
                            size_t server, size_t round)
{
    double *away = alloc_zeroed(levels->servers, sizeof *away);
    size_t count = 0;
    for (size_t s = 0; s < levels->servers; s++) {
        away[count] = levels->logs[s * levels->rounds + round] - middles[s];
        count += s != server && isfinite(away[count]);
    }
    double median = count + 1 < SERVERS_TO_SHARE ? NAN : stats_median(away, count);
    free(away);
    return median;
}

static struct levels levels_beside(const struct levels *levels, const double *middles)
{
    size_t size = levels->servers * levels->rounds;
    struct levels beside = *levels;
    beside.logs = alloc_zeroed(size, sizeof *beside.logs);
    for (size_t i = 0; i < size; i++)
        beside.logs[i] =
            levels->logs[i] -
            others_median(levels, middles, i / levels->rounds, i % levels->rounds);
    return beside;
}

void contrasts_test(struct contrast *contrasts, const struct levels *a,
                    const struct levels *b)
{
    double *middles = make_middles(a, b);
    struct levels beside_a = levels_beside(a, middles);
    struct levels beside_b = levels_beside(b, middles);
    for (size_t s = 0; s < a->servers; s++)
        contrasts[s] = (struct contrast){
            .as_is = test_row(a, b, s),
            .beside = test_row(&beside_a, &beside_b, s),
        };
    free(beside_b.logs);
    free(beside_a.logs);
    free(middles);
}

double contrasts_shared(const struct contrast *contrasts, size_t count)
{
    double *logs = alloc_zeroed(count, sizeof *logs);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        logs[known] = log(contrasts[i].as_is.ratio.mid);
        known += isfinite(logs[known]) != 0;
    }
    double shared = known < SERVERS_TO_SHARE ? NAN : exp(stats_median(logs, known));
    free(logs);
    return shared;
}

/* ---- Holm ---- */

static bool is_tested(const struct contrast *contrast)
{
    return !contrast->limited && rank_test_covers(&contrast->as_is);
}

static size_t correct_one_way(struct contrast **contrasts, size_t count, bool beside)
{
    double **of = alloc_zeroed(count, sizeof *of);
    double *p = alloc_zeroed(count, sizeof *p);
    size_t made = 0;
    for (size_t i = 0; i < count; i++)
        if (is_tested(contrasts[i])) {
            of[made] = beside ? &contrasts[i]->beside.p : &contrasts[i]->as_is.p;
            p[made] = *of[made];
            made++;
        }
    stats_holm(p, made);
    for (size_t i = 0; i < made; i++)
        *of[i] = p[i];
    free(p);
    free(of);
    return made;
}

size_t contrasts_correct(struct contrast **contrasts, size_t count)
{
    correct_one_way(contrasts, count, true);
    return correct_one_way(contrasts, count, false);
}

/* ---- the verdict ---- */

static enum relation judge_one_way(const struct rank_test *test,
                                   const struct contrast_criteria *criteria)
{
    const struct interval *ratio = &test->ratio;
    double told = 1 + fmax(criteria->threshold, criteria->noise_floor);
    double within = 1 + criteria->threshold;
    if (criteria->trustworthy && rank_test_covers(test) && ratio->high <= within &&
        1 / ratio->low <= within)
        return RELATION_TIE;
    if (test->p >= SIGNIFICANCE)
        return RELATION_OPEN;
    if (ratio->low > 1 && ratio->mid > told)
        return RELATION_MORE;
    if (ratio->high < 1 && 1 / ratio->mid > told)
        return RELATION_LESS;
    return RELATION_OPEN;
}

static bool is_told(enum relation relation)
{
    return relation == RELATION_LESS || relation == RELATION_MORE;
}

static bool has_others(const struct contrast *contrast)
{
    return contrast->beside.rounds[0] > 0 && contrast->beside.rounds[1] > 0;
}

static enum outcome judge(const struct contrast *contrast,
                          const struct contrast_criteria *criteria, bool less_is_better,
                          size_t made)
{
    const struct rank_test *as_is = &contrast->as_is;
    enum relation relation = judge_one_way(as_is, criteria), beside = relation;
    if (has_others(contrast))
        beside = judge_one_way(&contrast->beside, criteria);
    if (relation == beside && relation == RELATION_TIE)
        return OUTCOME_SAME;
    if (relation == beside && is_told(relation))
        return (relation == RELATION_LESS) == less_is_better ? OUTCOME_BETTER
                                                             : OUTCOME_WORSE;
    if (is_told(relation) || is_told(beside))
        return OUTCOME_ONE_WAY;
    if (as_is->least_p * fmax(1, (double)made) >= SIGNIFICANCE)
        return OUTCOME_FEW;
    return OUTCOME_WIDE;
}

void contrast_judge(struct contrast *contrast, const struct contrast_criteria *criteria,
                    bool less_is_better, size_t made)
{
    contrast->outcome = contrast->limited
                            ? OUTCOME_LIMITED
                            : judge(contrast, criteria, less_is_better, made);
}

size_t contrast_rounds_needed(size_t made)
{
    size_t rounds = 2;
    while (rank_sum_least_p(rounds, rounds) * fmax(1, (double)made) >= SIGNIFICANCE)
        rounds++;
    return rounds;
}
