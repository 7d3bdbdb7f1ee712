/* compare.c - abacus compare: two runs, B held against A.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/outfile.h"
#include "command/command.h"
#include "model/record.h"
#include "render/document.h"
#include "report/compare_page.h"

#include <getopt.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_SAME = 0, EXIT_WORSE = 1 };

enum compare_option { THRESHOLD = 256, FORMAT, HTML };

struct compare_options {
    double threshold; /* NAN: not given */
    enum format format;
    const char *html; /* a file to write; or NULL */
    const char *folders[2];
};

static int take_format(struct compare_options *options, const char *name)
{
    if (strcmp(name, "text") == 0)
        options->format = FORMAT_TEXT;
    else if (strcmp(name, "markdown") == 0)
        options->format = FORMAT_MARKDOWN;
    else
        return command_fail_usage("--format takes text or markdown");
    return 0;
}

static int take_option(struct compare_options *options, int option)
{
    if (option == THRESHOLD)
        return command_take_share(&options->threshold, "--threshold", optarg);
    if (option == FORMAT)
        return take_format(options, optarg);
    if (option != HTML)
        return command_fail_usage("compare: unknown option or missing value");
    options->html = optarg;
    return 0;
}

static int parse_compare(struct compare_options *options, int argc, char **argv)
{
    static const struct option longs[] = {
        {"threshold", required_argument, NULL, THRESHOLD},
        {"format", required_argument, NULL, FORMAT},
        {"html", required_argument, NULL, HTML},
        {NULL, 0, NULL, 0}};
    *options = (struct compare_options){.threshold = NAN, .format = FORMAT_TEXT};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        int status = take_option(options, c);
        if (status)
            return status;
    }
    if (argc - optind != 2)
        return command_fail_usage("compare takes two folders");
    options->folders[0] = argv[optind];
    options->folders[1] = argv[optind + 1];
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

int command_compare(int argc, char **argv)
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
