/* compare_verdict.c - what comes of comparing two runs, in one sentence.
 * SPDX-License-Identifier: MIT */
#include "report/compare_verdict.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/names.h"

#include <stdlib.h>

/* Of more than so many only the first are named. */
enum { MATCHES_NAMED = 3 };

static char *match_text(const struct contrast_table *table, const struct match *match)
{
    return alloc_format("%s under %s (%s %s %%)", name_label(match->server).text,
                        table->load->name, quantity_name(table->quantity),
                        figure_change(match->contrast.as_is.ratio.mid).text);
}

/* "epoll under c50 (CPU per request +8.0 %), … and 2 more"; owned by the caller. */
static char *matches_text(const struct run_pair *pair, enum outcome outcome)
{
    char *text = alloc_copy("");
    size_t named = 0, all = run_pair_count(pair, outcome);
    for (size_t b = 0; b < pair->table_count; b++)
        for (size_t i = 0; i < pair->tables[b].count && named < MATCHES_NAMED; i++) {
            const struct match *match = &pair->tables[b].matches[i];
            if (match->contrast.outcome != outcome)
                continue;
            char *one = match_text(&pair->tables[b], match);
            char *longer = alloc_format("%s%s%s", text, named > 0 ? ", " : "", one);
            free(one);
            free(text);
            text = longer;
            named++;
        }
    if (all <= named)
        return text;
    char *whole = alloc_format("%s and %zu more", text, all - named);
    free(text);
    return whole;
}

static char *same_text(const struct run_pair *pair)
{
    size_t better = run_pair_count(pair, OUTCOME_BETTER);
    size_t same = run_pair_count(pair, OUTCOME_SAME);
    if (better == 0)
        return alloc_format("the same: no difference above the threshold in any of %zu "
                            "comparison%s",
                            same, same == 1 ? "" : "s");
    char *which = matches_text(pair, OUTCOME_BETTER);
    char *text = alloc_format(
        "not worse: B is better in %s%s", which,
        same > 0 ? ", and no difference is above the threshold elsewhere" : "");
    free(which);
    return text;
}

static char *worse_text(const struct run_pair *pair)
{
    char *which = matches_text(pair, OUTCOME_WORSE);
    char *text = alloc_format("B is worse in %s", which);
    free(which);
    return text;
}

static char *open_text(const struct run_pair *pair)
{
    size_t fine =
        run_pair_count(pair, OUTCOME_SAME) + run_pair_count(pair, OUTCOME_BETTER);
    if (pair->judged == 0)
        return alloc_copy("cannot tell: there is no figure that can be judged");
    return alloc_format("cannot tell: nothing is significantly worse, but in %zu of %zu "
                        "comparison%s a difference above the threshold is not excluded",
                        pair->judged - fine, pair->judged, pair->judged == 1 ? "" : "s");
}

char *verdict_sentence(const struct run_pair *pair, bool surroundings_differ)
{
    static char *(*const texts[])(const struct run_pair *) = {
        [CONCLUSION_SAME] = same_text,
        [CONCLUSION_WORSE] = worse_text,
        [CONCLUSION_OPEN] = open_text,
    };
    char *text = texts[pair->conclusion](pair);
    char *sentence = alloc_format(
        "Verdict: %s.%s", text,
        surroundings_differ ? " The runs differ in more than their servers." : "");
    free(text);
    return sentence;
}
