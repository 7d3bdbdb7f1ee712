/* gap.c - why one server needs more CPU time for a request than another.
 * SPDX-License-Identifier: MIT */
#include "profile/gap.h"

#include "base/alloc.h"
#include "profile/instructions.h"
#include "profile/phases.h"
#include "profile/syscalls.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A phase that makes less of the gap is not worth a word. */
static const double WORTH_A_WORD = 0.05;

/* The dearer server and the cheaper. */
struct gap {
    const struct portrait *more, *less;
    double us;   /* of CPU per request, untraced */
    double span; /* the same while traced, as the phases have it */
};

static double phases_sum(const struct portrait *portrait)
{
    const json_t *data = profile_part(portrait, &part_phases);
    double sum = 0;
    for (int phase = 0; phase < PHASES; phase++) {
        double us = phases_us(data, (enum phase)phase);
        sum += isfinite(us) ? us : 0;
    }
    return data ? sum : NAN;
}

static double cpu_of(const struct portrait *portrait)
{
    return phases_cpu_us(profile_part(portrait, &part_phases));
}

static bool gap_find(struct gap *gap, const struct profile *profile)
{
    if (profile->portrait_count != 2)
        return false;
    const struct portrait *a = &profile->portraits[0];
    const struct portrait *b = &profile->portraits[1];
    bool first = cpu_of(a) >= cpu_of(b);
    *gap = (struct gap){.more = first ? a : b, .less = first ? b : a};
    gap->us = cpu_of(gap->more) - cpu_of(gap->less);
    gap->span = phases_sum(gap->more) - phases_sum(gap->less);
    return isfinite(gap->us) && isfinite(gap->span);
}

static double phase_gap(const struct gap *gap, enum phase phase)
{
    double more = phases_us(profile_part(gap->more, &part_phases), phase);
    double less = phases_us(profile_part(gap->less, &part_phases), phase);
    return (isfinite(more) ? more : 0) - (isfinite(less) ? less : 0);
}

/* "creating and reaping child +41.2, closing −1.0": owned by the caller. */
static char *phase_words(const struct gap *gap)
{
    char *words = alloc_copy("");
    for (int phase = 0; phase < PHASES; phase++) {
        double us = phase_gap(gap, (enum phase)phase);
        if (fabs(us) < fabs(gap->span) * WORTH_A_WORD)
            continue;
        char *longer = alloc_format("%s%s%s %s%s", words, *words ? ", " : "",
                                    phase_name((enum phase)phase), us < 0 ? "−" : "+",
                                    figure_short(fabs(us)).text);
        free(words);
        words = longer;
    }
    return words;
}

/* "5.00 more", "3 fewer", "as many". */
static struct figure more_or_fewer(double difference)
{
    struct figure figure = figure_short(fabs(difference));
    struct figure said;
    if (fabs(difference) < 0.005)
        snprintf(said.text, sizeof said.text, "as many");
    else
        snprintf(said.text, sizeof said.text, "%.40s %s", figure.text,
                 difference > 0 ? "more" : "fewer");
    return said;
}

static void write_counts(struct page *page, const struct gap *gap)
{
    double calls =
        syscalls_total(profile_part(gap->more, &part_syscalls), traced_loads[0].key) -
        syscalls_total(profile_part(gap->less, &part_syscalls), traced_loads[0].key);
    double instructions =
        instructions_at(profile_part(gap->more, &part_instructions), 1).total -
        instructions_at(profile_part(gap->less, &part_instructions), 1).total;
    double wait = profile_number(profile_part(gap->more, &part_phases), "delay") -
                  profile_number(profile_part(gap->less, &part_phases), "delay");
    if (isfinite(calls))
        page_item(page, "System calls per request: %s.", more_or_fewer(calls).text);
    if (isfinite(instructions))
        page_item(page, "Instructions per request in user space: %s.",
                  more_or_fewer(round(instructions)).text);
    if (isfinite(wait))
        page_item(page,
                  "Waiting for a CPU, which is no CPU time but delays a reply: %s µs per "
                  "request.",
                  more_or_fewer(wait).text);
}

void gap_write(struct page *page, const struct profile *profile)
{
    struct gap gap;
    if (!gap_find(&gap, profile))
        return;
    char *words = phase_words(&gap);
    struct label more = name_label(gap.more->server.name);
    struct label less = name_label(gap.less->server.name);
    page_heading(page, 2, "The gap between %s and %s", more.text, less.text);
    page_text(
        page,
        "A request costs %s %s µs of CPU, and %s %s: a gap of %s µs. While they were "
        "traced it was %s µs, and divides into: %s.",
        more.text, figure_short(cpu_of(gap.more)).text, less.text,
        figure_short(cpu_of(gap.less)).text, figure_short(gap.us).text,
        figure_short(gap.span).text, *words ? words : "nothing worth a word");
    page_text(page, "%s, beside %s:", more.text, less.text);
    write_counts(page, &gap);
    page_item_file(page, "The two, stacked by phase", "plots/phases.svg");
    free(words);
}
