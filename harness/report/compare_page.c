/* compare_page.c - two runs compared, as people read it.
 * SPDX-License-Identifier: MIT */
#include "report/compare_page.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "report/compare_verdict.h"
#include "report/contrast_page.h"

#include <stdlib.h>
#include <string.h>

static const char *const sides[] = {"A", "B"};

static void write_run(struct page *page, const struct run *run, const char *side,
                      const char *name)
{
    page_item(page, "%s: %s, suite %s, started %s, %d round%s%s", side, name,
              run->suite.name, run->started, run->rounds, run->rounds == 1 ? "" : "s",
              run->finished ? "." : ", stopped before its end.");
    for (size_t i = 0; i < run->note_count; i++)
        page_item(page, "Of %s: %s", side, run->notes[i]);
}

static void write_difference(struct page *page, const struct difference *difference)
{
    const char *a = difference->values[0], *b = difference->values[1];
    if (!a || !b)
        page_item(page, "%s: only %s has it%s%s", difference->what, a ? "A" : "B",
                  *(a ? a : b) ? ", " : "", a ? a : b);
    else
        page_item(page, "%s: %s in A, %s in B", difference->what, *a ? a : "nothing",
                  *b ? b : "nothing");
}

static void write_differences(struct page *page, const struct differences *differences)
{
    page_heading(page, 2, "What differs");
    for (size_t i = 0; i < differences->count; i++)
        write_difference(page, &differences->items[i]);
    if (!differences->servers_changed && differences->servers_known)
        glossary_item(page, "servers-same", NULL);
    if (!differences->servers_known)
        glossary_item(page, "servers-unknown", NULL);
    if (differences->surrounding > 0)
        glossary_item(page, "surroundings", NULL);
}

/* ---- what counts as a difference ---- */

static struct figure floor_figure(const struct noise_floor *noise_floor)
{
    struct figure figure = {"not known"};
    if (noise_floor->rounds > 0)
        snprintf(figure.text, sizeof figure.text, "±%.40s %%",
                 figure_tenths(noise_floor->delta * 100).text);
    return figure;
}

static void write_bar(struct page *page, const struct run_pair *pair,
                      enum quantity quantity, bool given)
{
    const struct contrast_criteria *bar = &pair->criteria[quantity];
    page_item(page, "%s: ±%s %%%s. Noise floor of A: %s, of B: %s.%s",
              quantity == QUANTITY_CPU ? "CPU per request" : "Requests per second",
              figure_tenths(bar->threshold * 100).text,
              given ? ", as asked for" : ", the larger noise floor, or at least 0.5 %",
              floor_figure(&pair->summaries[0].floors[quantity]).text,
              floor_figure(&pair->summaries[1].floors[quantity]).text,
              bar->threshold < bar->noise_floor
                  ? " What lies between the threshold and a noise floor is not judged."
                  : "");
    for (size_t side = 0; side < 2; side++)
        if (!pair->summaries[side].floors[quantity].trustworthy)
            page_item(page,
                      "%s is NOT TRUSTWORTHY in %s: its control differs from the server "
                      "that it is. Nothing is called the same by that.",
                      sides[side], quantity_name(quantity));
}

static void write_bars(struct page *page, const struct run_pair *pair, bool given)
{
    page_heading(page, 2, "The threshold");
    write_bar(page, pair, QUANTITY_CPU, given);
    write_bar(page, pair, QUANTITY_RATE, given);
}

/* ---- how to read it ---- */

static void write_reading(struct page *page, const struct run_pair *pair)
{
    page_heading(page, 2, "How to read this");
    char *made =
        pair->made ? alloc_format(" (comparisons: %zu)", pair->made) : alloc_copy("");
    glossary_item(page, "a-and-b", made, NULL);
    free(made);
    glossary_item(page, "beside-others", NULL);
    glossary_item(page, "worse-better", figure_decimals(SIGNIFICANCE, 2).text, NULL);
    glossary_item(page, "rates-judged", NULL);
}

/* In one line, however long: it is for programs too. */
static void write_verdict(struct page *page, const char *sentence)
{
    if (page->format == FORMAT_HTML) {
        page_text(page, "%s", sentence);
        return;
    }
    page_block(page, BLOCK_OTHER);
    page_words(page, sentence);
    fputc('\n', page->out);
}

/* By time, and by counts where these are worse. */
static char *whole_sentence(const struct run_pair *pair,
                            const struct differences *differences, bool counts_worse)
{
    static const char lead[] = "Verdict: ";
    char *by_time = verdict_sentence(pair, differences->surrounding > 0);
    if (!counts_worse)
        return by_time;
    char *whole =
        alloc_format("%sB is worse by what a request takes, counted. By time: %s", lead,
                     by_time + strlen(lead));
    free(by_time);
    return whole;
}

void compare_page_write(struct page *page, const struct run_pair *pair,
                        const struct compare_more *more)
{
    struct differences differences;
    differences_find(&differences, pair->runs[0], pair->runs[1]);
    char *sentence = whole_sentence(pair, &differences, more->counts_worse);
    bool first = page->format == FORMAT_HTML;
    page_heading(page, 1, "Two runs compared: B against A");
    if (first)
        write_verdict(page, sentence);
    for (size_t side = 0; side < 2; side++)
        write_run(page, pair->runs[side], sides[side], more->names[side]);
    write_differences(page, &differences);
    write_bars(page, pair, more->given);
    for (size_t i = 0; i < pair->table_count; i++)
        contrast_page_write(page, pair, &pair->tables[i]);
    if (more->write_counts)
        more->write_counts(page, more->counts);
    write_reading(page, pair);
    if (first)
        page_block(page, BLOCK_OTHER);
    else
        write_verdict(page, sentence);
    free(sentence);
    differences_free(&differences);
}
