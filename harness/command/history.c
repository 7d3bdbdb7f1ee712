/* history.c - abacus history: many runs in the order of their time, by what a request cost each
 * server beside the same one.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/quote.h"
#include "command/command.h"
#include "render/figure.h"
#include "render/gnuplot.h"
#include "render/grid.h"
#include "render/names.h"

#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What makes a machine another one; and what may change on it. */
static const char *const machine_facts[] = {"CPU", "cores", "SMT", "hypervisor", NULL};
static const char *const changing_facts[] = {"kernel",         "OS", "libc", "compiler",
                                             "compiler flags", NULL};

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

/* One run, of its summary.json. */
struct past {
    char *folder;
    char *machine; /* what tells it from others */
    json_t *summary;
};

struct pasts {
    struct past *list;
    size_t count;
};

/* ---- reading ---- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static char *machine_name(const json_t *summary)
{
    const json_t *machine = json_object_get(summary, "machine");
    char *name = alloc_copy("");
    for (size_t i = 0; machine_facts[i]; i++) {
        char *longer = alloc_format("%s%s%s", name, *name ? ", " : "",
                                    text_of(machine, machine_facts[i]));
        free(name);
        name = longer;
    }
    return name;
}

/* A folder without a summary is no run, or one that is not finished. */
static void add_folder(struct pasts *pasts, const char *folder)
{
    char *path = alloc_format("%s/summary.json", folder);
    json_t *summary = json_load_file(path, 0, NULL);
    free(path);
    if (!json_is_array(json_object_get(summary, "figures"))) {
        json_decref(summary);
        return;
    }
    pasts->list = alloc_resize(pasts->list, pasts->count + 1, sizeof *pasts->list);
    pasts->list[pasts->count++] =
        (struct past){alloc_copy(folder), machine_name(summary), summary};
}

/* The runs in a folder of runs; or it is one itself. */
static void add_folders(struct pasts *pasts, const char *folder)
{
    glob_t found;
    struct stat status;
    char *pattern = alloc_format("%s/*", folder);
    size_t before = pasts->count;
    add_folder(pasts, folder);
    if (pasts->count == before && glob(pattern, GLOB_ONLYDIR, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (lstat(found.gl_pathv[i], &status) == 0 && S_ISDIR(status.st_mode))
                add_folder(pasts, found.gl_pathv[i]); /* not the link `latest` */
        globfree(&found);
    }
    free(pattern);
}

static int by_machine_and_time(const void *a, const void *b)
{
    const struct past *x = a, *y = b;
    int machine = strcmp(x->machine, y->machine);
    int suite = strcmp(text_of(x->summary, "suite"), text_of(y->summary, "suite"));
    int time = strcmp(text_of(x->summary, "started"), text_of(y->summary, "started"));
    return machine ? machine : suite ? suite : time;
}

static bool same_series(const struct past *a, const struct past *b)
{
    return strcmp(a->machine, b->machine) == 0 &&
           strcmp(text_of(a->summary, "suite"), text_of(b->summary, "suite")) == 0;
}

static void pasts_free(struct pasts *pasts)
{
    for (size_t i = 0; i < pasts->count; i++) {
        free(pasts->list[i].folder);
        free(pasts->list[i].machine);
        json_decref(pasts->list[i].summary);
    }
    free(pasts->list);
}

/* ---- figures ---- */

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The row of all loads together, or of the only load; NULL. */
static const json_t *row_of(const json_t *summary, const char *server)
{
    const json_t *found = NULL, *row;
    size_t i;
    json_array_foreach(json_object_get(summary, "figures"), i, row)
    {
        if (strcmp(text_of(row, "server"), server) == 0)
            found = row; /* all loads come last */
    }
    return found;
}

/* ln of a server's ratio to the least, and half the width of its interval. */
static double log_ratio(const json_t *row, double *half)
{
    const json_t *ratio = json_object_get(row, "cpu_ratio");
    double low = number_of(ratio, "low"), high = number_of(ratio, "high");
    *half = isnan(low) ? 0 : log(high / low) / 2;
    return log(number_of(ratio, "mid"));
}

/* Beside the reference: both were held against the one with the least, so their intervals add up as
 * independent ones do. */
static struct interval beside(const struct past *past, const char *server,
                              const char *reference)
{
    double half, reference_half;
    double of = log_ratio(row_of(past->summary, server), &half);
    double to = log_ratio(row_of(past->summary, reference), &reference_half);
    double width = hypot(half, reference_half);
    return (struct interval){
        .low = exp(of - to - width), .mid = exp(of - to), .high = exp(of - to + width)};
}

static const char *sha_of(const struct past *past, const char *server)
{
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(past->summary, "servers"), i, one)
    {
        if (strcmp(text_of(one, "name"), server) == 0)
            return text_of(one, "sha256");
    }
    return "";
}

/* ---- a series: the runs of one machine and one suite ---- */

struct series {
    const struct past *pasts;
    size_t count;
    const char *reference;
    const char **servers; /* their names, borrowed; the array is owned */
    size_t server_count;
};

static bool has_server(const struct series *series, const char *name)
{
    for (size_t i = 0; i < series->server_count; i++)
        if (strcmp(series->servers[i], name) == 0)
            return true;
    return false;
}

/* Every server that any run has, but the controls and the reference. */
static void find_servers(struct series *series)
{
    for (size_t p = 0; p < series->count; p++) {
        const json_t *one;
        size_t i;
        json_array_foreach(json_object_get(series->pasts[p].summary, "servers"), i, one)
        {
            const char *name = text_of(one, "name");
            if (!*text_of(one, "control_of") && strcmp(name, series->reference) != 0 &&
                !has_server(series, name)) {
                series->servers = alloc_resize(series->servers, series->server_count + 1,
                                               sizeof *series->servers);
                series->servers[series->server_count++] = name;
            }
        }
    }
}

/* "kernel, compiler": what is not as it was in the run before; owned by the caller. */
static char *changes(const struct past *before, const struct past *past)
{
    char *words = alloc_copy("");
    const json_t *old = json_object_get(before->summary, "machine");
    const json_t *new = json_object_get(past->summary, "machine");
    for (size_t i = 0; changing_facts[i]; i++) {
        if (strcmp(text_of(old, changing_facts[i]), text_of(new, changing_facts[i])) == 0)
            continue;
        char *longer =
            alloc_format("%s%s%s", words, *words ? ", " : "", changing_facts[i]);
        free(words);
        words = longer;
    }
    return words;
}

static bool changed(const struct series *series, size_t p, const char *server)
{
    return p > 0 && strcmp(sha_of(&series->pasts[p - 1], server),
                           sha_of(&series->pasts[p], server)) != 0;
}

static void write_runs(struct page *page, const struct series *series)
{
    struct column *columns = alloc_zeroed(series->server_count + 2, sizeof *columns);
    struct grid grid;
    columns[0] = (struct column){.head = "Started"};
    for (size_t s = 0; s < series->server_count; s++)
        columns[s + 1] =
            (struct column){.head = series->servers[s], .align = ALIGN_RIGHT};
    columns[series->server_count + 1] = (struct column){.head = "Changed"};
    grid_init(&grid, columns, series->server_count + 2);
    for (size_t p = 0; p < series->count; p++) {
        const struct past *past = &series->pasts[p];
        char *what = p > 0 ? changes(past - 1, past) : alloc_copy("");
        grid_add(&grid, "%.16s", text_of(past->summary, "started"));
        for (size_t s = 0; s < series->server_count; s++) {
            const char *server = series->servers[s];
            grid_add(&grid, "%s%s",
                     figure_short(beside(past, server, series->reference).mid).text,
                     changed(series, p, server) ? "*" : "");
        }
        grid_add(&grid, "%s", what);
        free(what);
    }
    grid_write(&grid, page);
    grid_free(&grid);
    free(columns);
}

/* Where the intervals before and after do not overlap. */
static void write_steps(struct page *page, const struct series *series)
{
    for (size_t s = 0; s < series->server_count; s++)
        for (size_t p = 1; p < series->count; p++) {
            const char *server = series->servers[s];
            struct interval old =
                beside(&series->pasts[p - 1], server, series->reference);
            struct interval new = beside(&series->pasts[p], server, series->reference);
            if (!(new.low > old.high || new.high < old.low))
                continue;
            page_item(page, "%s went from %s (%s) to %s (%s) in %s%s.",
                      name_label(server).text, figure_short(old.mid).text,
                      figure_range(old, figure_short).text, figure_short(new.mid).text,
                      figure_range(new, figure_short).text,
                      text_of(series->pasts[p].summary, "started"),
                      changed(series, p, server) ? ", with another executable" : "");
        }
}

static void write_series(struct page *page, const struct series *series)
{
    page_heading(page, 2, "%s: %s", text_of(series->pasts[0].summary, "suite"),
                 series->pasts[0].machine);
    page_text(page,
              "CPU per request beside %s, all loads together. *: another executable "
              "than in the run before.",
              series->reference);
    write_runs(page, series);
    write_steps(page, series);
}

/* ---- files ---- */

static void write_rows(FILE *csv, FILE *plot, const struct series *series, size_t number)
{
    for (size_t s = 0; s < series->server_count; s++) {
        for (size_t p = 0; p < series->count; p++) {
            const struct past *past = &series->pasts[p];
            const char *server = series->servers[s];
            struct interval ratio = beside(past, server, series->reference);
            quote_csv(csv, text_of(past->summary, "started"));
            fprintf(csv, ",");
            quote_csv(csv, past->machine);
            fprintf(csv, ",%s,", text_of(past->summary, "suite"));
            quote_csv(csv, server);
            fprintf(csv, ",%.5g,%.5g,%.5g,%s,%s\n", ratio.mid, ratio.low, ratio.high,
                    series->reference, sha_of(past, server));
            fprintf(plot, "%zu\t%zu\t%zu\t", number, s + 1, p + 1);
            quote_gnuplot(plot, name_label(server).text);
            fprintf(plot, "\t%.5g\t%.5g\t%.5g\t%.10s\n", ratio.low, ratio.mid, ratio.high,
                    text_of(past->summary, "started"));
        }
        fputs("\n\n", plot);
    }
}

/* ---- the whole ---- */

static const char *choose_reference(const struct options *options,
                                    const struct past *past)
{
    const json_t *first = json_array_get(json_object_get(past->summary, "servers"), 0);
    if (options->reference)
        return options->reference;
    return row_of(past->summary, "epoll") ? "epoll" : text_of(first, "name");
}

/* Calls back for each series. */
static void show_all(const struct pasts *pasts, const struct options *options, FILE *csv,
                     FILE *plot)
{
    struct page page = {.out = stdout, .format = FORMAT_TEXT};
    size_t number = 0;
    for (size_t from = 0, to; from < pasts->count; from = to) {
        for (to = from + 1;
             to < pasts->count && same_series(&pasts->list[from], &pasts->list[to]); to++)
            ;
        struct series series = {.pasts = &pasts->list[from],
                                .count = to - from,
                                .reference =
                                    choose_reference(options, &pasts->list[from])};
        find_servers(&series);
        if (csv)
            write_rows(csv, plot, &series, ++number);
        else
            write_series(&page, &series);
        free(series.servers);
    }
}

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
        fputs("started,machine,suite,server,cpu_ratio,cpu_ratio_low,cpu_ratio_high,"
              "reference,sha256\n",
              csv.stream);
        fputs("# series\tserver\trun\tserver_name\tlow\tratio\thigh\tday\n", plot.stream);
        show_all(pasts, options, csv.stream, plot.stream);
        failed = outfile_close(&plot, err);
    }
    failed |= outfile_close(&csv, err);
    if (!failed && gnuplot_render(options->out, paths_plots(), "history",
                                  "CPU per request beside the reference, run by run",
                                  err) != DRAWING_DONE)
        failed = -1;
    return failed;
}

static int history(int argc, char **argv)
{
    struct err err;
    struct options options = {0};
    struct pasts pasts = {0};
    int status = 0;
    int operands = command_options(&command_history, &options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    for (int i = operands; i < argc; i++)
        add_folders(&pasts, argv[i]);
    if (operands == argc)
        add_folders(&pasts, paths_results());
    if (pasts.count == 0) {
        err_set(&err, "no finished run in %s",
                operands < argc ? argv[operands] : paths_results());
        return command_fail(EXIT_USAGE, &err);
    }
    qsort(pasts.list, pasts.count, sizeof *pasts.list, by_machine_and_time);
    show_all(&pasts, &options, NULL, NULL);
    if (options.out && write_files(&pasts, &options, &err) < 0)
        status = command_fail(1, &err);
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
