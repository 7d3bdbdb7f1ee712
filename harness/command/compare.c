/* compare.c - abacus compare: two runs, B held against A.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/outfile.h"
#include "command/command.h"
#include "model/record.h"
#include "render/document.h"
#include "report/compare_page.h"

#include <libgen.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_SAME = 0, EXIT_WORSE = 1 };

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
     .help = "no smaller difference counts (default: the noise)"},
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

static void write_page(FILE *out, enum format format, const struct run_pair *pair,
                       const struct compare_options *options)
{
    struct page page = {.out = out, .format = format};
    compare_page_write(&page, pair, options->folders, !isnan(options->threshold));
}

static int write_html(const struct run_pair *pair, const struct compare_options *options,
                      struct err *err)
{
    struct outfile file;
    char *folder = alloc_copy(options->html), *name = alloc_copy(options->html);
    int failed = outfile_open(&file, dirname(folder), basename(name), err);
    if (!failed) {
        struct page page;
        document_open(&page, file.stream, "Two runs compared");
        compare_page_write(&page, pair, options->folders, !isnan(options->threshold));
        document_close(&page);
        failed = outfile_close(&file, err);
    }
    free(name);
    free(folder);
    return failed;
}

/* The page is written first, so that the verdict stays the last line. */
static int show_pair(const struct run_pair *pair, const struct compare_options *options)
{
    static const int statuses[] = {
        [CONCLUSION_SAME] = EXIT_SAME,
        [CONCLUSION_WORSE] = EXIT_WORSE,
        [CONCLUSION_OPEN] = EXIT_CANNOT_TELL,
    };
    struct err err;
    if (options->html && write_html(pair, options, &err) < 0)
        return command_fail(EXIT_CANNOT_TELL, &err);
    write_page(stdout, options->format, pair, options);
    return statuses[pair->conclusion];
}

static int compare_runs(const struct run *a, const struct run *b,
                        const struct compare_options *options)
{
    struct err err;
    struct run_pair pair;
    if (run_pair_make(&pair, a, b, options->threshold, &err) < 0)
        return command_fail(EXIT_CANNOT_TELL, &err);
    int status = show_pair(&pair, options);
    run_pair_free(&pair);
    return status;
}

static int compare(int argc, char **argv)
{
    struct err err;
    struct run runs[2] = {0};
    struct compare_options options;
    int status = parse_compare(&options, argc, argv);
    if (status)
        return status;
    if (record_read(&runs[0], options.folders[0], &err) < 0 ||
        record_read(&runs[1], options.folders[1], &err) < 0)
        status = command_fail(EXIT_CANNOT_TELL, &err);
    else
        status = compare_runs(&runs[0], &runs[1], &options);
    run_free(&runs[0]);
    run_free(&runs[1]);
    return status;
}

const struct command command_compare = {
    .name = "compare",
    .what = "two runs: exit 0 the same, 1 worse, 2 cannot tell",
    .arguments = "[OPTION...] OLD NEW",
    .options = compare_options,
    .more = "Example: abacus compare results/before results/after\n",
    .unwritten = EXIT_CANNOT_TELL,
    .run = compare};
