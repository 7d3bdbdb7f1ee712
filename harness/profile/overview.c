/* overview.c - a profile as a whole: all parts in one table, with the article's figures beside
 * ours; what would be gained; and why one of two servers needs more than the other.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/paths.h"
#include "render/glossary.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the article ---- */

/* Reads article.json, which has the article's figures under the names of the parts and of
 * their figures: an object, owned by the caller; NULL: it cannot be read, and why. */
static json_t *article_read(struct err *err)
{
    json_error_t error;
    char *path = alloc_format("%s/article.json", paths_profile());
    json_t *article = json_load_file(path, 0, &error);
    if (article &&
        (!*profile_text(article, "name") || !*profile_text(article, "source"))) {
        json_decref(article);
        article = NULL;
        snprintf(error.text, sizeof error.text, "no name or no source in it");
    }
    if (!article)
        err_set(err, "%s: %s", path, error.text);
    free(path);
    return article;
}

/* ---- all parts ---- */

static void write_figure(struct grid *grid, const struct profile *profile,
                         const struct part *part, const struct part_figure *figure,
                         const json_t *article)
{
    grid_add(grid, "%s: %s", figure->group, figure->head);
    for (size_t i = 0; i < profile->server_count; i++)
        profile_cell(grid, profile_part(&profile->servers[i], part), figure->key);
    if (article)
        profile_cell(grid, json_object_get(json_object_get(article, "parts"), part->name),
                     figure->key);
}

static void write_figures(struct grid *grid, const struct profile *profile,
                          const struct part *part, const json_t *article)
{
    size_t room = sizeof part->figures / sizeof *part->figures;
    for (size_t i = 0; i < room && part->figures[i].key; i++)
        write_figure(grid, profile, part, &part->figures[i], article);
}

static void write_servers(struct page *page, const struct profile *profile,
                          const json_t *article)
{
    size_t count = profile->server_count;
    struct label *labels = alloc_zeroed(count + 1, sizeof *labels);
    struct column *columns = alloc_zeroed(count + 2, sizeof *columns);
    struct grid grid;
    columns[0] = (struct column){.head = "Per request"};
    for (size_t i = 0; i < count; i++) {
        labels[i] = name_label(profile->servers[i].server.name);
        columns[1 + i] = (struct column){.head = labels[i].text, .align = ALIGN_RIGHT};
    }
    if (article)
        columns[1 + count] =
            (struct column){.head = profile_text(article, "name"), .align = ALIGN_RIGHT};
    grid_init(&grid, columns, 1 + count + (article != NULL));
    for (size_t i = 0; i < PARTS; i++)
        if (profile_has(profile, parts[i]))
            write_figures(&grid, profile, parts[i], article);
    if (grid.cell_count > 0)
        grid_write(&grid, page);
    grid_free(&grid);
    free(columns);
    free(labels);
}

/* Of 100 columns, those that the first column and the article's leave. */
enum { SERVERS_WIDTH = 62, FIGURE_WIDTH = 6, COLUMN_GAP = 2 };

/* How many servers from there on have room beside each other: at least one. */
static size_t servers_beside(const struct profile *profile, size_t first)
{
    size_t width = 0, last = first;
    do {
        size_t name = strlen(name_label(profile->servers[last].server.name).text);
        width += (name > FIGURE_WIDTH ? name : FIGURE_WIDTH) + COLUMN_GAP;
    } while (width <= SERVERS_WIDTH && ++last < profile->server_count);
    return last > first ? last - first : 1;
}

/* Tables below each other, where one would be too wide. */
static void write_overview(struct page *page, const struct profile *profile,
                           const json_t *article)
{
    struct profile some = *profile;
    for (size_t first = 0; first < profile->server_count; first += some.server_count) {
        some.servers = profile->servers + first;
        some.server_count = servers_beside(profile, first);
        write_servers(page, &some, article);
    }
}

void overview_write(struct page *page, const struct profile *profile)
{
    struct err err;
    json_t *article = article_read(&err);
    write_overview(page, profile, article);
    if (article)
        page_text(page, "%s: the article's figures, of another machine (%s).",
                  profile_text(article, "name"), profile_text(article, "source"));
    else
        page_text(page, "The article's figures are missing: %s.", err.text);
    json_decref(article);
}

/* ---- what if ---- */

/* What is less of a request cannot gain anything to speak of. */
static const double WORTH_A_ROW = 0.01;

double whatif_gain(double share, double faster)
{
    return 1 / (1 - share * (1 - 1 / faster));
}

/* All that a part divides; NAN where no share is known. */
static double division_sum(const struct part_division *division, const json_t *data)
{
    double sum = NAN;
    for (size_t i = 0; data && i < division->count; i++) {
        double share = division->share(data, i);
        if (isfinite(share))
            sum = (isfinite(sum) ? sum : 0) + share;
    }
    return sum;
}

static void whatif_rows(struct grid *grid, const struct part_division *division,
                        const char *server, const json_t *data)
{
    double all = division_sum(division, data);
    for (size_t i = 0; i < division->count; i++) {
        double share = division->share(data, i) / all;
        if (!(share >= WORTH_A_ROW)) /* or not known */
            continue;
        grid_add(grid, "%s", server);
        grid_add(grid, "%s", division->names[i]);
        grid_add(grid, "%s %% of %s", figure_percent(share).text, division->of);
        grid_add(grid, "%s %%", figure_change(whatif_gain(share, 2)).text);
        grid_add(grid, "%s %%", figure_change(whatif_gain(share, 5)).text);
    }
}

static void whatif_server(struct grid *grid, const struct profile_server *server)
{
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->division.of && server->data[i])
            whatif_rows(grid, &parts[i]->division, name_label(server->server.name).text,
                        server->data[i]);
}

void whatif_write(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.head = "What"},
        {.head = "its share"},
        {.group = "requests per core", .head = "if half", .align = ALIGN_RIGHT},
        {.group = "requests per core", .head = "if a fifth", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->server_count; i++)
        whatif_server(&grid, &profile->servers[i]);
    if (grid.cell_count > 0) {
        page_heading(page, 2, "What if");
        glossary_text(page, "what-if", NULL);
        grid_write(&grid, page);
    }
    grid_free(&grid);
}

/* ---- the gap ---- */

/* A phase that makes less of the gap is not worth a word. */
static const double WORTH_A_WORD = 0.05;

/* The server that needs more CPU time, and the one that needs less. */
struct gap {
    const struct profile_server *more, *less;
    double us;   /* of CPU per request, untraced */
    double span; /* the same while traced, as the phases have it */
};

static double number_of(const struct profile_server *server, const struct part *part,
                        const char *key)
{
    return profile_number(profile_part(server, part), key);
}

static double gap_of(const struct gap *gap, const struct part *part, const char *key)
{
    return number_of(gap->more, part, key) - number_of(gap->less, part, key);
}

static bool gap_find(struct gap *gap, const struct profile *profile)
{
    if (profile->server_count != 2)
        return false;
    const struct profile_server *a = &profile->servers[0];
    const struct profile_server *b = &profile->servers[1];
    bool first = number_of(a, &part_phases, "cpu") >= number_of(b, &part_phases, "cpu");
    *gap = (struct gap){.more = first ? a : b, .less = first ? b : a};
    gap->us = gap_of(gap, &part_phases, "cpu");
    gap->span =
        division_sum(&part_phases.division, profile_part(gap->more, &part_phases)) -
        division_sum(&part_phases.division, profile_part(gap->less, &part_phases));
    return isfinite(gap->us) && isfinite(gap->span);
}

static double phase_gap(const struct gap *gap, size_t phase)
{
    double more =
        part_phases.division.share(profile_part(gap->more, &part_phases), phase);
    double less =
        part_phases.division.share(profile_part(gap->less, &part_phases), phase);
    return (isfinite(more) ? more : 0) - (isfinite(less) ? less : 0);
}

/* "creating and reaping child +41.2, closing −1.0": owned by the caller. */
static char *phase_words(const struct gap *gap)
{
    char *words = alloc_copy("");
    for (size_t phase = 0; phase < part_phases.division.count; phase++) {
        double us = phase_gap(gap, phase);
        if (fabs(us) < fabs(gap->span) * WORTH_A_WORD)
            continue;
        char *longer = alloc_format("%s%s%s %s%s", words, *words ? ", " : "",
                                    part_phases.division.names[phase], us < 0 ? "−" : "+",
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
    double calls = gap_of(gap, &part_syscalls, "c1");
    double instructions = gap_of(gap, &part_instructions, "c1");
    double wait = gap_of(gap, &part_phases, "delay");
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
        more.text, figure_short(number_of(gap.more, &part_phases, "cpu")).text, less.text,
        figure_short(number_of(gap.less, &part_phases, "cpu")).text,
        figure_short(gap.us).text, figure_short(gap.span).text,
        *words ? words : "nothing worth a word");
    page_text(page, "%s, beside %s:", more.text, less.text);
    write_counts(page, &gap);
    page_item_file(page, "The two, stacked by phase", "plots/phases.svg");
    free(words);
}
