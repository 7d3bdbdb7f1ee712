/* request_log.c - how long each single request took, as h2load logs it: from a line for each
 * to their percentiles.
 * SPDX-License-Identifier: MIT */
#include "load/request_log.h"

#include "base/alloc.h"
#include "base/number.h"
#include "stats/stats.h"

#include <errno.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "1795305559589937	200	267": when it began, its status, how long it took, in µs. More
 * columns may come in other versions. */
static bool duration_read(double *ms, const char *line)
{
    char status[8];
    char digits[24];
    if (sscanf(line, "%*[0-9]\t%7[-0-9]\t%23[0-9]", status, digits) != 2)
        return false;
    if (!number_double(ms, digits, 0, DBL_MAX))
        return false;
    *ms /= 1000;
    return true;
}

/* The requests' times, ms, in the order in which they ended. */
struct sample {
    double *ms; /* owned */
    size_t count, room;
};

static void sample_add(struct sample *sample, double ms)
{
    if (sample->count == sample->room) {
        sample->room = sample->room ? 2 * sample->room : 1024;
        sample->ms = alloc_resize(sample->ms, sample->room, sizeof *sample->ms);
    }
    sample->ms[sample->count++] = ms;
}

static int lines_read(struct sample *sample, FILE *log, const char *path, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    int status = 0;
    double ms;
    while (status == 0 && getline(&line, &size, log) > 0)
        if (duration_read(&ms, line))
            sample_add(sample, ms);
        else
            status =
                err_set(err, "%s: line %zu is not of a request", path, sample->count + 1);
    free(line);
    if (status == 0 && ferror(log))
        status = err_set(err, "cannot read %s: %s", path, strerror(errno));
    return status;
}

static int log_read(struct sample *sample, const char *path, struct err *err)
{
    FILE *log = fopen(path, "re");
    if (!log)
        return err_set(err, "cannot read %s: %s", path, strerror(errno));
    int status = lines_read(sample, log, path, err);
    fclose(log);
    return status;
}

/* A percentile is a time that a request really took, as with ab. */
static void times_take(struct tool_result *result, struct sample *sample)
{
    size_t n = sample->count;
    stats_sort(sample->ms, n);
    for (size_t p = 0; p < PERCENTILES; p++)
        result->percentile_ms[p] = sample->ms[p == 100 ? n - 1 : n * p / 100];
    result->total = (struct connection_time){
        .min = sample->ms[0],
        .mean = stats_mean(sample->ms, n),
        .sd = stats_sd(sample->ms, n),
        .median = result->percentile_ms[50],
        .max = sample->ms[n - 1],
    };
}

static int table_write(const struct tool_result *result, const char *path,
                       struct err *err)
{
    FILE *table = fopen(path, "we");
    if (!table)
        return err_set(err, "cannot write %s: %s", path, strerror(errno));
    fputs("Percentage served,Time in ms\n", table);
    for (size_t p = 0; p < PERCENTILES; p++)
        fprintf(table, "%zu,%.3f\n", p, result->percentile_ms[p]);
    bool failed = ferror(table) != 0;
    if (fclose(table) == EOF || failed)
        return err_set(err, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

int request_log_take(struct tool_result *result, const char *path, struct err *err)
{
    struct sample sample = {0};
    int status = log_read(&sample, path, err);
    if (status == 0 && (long)sample.count != result->complete)
        status = err_set(err, "%s has %zu requests, and the load tool completed %ld",
                         path, sample.count, result->complete);
    if (status == 0 && sample.count > 0) {
        times_take(result, &sample);
        status = table_write(result, path, err);
    }
    free(sample.ms);
    return status;
}
