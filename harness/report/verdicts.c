/* verdicts.c - below a table, in words: the noise floor, what ties, and what does not differ
 * significantly.
 * SPDX-License-Identifier: MIT */
#include "report/verdicts.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/names.h"

#include <stdio.h>
#include <stdlib.h>

/* Of more pairs than this only the first are named. */
enum { PAIRS_NAMED = 8 };

const char *verdict_word(enum relation relation)
{
    switch (relation) {
    case RELATION_LESS:
        return "less";
    case RELATION_MORE:
        return "more";
    case RELATION_TIE:
        return "tie";
    case RELATION_OPEN:
        return "not significant";
    case RELATION_NONE:
        break;
    }
    return "not compared";
}

struct figure verdict_rounds(const struct pair *pair)
{
    struct figure text = {""};
    if (pair->rounds_needed > ROUNDS_FORESEEN)
        snprintf(text.text, sizeof text.text, "more than %d", ROUNDS_FORESEEN);
    else if (pair->rounds_needed > 0)
        snprintf(text.text, sizeof text.text, "about %d", pair->rounds_needed);
    return text;
}

/* ---- the noise floor ---- */

void verdict_floor(struct page *page, const struct noise_floor *noise_floor,
                   enum quantity quantity)
{
    struct figure delta = figure_tenths(noise_floor->delta * 100);
    if (noise_floor->rounds == 0) {
        page_item(page,
                  "The noise floor in %s is not known, as no round has slices of a "
                  "server that was measured twice.",
                  quantity_name(quantity));
        return;
    }
    char *ratio =
        alloc_format("%s %% (95 %% interval %s to %s %%, %zu rounds)",
                     figure_change(noise_floor->ratio.mid).text,
                     figure_change(noise_floor->ratio.low).text,
                     figure_change(noise_floor->ratio.high).text, noise_floor->rounds);
    struct label original = name_label(noise_floor->control->control_of);
    if (noise_floor->trustworthy)
        page_item(
            page,
            "The noise floor in %s is ±%s %%: %s was measured twice in every block, "
            "and the two copies differed by %s. No difference below %s %% is claimed.",
            quantity_name(quantity), delta.text, original.text, ratio,
            figure_tenths(noise_floor->margin * 100).text);
    else
        page_item(page,
                  "NOT TRUSTWORTHY in %s: %s was measured twice in every block, and the "
                  "two copies differed by %s. Something else than the servers makes a "
                  "difference in this run, so none below %s %% is claimed.",
                  quantity_name(quantity), original.text, ratio, delta.text);
    free(ratio);
}

void verdict_floors(struct page *page, const struct summary *summary)
{
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        verdict_floor(page, &summary->floors[quantity], quantity);
}

/* ---- pairs ---- */

/* A pair of cells, by their places. */
struct found {
    size_t a, b;
    struct pair pair;
};

/* The pairs of that verdict, neighbours in the order first; owned by the caller. */
static struct found *find_pairs(const struct comparison *comparison,
                                enum relation relation, size_t *count)
{
    size_t n = comparison->servers;
    struct found *found = alloc_zeroed(n * n, sizeof *found);
    *count = 0;
    for (size_t apart = 1; apart < n; apart++)
        for (size_t i = 0; i + apart < n; i++) {
            size_t a = comparison->order[i], b = comparison->order[i + apart];
            struct pair pair = comparison_pair(comparison, a, b);
            if (pair.relation == relation)
                found[(*count)++] = (struct found){.a = a, .b = b, .pair = pair};
        }
    return found;
}

static char *pair_text(const struct table *table, const struct found *found)
{
    struct figure rounds = verdict_rounds(&found->pair);
    return alloc_format(
        "%s and %s%s%s%s", name_label(table->cells[found->a].server->name).text,
        name_label(table->cells[found->b].server->name).text, rounds.text[0] ? " (" : "",
        rounds.text, rounds.text[0] ? ")" : "");
}

/* "a and b (about 12 rounds); b and c"; owned by the caller. */
static char *pairs_text(const struct table *table, const struct found *found,
                        size_t count)
{
    char *text = alloc_copy("");
    for (size_t i = 0; i < count && i < PAIRS_NAMED; i++) {
        char *pair = pair_text(table, &found[i]);
        char *longer = alloc_format("%s%s%s", text, i > 0 ? "; " : "", pair);
        free(pair);
        free(text);
        text = longer;
    }
    if (count <= PAIRS_NAMED)
        return text;
    char *longer = alloc_format("%s; and %zu more", text, count - PAIRS_NAMED);
    free(text);
    return longer;
}

static bool any_rounds(const struct found *found, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (found[i].pair.rounds_needed > 0)
            return true;
    return false;
}

/* Writes the pairs of that verdict, and returns how many there are. */
static size_t write_pairs(struct page *page, const struct table *table,
                          enum quantity quantity, enum relation relation,
                          const char *words)
{
    size_t count;
    struct found *found = find_pairs(&table->comparisons[quantity], relation, &count);
    char *pairs = pairs_text(table, found, count);
    if (count > 0)
        page_item(page, "%s%s: %s.", words,
                  any_rounds(found, count)
                      ? " (in brackets: how many rounds it would take, if the difference "
                        "is as large as it looks)"
                      : "",
                  pairs);
    free(pairs);
    free(found);
    return count;
}

static size_t most_rounds(const struct table *table)
{
    size_t most = 0;
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].rounds > most)
            most = table->cells[i].rounds;
    return most;
}

void verdicts_write(struct page *page, const struct table *table, enum quantity quantity)
{
    if (table->comparisons[quantity].made == 0)
        return;
    if (most_rounds(table) == 1) {
        page_item(page, "From one round nothing can be said of differences.");
        return;
    }
    size_t ties = write_pairs(page, table, quantity, RELATION_TIE,
                              "Tied: no difference beyond the noise floor is left");
    size_t open =
        write_pairs(page, table, quantity, RELATION_OPEN, "Not significantly different");
    size_t none;
    free(find_pairs(&table->comparisons[quantity], RELATION_NONE, &none));
    if (ties + open == 0)
        page_item(page, "Significantly different: %s.",
                  none > 0                                 ? "all other pairs"
                  : table->comparisons[quantity].made == 1 ? "both"
                                                           : "every two");
}
