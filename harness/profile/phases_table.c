/* phases_table.c - the tables and the plot of a request's phases.
 * SPDX-License-Identifier: MIT */
#include "profile/phases.h"

#include "profile/part.h"
#include "profile/profile.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <math.h>

/* The sum of the phases may differ so much from the CPU time that was measured meanwhile. */
static const double SUM_TOLERANCE = 0.10;

static bool is_traced(const json_t *data)
{
    return isfinite(profile_number(data, "sum"));
}

static void write_phase_rows(struct grid *grid, const struct profile *profile)
{
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const struct portrait *portrait = &profile->portraits[i];
        const json_t *data = profile_part(portrait, &part_phases);
        if (!data)
            continue;
        grid_add(grid, "%s", name_label(portrait->server.name).text);
        for (int phase = 0; phase < PHASES; phase++)
            grid_add(grid, "%s", profile_figure(phases_us(data, (enum phase)phase)).text);
    }
}

static void write_phases(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.group = "µs of CPU", .head = "accept", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "read", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "handler", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "write", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "body", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "close", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "child", .align = ALIGN_RIGHT},
        {.group = "µs of CPU", .head = "other", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    write_phase_rows(&grid, profile);
    grid_write(&grid, page);
    grid_free(&grid);
}

static void add_check(struct grid *grid, const char *server, const json_t *data)
{
    double ratio = profile_number(data, "sum") / profile_number(data, "traced_cpu");
    grid_add(grid, "%s", name_label(server).text);
    grid_add(grid, "%s", profile_figure(profile_number(data, "sum")).text);
    grid_add(grid, "%s", profile_figure(profile_number(data, "traced_cpu")).text);
    grid_add(grid, "%s %%%s", figure_change(ratio).text,
             fabs(ratio - 1) > SUM_TOLERANCE ? " (too much)" : "");
    grid_add(grid, "%s", profile_figure(profile_number(data, "cpu")).text);
    grid_add(grid, "%s", profile_figure(profile_number(data, "wait")).text);
    grid_add(grid, "%s", profile_figure(profile_number(data, "delay")).text);
    grid_add(grid, "%s", profile_figure(profile_number(data, "calls")).text);
}

/* The sum beside what the kernel charged meanwhile, and what tracing adds. */
static void write_check(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.group = "CPU µs while traced", .head = "sum", .align = ALIGN_RIGHT},
        {.group = "CPU µs while traced", .head = "charged", .align = ALIGN_RIGHT},
        {.group = "CPU µs while traced", .head = "differs by", .align = ALIGN_RIGHT},
        {.group = "untraced", .head = "CPU µs", .align = ALIGN_RIGHT},
        {.group = "off the CPU, µs", .head = "asleep", .align = ALIGN_RIGHT},
        {.group = "off the CPU, µs", .head = "waiting for it", .align = ALIGN_RIGHT},
        {.head = "system calls", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const json_t *data = profile_part(&profile->portraits[i], &part_phases);
        if (is_traced(data))
            add_check(&grid, profile->portraits[i].server.name, data);
    }
    if (grid.cell_count > 0) {
        page_text(
            page,
            "Do they add up? The sum of the phases, and the CPU time that the "
            "kernel charged to the server meanwhile; tracing itself makes a "
            "request dearer than the untraced one. What a server waited for "
            "is not in the phases: asleep, for clients mostly, and ready to "
            "run while another process had the CPU. The processes of a server "
            "with several wait side by side, and so longer than the clock. The system "
            "calls are counted at full speed, those that a signal cut short twice.");
        grid_write(&grid, page);
    }
    grid_free(&grid);
}

static void write_fallback(struct page *page, const struct portrait *portrait)
{
    const json_t *data = profile_part(portrait, &part_phases);
    const char *why = json_string_value(json_object_get(data, "untraced"));
    if (data && why)
        page_item(
            page,
            "%s: by strace, since %s. Its CPU time is divided as strace saw the "
            "time of the system calls: shares, and nothing is known of the handler.",
            name_label(portrait->server.name).text, why);
}

void phases_write(struct page *page, const struct profile *profile)
{
    page_text(
        page,
        "At ab -c 100, from the server's system calls, whose times bpftrace sums in "
        "the kernel. User-space time counts to the call that it leads to; between a "
        "read and the next other call it is the handler's, which here includes the "
        "parsing of the request. The page faults of user space are in it, too: a child "
        "copies its parent's pages as it writes to them. body: what is written behind a "
        "first write. A last reply that waits for the end of the stream (MSG_MORE) is "
        "sent "
        "by TCP in shutdown, which counts as close, and its write only copies it.");
    write_phases(page, profile);
    for (size_t i = 0; i < profile->portrait_count; i++)
        write_fallback(page, &profile->portraits[i]);
    write_check(page, profile);
}

/* ---- as data ---- */

void phases_write_csv(FILE *out, const struct profile *profile)
{
    static const char *const more[] = {"cpu", "sum", "traced_cpu", "wait", "delay"};
    fputs("server,tool", out);
    for (int phase = 0; phase < PHASES; phase++)
        fprintf(out, ",%s_us", phase_key((enum phase)phase));
    fputs(",cpu_us,sum_us,traced_cpu_us,wait_us,delay_us\n", out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const json_t *data = profile_part(&profile->portraits[i], &part_phases);
        const char *tool = json_string_value(json_object_get(data, "tool"));
        if (!data)
            continue;
        profile_csv_text(out, profile->portraits[i].server.name);
        fprintf(out, ",%s", tool ? tool : "");
        for (int phase = 0; phase < PHASES; phase++)
            profile_csv_number(out, phases_us(data, (enum phase)phase));
        for (size_t m = 0; m < sizeof more / sizeof *more; m++)
            profile_csv_number(out, profile_number(data, more[m]));
        fputc('\n', out);
    }
}

void phases_write_bars(FILE *out, const struct profile *profile)
{
    fputs("server", out);
    for (int phase = 0; phase < PHASES; phase++) {
        fputc('\t', out);
        profile_plot_text(out, phase_name((enum phase)phase));
    }
    fputc('\n', out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const json_t *data = profile_part(&profile->portraits[i], &part_phases);
        if (!data)
            continue;
        profile_plot_text(out, name_label(profile->portraits[i].server.name).text);
        for (int phase = 0; phase < PHASES; phase++) {
            double us = phases_us(data, (enum phase)phase);
            fprintf(out, "\t%.3f", isfinite(us) ? us : 0);
        }
        fputc('\n', out);
    }
}
