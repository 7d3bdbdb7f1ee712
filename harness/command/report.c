/* report.c - abacus report: tables, plots and page again, from the record.
 * SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/alloc.h"
#include "base/colour.h"
#include "base/paths.h"
#include "command/command.h"
#include "limits/show.h"
#include "limits/store.h"
#include "model/record.h"
#include "profile/profile.h"
#include "report/screen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Tables without a figure are no success. */
static int check_figures(const struct summary *summary, const char *folder,
                         struct err *err)
{
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t c = 0; c < summary->tables[t].cell_count; c++)
            if (!cell_absence(&summary->tables[t].cells[c]))
                return 0;
    return err_set(err, "%s: no server has figures; the tables say why", folder);
}

/* The control is no reference: it does not compete. */
static int find_reference(const struct run_server **reference, const struct run *run,
                          const char *name, struct err *err)
{
    *reference = name ? run_server(run, name) : NULL;
    if (name && (!*reference || (*reference)->control_of))
        return err_set(err, "no server '%s' to hold others against in this run", name);
    return 0;
}

int command_show_profile(const char *folder, struct err *err)
{
    struct err later;
    struct profile profile;
    if (store_read(&profile, folder, err) < 0)
        return -1;
    int failed = profile_render(&profile, folder, paths_plots(), err);
    if (!command_has_file(folder, RECORD_NAME))
        failed |= profile_write_page(&profile, folder, failed ? &later : err);
    profile_screen(stdout, &profile);
    profile_free(&profile);
    return failed;
}

/* What a run's page shows of a profile; one that is not there, or cannot be read, is zeroed.
 * False: there is none. */
static bool read_profile(struct profile *profile, const char *folder)
{
    struct err told; /* when the profile itself is shown */
    *profile = (struct profile){0};
    return command_has_file(folder, STORE_NAME) &&
           store_read(profile, folder, &told) == 0;
}

static void write_costs(struct page *page, const void *subject, const char *directory)
{
    profile_write(page, subject, directory);
}

/* The same of where the servers break. */
static bool read_breakages(struct breakages *breakages, const char *folder)
{
    struct err told;
    *breakages = (struct breakages){0};
    return command_has_file(folder, LIMITS_NAME) &&
           limits_read(breakages, folder, &told) == 0;
}

static void write_breakages(struct page *page, const void *subject, const char *directory)
{
    const struct breakages *breakages = subject;
    (void)directory;
    breakages_write(page, breakages->list, breakages->count);
}

/* One column less than there is: a full line would wrap on some terminals. */
static size_t screen_width(void)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : SIZE_MAX;
}

static int make_report(const struct run *run, const char *folder,
                       const struct run_server *against, bool show, struct err *err)
{
    struct profile profile;
    bool profiled = read_profile(&profile, folder);
    const struct report_part costs = {write_costs, &profile};
    struct breakages found;
    bool tried = read_breakages(&found, folder);
    const struct report_part breakages = {write_breakages, &found};
    struct summary summary;
    summary_make(&summary, run);
    const struct report shown = {.run = run,
                                 .summary = &summary,
                                 .reference = against,
                                 .costs = profiled ? &costs : NULL,
                                 .breakages = tried ? &breakages : NULL,
                                 .directory = folder};
    int failed = report_write(&shown, paths_plots(), err);
    if (show)
        screen_write(stdout, &shown, screen_width(), colour_wanted(STDOUT_FILENO));
    if (!failed)
        failed = check_figures(&summary, folder, err);
    summary_free(&summary);
    profile_free(&profile);
    breakages_free(&found);
    return failed ? -1 : 0;
}

/* The tables come from the record, read back: what is shown can be made again. */
static int report_folder(const char *folder, const char *reference, bool show,
                         struct err *err)
{
    struct run run;
    if (record_read(&run, folder, err) < 0)
        return -1;
    const struct run_server *against;
    int failed = find_reference(&against, &run, reference, err);
    if (failed == 0)
        failed = make_report(&run, folder, against, show, err);
    run_free(&run);
    return failed;
}

int command_show_report(const char *folder, const char *reference, struct err *err)
{
    return report_folder(folder, reference, true, err);
}

int command_write_report(const char *folder, struct err *err)
{
    return report_folder(folder, NULL, false, err);
}

struct options {
    const char *reference;
};

static const struct option_spec report_options[] = {
    {.name = "reference",
     .value = "SERVER",
     .kind = OPTION_TEXT,
     .where = offsetof(struct options, reference),
     .help = "that others are held against in the paired ratios"},
    {0}};

static int show_record(const char *folder, const char *reference, struct err *err)
{
    return command_show_report(folder, reference, err);
}

static int show_profile(const char *folder, const char *reference, struct err *err)
{
    (void)reference;
    return command_show_profile(folder, err);
}

static int show_limits(const char *folder, const char *reference, struct err *err)
{
    (void)reference;
    return command_show_limits(folder, err);
}

/* What a folder may hold, any or all of it; the run, whose page has the others, is last. */
static const struct kind {
    const char *file;
    int (*show)(const char *folder, const char *reference, struct err *err);
} kinds[] = {
    {STORE_NAME, show_profile}, {LIMITS_NAME, show_limits}, {RECORD_NAME, show_record}};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* The reason that is told is the first. A folder that holds none of them is said to lack a record. */
static int show_all(const char *folder, const char *reference, struct err *err)
{
    struct err later;
    int failed = 0;
    bool any = false;
    for (size_t i = 0; i < KINDS; i++)
        if (command_has_file(folder, kinds[i].file) || (!any && i == KINDS - 1)) {
            any = true;
            failed |= kinds[i].show(folder, reference, failed ? &later : err);
        }
    return failed;
}

static int report(int argc, char **argv)
{
    struct options options = {0};
    struct err err;
    int operands = command_options(&command_report, &options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    if (argc != operands + 1)
        return command_fail_usage("report takes one folder");
    return show_all(argv[operands], options.reference, &err) ? command_fail(1, &err) : 0;
}

const struct command command_report = {
    .name = "report",
    .what = "tables, pictures and page again, from the record",
    .arguments = "[OPTION...] DIR",
    .options = report_options,
    .more = "Example: abacus report results/latest\n",
    .unwritten = 1,
    .run = report};
