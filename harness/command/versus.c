/* versus.c - abacus versus: two programs beside each other in one run, which costs less?
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "base/textfile.h"
#include "command/command.h"
#include "command/counts.h"
#include "measure/measure.h"
#include "render/page.h"
#include "subject/exchange.h"
#include "subject/server.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_NOT_WORSE = 0, EXIT_WORSE = 1 };

enum side { OLD, NEW, SIDES };

struct versus {
    double threshold; /* a share */
    double minutes;   /* 0: as the suite has it */
    const char *suite;
    const char *out;
    const char *programs[SIDES];
    const char *environments[SIDES]; /* NULL: nothing */
    bool debug_build;
    bool counts; /* not time, but what can be counted */
};

/* ---- options ---- */

/* One program is enough where its environments differ. */
static int take_programs(struct versus *versus, int count, char **programs)
{
    bool environment = versus->environments[OLD] || versus->environments[NEW];
    versus->programs[OLD] = programs[0];
    versus->programs[NEW] = programs[count > 1];
    return count == 2 || (count == 1 && environment)
               ? 0
               : command_fail_usage("versus takes two programs, or one and --old-env");
}

#define AT(field) offsetof(struct versus, field)

static const struct option_spec versus_options[] = {
    {.name = "minutes",
     .value = "N",
     .kind = OPTION_NUMBER,
     .where = AT(minutes),
     .least = 0.1,
     .most = MINUTES_MAX,
     .help = "how long it takes (default: 1)"},
    {.name = "threshold",
     .value = "1%",
     .kind = OPTION_SHARE,
     .where = AT(threshold),
     .help = "what is not worse enough to count"},
    {.name = "old-env",
     .value = "NAME=VALUE",
     .kind = OPTION_TEXT,
     .where = AT(environments[OLD]),
     .help = "in the environment of the first"},
    {.name = "new-env",
     .value = "NAME=VALUE",
     .kind = OPTION_TEXT,
     .where = AT(environments[NEW]),
     .help = "in that of the second; then one program will do"},
    {.name = "suite",
     .value = "NAME|FILE",
     .kind = OPTION_TEXT,
     .where = AT(suite),
     .help = "other loads than with and without keep-alive"},
    {.name = "out",
     .value = "DIR",
     .kind = OPTION_TEXT,
     .where = AT(out),
     .help = "the run's folder"},
    {.name = "counts",
     .kind = OPTION_FLAG,
     .where = AT(counts),
     .help = "instructions, system calls and allocations instead of CPU time: exact,\n"
             "whatever else the machine does (valgrind, strace)"},
    {.name = "debug-build",
     .kind = OPTION_FLAG,
     .where = AT(debug_build),
     .help = "measure servers built for debugging, too"},
    {0}};

static int parse(struct versus *versus, int argc, char **argv)
{
    *versus = (struct versus){.threshold = 0.01, .suite = "versus"};
    int operands = command_options(&command_versus, versus, argc, argv);
    return operands < 0 ? EXIT_USAGE
                        : take_programs(versus, argc - operands, argv + operands);
}

/* ---- the suite: the loads of a suite, and two servers of its own ---- */

/* A program that cannot be measured is told of at once, not after a minute. */
static int try_program(const char *path, const char *environment, struct err *err)
{
    struct server running;
    struct finding finding = {0};
    struct err why;
    const struct server_options options = {
        .host = "127.0.0.1", .cpu = -1, .error = -1, .environment = environment};
    if (server_start(&running, path, &options, &why) < 0)
        return err_set(err, "%s: %s", path, why.text);
    int failed = exchange_probe(running.host, running.port, &finding);
    if (failed)
        err_set(err, "%s: GET / was answered with %s", path, finding.came);
    server_stop(&running, &why);
    return failed;
}

static int write_server(FILE *file, const struct versus *versus, enum side side,
                        struct err *err)
{
    static const char *const names[] = {[OLD] = "old", [NEW] = "new"};
    const char *given = versus->programs[side];
    char *path = strchr(given, '/') ? alloc_copy(given)
                                    : alloc_format("%s/%s", paths_servers(), given);
    char *whole = realpath(path, NULL);
    int failed = whole && access(whole, X_OK) == 0
                     ? 0
                     : err_set(err, "%s: %s", given, strerror(errno));
    if (!failed)
        failed = try_program(whole, versus->environments[side], err);
    if (!failed)
        fprintf(file, "\n[server %s]\nprogram = %s\n", names[side], whole);
    if (!failed && versus->environments[side])
        fprintf(file, "environment = %s\n", versus->environments[side]);
    free(whole);
    free(path);
    return failed;
}

/* Writes it to `path`, a file's. */
static int write_suite(const struct versus *versus, const char *path, struct err *err)
{
    bool is_path = strchr(versus->suite, '/');
    char *from = is_path ? alloc_copy(versus->suite)
                         : alloc_format("%s/%s.ini", paths_suites(), versus->suite);
    char *loads = textfile_read(from, SIZE_MAX, err);
    free(from);
    if (!loads)
        return -1;
    int failed = 0;
    FILE *file = fopen(path, "we");
    if (file) {
        fputs(loads, file);
        for (int side = OLD; !failed && side < SIDES; side++)
            failed = write_server(file, versus, (enum side)side, err);
    }
    if (!failed && (!file || fflush(file) == EOF))
        failed = err_set(err, "%s: %s", path, strerror(errno));
    if (file)
        fclose(file);
    free(loads);
    return failed;
}

/* ---- what came out ---- */

static size_t cell_place(const struct table *table, const char *name)
{
    size_t place = 0;
    while (place < table->cell_count &&
           strcmp(table->cells[place].server->name, name) != 0)
        place++;
    return place;
}

/* new / old in CPU per request. */
static struct interval ratio_of(const struct table *table)
{
    size_t old = cell_place(table, "old"), new = cell_place(table, "new");
    if (old == table->cell_count || new == table->cell_count)
        return (struct interval){NAN, NAN, NAN};
    return comparison_pair(&table->comparisons[QUANTITY_CPU], new, old).ratio;
}

/* "3.1 % ± 0.6 % less"; owned by the caller. */
static char *difference_words(const struct interval *ratio)
{
    double change = 100 * (ratio->mid - 1);
    double half = 100 * (ratio->high - ratio->low) / 2;
    return alloc_format("%.1f %% ± %.1f %% %s", fabs(change), half,
                        change < 0 ? "less" : "more");
}

static int status_of(const struct interval *ratio, double threshold)
{
    if (ratio->low > 1 + threshold)
        return EXIT_WORSE;
    return ratio->high <= 1 + threshold ? EXIT_NOT_WORSE : EXIT_CANNOT_TELL;
}

static char *sentence_begin(const struct versus *versus, const struct interval *ratio)
{
    const char *old = versus->programs[OLD], *new = versus->programs[NEW];
    char *difference = difference_words(ratio);
    bool environment = versus->environments[OLD] || versus->environments[NEW];
    char *text =
        environment && strcmp(old, new) == 0
            ? alloc_format("%s needs %s CPU per request with the new environment than "
                           "with the old",
                           new, difference)
            : alloc_format("%s needs %s CPU per request than %s", new, difference, old);
    free(difference);
    return text;
}

/* One sentence for all loads. Returns the exit status: worse if one of them is, or all together
 * are; else what holds for all together. */
static int conclude(struct page *page, const struct versus *versus,
                    const struct summary *summary)
{
    const struct table *main_table =
        summary->overall.cell_count ? &summary->overall : &summary->tables[0];
    struct interval all = ratio_of(main_table);
    int status = status_of(&all, versus->threshold);
    char *text = NULL;
    for (size_t t = 0; t < summary->table_count; t++) {
        struct interval ratio = ratio_of(&summary->tables[t]);
        if (isnan(ratio.low))
            status = EXIT_CANNOT_TELL;
        else if (status_of(&ratio, versus->threshold) == EXIT_WORSE)
            status = EXIT_WORSE;
        char *difference = difference_words(&ratio);
        char *begin = text ? text : sentence_begin(versus, &ratio);
        const char *title = summary->tables[t].load->title;
        text = begin == text ? alloc_format("%s, %s (%s)", begin, difference, title)
                             : alloc_format("%s (%s)", begin, title);
        free(begin);
        free(difference);
    }
    page_text(page, "%s.", text);
    free(text);
    if (status == EXIT_CANNOT_TELL && isfinite(all.low))
        page_text(
            page,
            "Whether it is worse by more than %.3g %% cannot be told from so little: "
            "over all loads the interval is %+.1f to %+.1f %%. More --minutes narrow "
            "it.",
            100 * versus->threshold, 100 * (all.low - 1), 100 * (all.high - 1));
    return status;
}

/* Which is allowed, and shows what chance does. */
static void say_if_same(struct page *page, const struct versus *versus,
                        const struct run *run)
{
    const struct run_server *old = run_server(run, "old"), *new = run_server(run, "new");
    if (!versus->environments[OLD] && !versus->environments[NEW] && *old->sha256 &&
        strcmp(old->sha256, new->sha256) == 0)
        page_text(page, "Both are the same executable.");
}

static bool any_failed(const struct summary *summary)
{
    bool failed = false;
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t c = 0; c < summary->tables[t].cell_count; c++) {
            const struct cell *cell = &summary->tables[t].cells[c];
            if (cell->failed)
                fprintf(stderr, "abacus: %s failed: %s\n", cell->server->name,
                        cell->reason);
            failed = failed || cell->failed;
        }
    return failed;
}

static int show(const struct versus *versus, const struct run *run)
{
    struct summary summary;
    struct page page = {.out = stdout, .format = FORMAT_TEXT};
    int status = EXIT_CANNOT_TELL;
    summary_make(&summary, run);
    bool failed = any_failed(&summary);
    if (!failed && summary.rounds_done < ROUNDS_FOR_INTERVAL)
        fprintf(stderr, "abacus: %d whole rounds are too few to tell: it takes %d\n",
                summary.rounds_done, ROUNDS_FOR_INTERVAL);
    else if (!failed)
        status = conclude(&page, versus, &summary);
    say_if_same(&page, versus, run);
    summary_free(&summary);
    return status;
}

/* ---- the whole ---- */

static void show_nothing(const char *folder)
{
    (void)folder;
}

static int measure(const struct versus *versus, const char *suite)
{
    struct err err;
    struct run run;
    char *folder = NULL;
    const struct measure_options options = {.suite = suite,
                                            .out = versus->out,
                                            .rounds = -1,
                                            .trials = -1,
                                            .minutes = versus->minutes,
                                            .debug_build = versus->debug_build,
                                            .after_round = show_nothing};
    int status = measure_prepare(&run, &folder, &options, &err);
    if (status) {
        command_fail(status, &err);
        status = EXIT_CANNOT_TELL; /* 1 is a result */
    } else if (measure_run(&run, folder, &options, &err) < 0 ||
               command_write_report(folder, &err) < 0) {
        status = command_fail(EXIT_CANNOT_TELL, &err);
    } else {
        status = show(versus, &run);
        command_say_where(folder);
    }
    if (interrupt_requested())
        status = EXIT_INTERRUPTED;
    run_free(&run);
    free(folder);
    return status;
}

static int versus(int argc, char **argv)
{
    struct err err;
    struct versus asked;
    char folder[] = "/tmp/abacus-versus-XXXXXX";
    int status = parse(&asked, argc, argv);
    if (status)
        return status;
    if (asked.counts)
        return counts_versus(&(struct counts_request){
            .programs = {asked.programs[OLD], asked.programs[NEW]},
            .environments = {asked.environments[OLD], asked.environments[NEW]},
            .threshold = asked.threshold,
            .out = asked.out});
    if (!mkdtemp(folder)) {
        err_set(&err, "%s: %s", folder, strerror(errno));
        return command_fail(EXIT_CANNOT_TELL, &err);
    }
    char *suite = alloc_format("%s/versus.ini", folder);
    status = write_suite(&asked, suite, &err) < 0 ? command_fail(EXIT_CANNOT_TELL, &err)
                                                  : measure(&asked, suite);
    unlink(suite);
    rmdir(folder);
    free(suite);
    return status;
}

const struct command command_versus = {
    .name = "versus",
    .what = "two programs in one run: exit 0 not worse, 1 worse, 2 cannot tell",
    .arguments = "[OPTION...] OLD NEW",
    .options = versus_options,
    .more = "Example: abacus versus ./epoll.before build/servers/epoll\n"
            "Example: abacus versus --new-env LD_LIBRARY_PATH=/opt/libev/lib libev\n"
            "Example: abacus versus --counts ./epoll.before build/servers/epoll\n",
    .unwritten = EXIT_CANNOT_TELL,
    .run = versus};
