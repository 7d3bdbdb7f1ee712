/* plots.c - the pictures of a run: the list of them, and drawing them with gnuplot.
 * SPDX-License-Identifier: MIT */
#include "report/plots.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "render/gnuplot.h"
#include "report/plot_data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct plot plots[PLOT_COUNT] = {
    {
        .name = "cost",
        .title = "What a request costs",
        .caption =
            "Each server's CPU time per request, all loads together, with its 95 % "
            "interval, on a logarithmic scale. Servers that share a letter do not "
            "differ significantly.",
        .needs = "a load whose rate is given",
        .applies = costs_asked,
        .write = cost_write,
    },
    {
        .name = "knee",
        .title = "The highest rate in time",
        .caption =
            "For each server the highest rate of requests of which 99 % are still "
            "answered within the bound, with its 95 % interval, on a logarithmic scale. "
            "≥: pace was the limit. Servers that share a letter do not differ "
            "significantly.",
        .needs = "a load with slo: suite knee",
        .applies = knees_apply,
        .write = knee_write,
    },
    {
        .name = "ladders",
        .title = "As the load grows",
        .caption =
            "CPU time per request, and the time within which 99 % of the requests were "
            "served, a line for each server, against what grows from load to load: the "
            "connections at a time, the rate of requests, or the idle connections beside "
            "them. Points with a white centre were limited by the load tool.",
        .needs = "three loads that differ in one of these only",
        .applies = ladders_plotted,
        .write = ladders_plot,
    },
    {
        .name = "paired-ratios",
        .title = "Paired ratios",
        .caption =
            "For each load, each server's CPU time per request and requests per second "
            "as "
            "a ratio to one server, paired by block, with 95 % intervals. Filled points "
            "differ significantly from it, hollow ones do not; the grey band is the "
            "noise "
            "floor.",
        .needs = "at least two servers with figures",
        .applies = ratios_apply,
        .write = ratios_write,
    },
    {
        .name = "cpu-per-request",
        .title = "CPU time per request",
        .caption =
            "For each load, the servers' CPU time per request as bars, sorted; whiskers "
            "show the 95 % interval. The grey band around each bar's end is the noise "
            "floor: no smaller difference is claimed.",
        .needs = "a load whose rate is given",
        .applies = costs_asked,
        .write = bars_write_cpu,
    },
    {
        .name = "requests-per-second",
        .title = "Requests per second",
        .caption =
            "For each load, the servers' requests per second as bars, the median of the "
            "whole trials, sorted; whiskers show the range. Where the load tool was the "
            "limit, a hatched bar shows what one core could serve, computed from the CPU "
            "time per request.",
        .needs = "a load whose rate is given",
        .applies = costs_asked,
        .write = bars_write_rates,
    },
    {
        .name = "latency-percentiles",
        .title = "Latency percentiles",
        .caption =
            "For each load, the time within which 50 to 99 % of the requests were "
            "served, and the longest of all trials, a line for each server, on a "
            "logarithmic scale. Where the kernel sent a lost packet again, its retry "
            "times are marked.",
        .needs = "a load tool that gives percentiles",
        .applies = times_apply,
        .write = times_write_percentiles,
    },
    {
        .name = "spectrum",
        .title = "Percentiles at equal rates",
        .caption =
            "For each rate, the time within which 50, 99 and 99.9 % of the requests were "
            "served, and the longest, from the moment when each was due: a line for each "
            "server, on a logarithmic scale.",
        .needs = "loads with a rate",
        .applies = times_paced,
        .write = times_write_paced,
    },
    {
        .name = "sorted-times",
        .title = "All requests, from the fastest to the slowest",
        .caption =
            "For each load, the time of a request against the share of the requests "
            "that were as fast, a line for each server, on a logarithmic scale.",
        .needs = "a load tool that gives percentiles",
        .applies = times_apply,
        .write = times_write_sorted,
    },
    {
        .name = "accepts",
        .title = "Within a trial",
        .caption =
            "For each server and load, the connections accepted in each tenth of a "
            "second of a trial: a line for the trial nearest the median, and a band "
            "from the lowest to the highest of all trials. A steady server is a "
            "level line; a stall touches zero.",
        .needs = "trials longer than 0.2 s that make a connection for each request",
        .applies = accepts_apply,
        .write = accepts_write,
    },
};

/* The pictures being drawn, and what went wrong so far. */
struct drawer {
    const char *folder, *scripts;
    const struct report *report;
    bool gnuplot_works;
    int failures;
    struct err first;
};

static void note_failure(struct drawer *drawer, const struct err *err)
{
    if (drawer->failures++ == 0)
        drawer->first = *err;
}

static void remove_file(const char *folder, const char *name, const char *extension)
{
    char *path = alloc_format("%s/%s.%s", folder, name, extension);
    unlink(path);
    free(path);
}

static void remove_files(const char *folder, const char *name)
{
    remove_file(folder, name, "dat");
    remove_file(folder, name, "svg");
}

static int write_data(const struct drawer *drawer, const struct plot *plot,
                      struct err *err)
{
    struct outfile file;
    char *name = alloc_format("%s.dat", plot->name);
    int failed = outfile_open(&file, drawer->folder, name, err);
    free(name);
    if (failed)
        return -1;
    plot->write(file.stream, drawer->report);
    return outfile_close(&file, err);
}

static void draw(struct drawer *drawer, const struct plot *plot)
{
    struct err err;
    enum drawing drawing =
        gnuplot_render(drawer->folder, drawer->scripts, plot->name, plot->caption, &err);
    if (drawing != DRAWING_DONE)
        note_failure(drawer, &err);
    drawer->gnuplot_works = drawing != DRAWING_CANNOT;
}

static void render(struct drawer *drawer, const struct plot *plot)
{
    struct err err;
    remove_files(drawer->folder, plot->name);
    if (plot->applies && !plot->applies(drawer->report))
        return;
    if (write_data(drawer, plot, &err) < 0)
        note_failure(drawer, &err);
    else if (drawer->gnuplot_works)
        draw(drawer, plot);
}

static int failures_tell(const struct drawer *drawer, struct err *err)
{
    if (drawer->failures > 1)
        return err_set(err, "%.440s (and %d plot%s more)", drawer->first.text,
                       drawer->failures - 1, drawer->failures == 2 ? "" : "s");
    *err = drawer->first;
    return drawer->failures ? -1 : 0;
}

int plots_render(const struct report *report, const char *scripts, struct err *err)
{
    char *folder = alloc_format("%s/plots", report->directory);
    struct drawer drawer = {
        .folder = folder,
        .scripts = scripts,
        .report = report,
        .gnuplot_works = true,
    };
    bool there = mkdir(folder, 0777) == 0 || errno == EEXIST;
    if (!there) {
        err_set(&drawer.first, "%s: cannot make: %s", folder, strerror(errno));
        drawer.failures = 1;
    }
    for (size_t i = 0; there && i < PLOT_COUNT; i++)
        render(&drawer, &plots[i]);
    free(folder);
    return failures_tell(&drawer, err);
}
