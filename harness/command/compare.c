/* compare.c - abacus compare: two runs, B held against A.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/outfile.h"
#include "command/command.h"
#include "model/record.h"
#include "profile/counts.h"
#include "render/document.h"
#include "report/compare_page.h"

#include <libgen.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_SAME = 0, EXIT_WORSE = 1 };

/* By how much a count must rise to be worse, unless the user says: counts have no noise. */
static const double COUNT_THRESHOLD = 0.01;

struct compare_options {
    double threshold; /* NAN: not given */
    enum format format;
    const char *html; /* a file to write; or NULL */
    const char *folders[2];
};

static bool take_format(void *values, const char *name)
{
    struct compare_options *options = values;
    bool text = strcmp(name, "text") == 0;
    options->format = text ? FORMAT_TEXT : FORMAT_MARKDOWN;
    return text || strcmp(name, "markdown") == 0;
}

#define AT(field) offsetof(struct compare_options, field)

static const struct option_spec compare_options[] = {
    {.name = "threshold",
     .value = "5%",
     .kind = OPTION_SHARE,
     .where = AT(threshold),
     .help = "no smaller difference counts (default: the noise; 1% of what is counted)"},
    {.name = "format",
     .value = "FORMAT",
     .kind = OPTION_OWN,
     .take = take_format,
     .wants = "text or markdown",
     .help = "text or markdown"},
    {.name = "html",
     .value = "FILE",
     .kind = OPTION_TEXT,
     .where = AT(html),
     .help = "a page, too"},
    {0}};

static int parse_compare(struct compare_options *options, int argc, char **argv)
{
    *options = (struct compare_options){.threshold = NAN, .format = FORMAT_TEXT};
    int operands = command_options(&command_compare, options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    if (argc - operands != 2)
        return command_fail_usage("compare takes two folders");
    options->folders[0] = argv[operands];
    options->folders[1] = argv[operands + 1];
    return 0;
}

/* What the two runs' folders hold. */
struct sides {
    struct run runs[2];
    struct profile profiles[2]; /* without servers where there is no profile */
    double count_threshold;
};

static void write_counts(struct page *page, const void *subject)
{
    const struct sides *sides = subject;
    counts_compare(page, &sides->profiles[0], &sides->profiles[1],
                   sides->count_threshold);
}

static int write_html(const struct run_pair *pair, const struct compare_more *more,
                      const char *path, struct err *err)
{
    struct outfile file;
    char *folder = alloc_copy(path), *name = alloc_copy(path);
    int failed = outfile_open(&file, dirname(folder), basename(name), err);
    if (!failed) {
        struct page page;
        document_open(&page, file.stream, "Two runs compared");
        compare_page_write(&page, pair, more);
        document_close(&page);
        failed = outfile_close(&file, err);
    }
    free(name);
    free(folder);
    return failed;
}

/* The page is written first, so that the verdict stays the last line. */
static int show_pair(const struct run_pair *pair, const struct sides *sides,
                     const struct compare_options *options)
{
    static const int statuses[] = {
        [CONCLUSION_SAME] = EXIT_SAME,
        [CONCLUSION_WORSE] = EXIT_WORSE,
        [CONCLUSION_OPEN] = EXIT_CANNOT_TELL,
    };
    struct err err;
    const struct compare_more more = {
        .names = options->folders,
        .given = !isnan(options->threshold),
        .counts_worse = counts_compare(NULL, &sides->profiles[0], &sides->profiles[1],
                                       sides->count_threshold) == COUNTS_WORSE,
        .write_counts = write_counts,
        .counts = sides,
    };
    if (options->html && write_html(pair, &more, options->html, &err) < 0)
        return command_fail(EXIT_CANNOT_TELL, &err);
    struct page page = {.out = stdout, .format = options->format};
    compare_page_write(&page, pair, &more);
    return more.counts_worse ? EXIT_WORSE : statuses[pair->conclusion];
}

static int compare_sides(const struct sides *sides, const struct compare_options *options)
{
    struct err err;
    struct run_pair pair;
    if (run_pair_make(&pair, &sides->runs[0], &sides->runs[1], options->threshold, &err) <
        0)
        return command_fail(EXIT_CANNOT_TELL, &err);
    int status = show_pair(&pair, sides, options);
    run_pair_free(&pair);
    return status;
}

/* A run need not have a profile; one that it has must be sound. */
static int read_side(struct sides *sides, int side, const char *folder, struct err *err)
{
    if (record_read(&sides->runs[side], folder, err) < 0)
        return -1;
    return command_has_file(folder, STORE_NAME)
               ? store_read(&sides->profiles[side], folder, err)
               : 0;
}

static int compare(int argc, char **argv)
{
    struct err err;
    struct compare_options options;
    int status = parse_compare(&options, argc, argv);
    if (status)
        return status;
    struct sides sides = {
        .count_threshold = isnan(options.threshold) ? COUNT_THRESHOLD : options.threshold,
    };
    if (read_side(&sides, 0, options.folders[0], &err) < 0 ||
        read_side(&sides, 1, options.folders[1], &err) < 0)
        status = command_fail(EXIT_CANNOT_TELL, &err);
    else
        status = compare_sides(&sides, &options);
    for (int side = 0; side < 2; side++) {
        run_free(&sides.runs[side]);
        profile_free(&sides.profiles[side]);
    }
    return status;
}

const struct command command_compare = {
    .name = "compare",
    .what = "two runs: exit 0 the same, 1 worse, 2 cannot tell",
    .arguments = "[OPTION...] OLD NEW",
    .options = compare_options,
    .more = "Where both have a profile, what a request takes is compared, too.\n"
            "Example: abacus compare results/before results/after\n",
    .unwritten = EXIT_CANNOT_TELL,
    .run = compare};
