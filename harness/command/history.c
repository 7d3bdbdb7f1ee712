/* history.c - abacus history: many runs in the order of their time.
 * SPDX-License-Identifier: MIT */
#include "report/history.h"

#include "base/outfile.h"
#include "base/paths.h"
#include "command/command.h"
#include "render/gnuplot.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

struct options {
    const char *
        reference; /* the server that others are held against; NULL: epoll, or the first */
    const char *out; /* a folder for history.csv and the picture; NULL: neither */
};

static const struct option_spec history_options[] = {
    {.name = "reference",
     .value = "SERVER",
     .kind = OPTION_TEXT,
     .where = offsetof(struct options, reference),
     .help = "that the others are held against (default: epoll)"},
    {.name = "out",
     .value = "DIR",
     .kind = OPTION_TEXT,
     .where = offsetof(struct options, out),
     .help = "a folder for history.csv and history.svg"},
    {0}};

static int write_files(const struct pasts *pasts, const struct options *options,
                       struct err *err)
{
    struct outfile csv, plot;
    if (mkdir(options->out, 0777) < 0 && errno != EEXIST)
        return err_set(err, "%s: %s", options->out, strerror(errno));
    if (outfile_open(&csv, options->out, "history.csv", err) < 0)
        return -1;
    int failed = outfile_open(&plot, options->out, "history.dat", err);
    if (!failed) {
        history_write_files(csv.stream, plot.stream, pasts, options->reference);
        failed = outfile_close(&plot, err);
    }
    failed |= outfile_close(&csv, err);
    if (!failed && gnuplot_render(options->out, paths_plots(), "history",
                                  "CPU per request beside the reference, run by run",
                                  err) != DRAWING_DONE)
        failed = -1;
    return failed;
}

static int show(struct pasts *pasts, const struct options *options)
{
    struct err err;
    struct page page = {.out = stdout, .format = FORMAT_TEXT};
    pasts_sort(pasts);
    history_write(&page, pasts, options->reference);
    return options->out && write_files(pasts, options, &err) < 0 ? command_fail(1, &err)
                                                                 : 0;
}

static int history(int argc, char **argv)
{
    struct err err;
    struct options options = {0};
    struct pasts pasts = {0};
    int operands = command_options(&command_history, &options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    for (int i = operands; i < argc; i++)
        pasts_add(&pasts, argv[i]);
    if (operands == argc)
        pasts_add(&pasts, paths_results());
    if (pasts.count == 0) {
        err_set(&err, "no finished run in %s",
                operands < argc ? argv[operands] : paths_results());
        return command_fail(EXIT_USAGE, &err);
    }
    int status = show(&pasts, &options);
    pasts_free(&pasts);
    return status;
}

const struct command command_history = {.name = "history",
                                        .what = "many runs in the order of their time",
                                        .arguments = "[OPTION...] [DIR...]",
                                        .options = history_options,
                                        .more = "Example: abacus history results\n",
                                        .unwritten = 1,
                                        .run = history};
