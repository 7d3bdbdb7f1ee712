/* tool_h2load.c - h2load over HTTP/1.1: its arguments, what it prints, and its log of requests.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/number.h"
#include "host/proc.h"
#include "load/printout.h"
#include "load/tool.h"
#include "stats/stats.h"

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* ---- the log: how long each single request took ---- */

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

/* Fills the percentiles and the total time of `result`, whose `complete` says how many requests
 * the log must have. The log is then replaced by the table of percentiles that ab -e would have
 * written: it has 26 bytes for each request, and nothing else is made of it. 0; or -1 with the
 * reason, the log then staying as it is. */
static int request_log_take(struct tool_result *result, const char *path, struct err *err)
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

/* ---- the tool ---- */

/* One thread, as ab has one. The name that it gives itself is without its version, so that a
 * page that shows it is as long with every version. */
static void command_begin(struct tool_command *command, const struct load *load,
                          long requests, long concurrency)
{
    *command = (struct tool_command){0};
    tool_command_add(command, alloc_copy("h2load"));
    tool_command_add(command, alloc_copy("--h1"));
    tool_command_add(command, alloc_copy("-t1"));
    tool_command_add(command, alloc_copy("-n"));
    tool_command_add(command, alloc_format("%ld", requests));
    tool_command_add(command, alloc_copy("-c"));
    tool_command_add(command, alloc_format("%ld", concurrency));
    tool_command_add(command, alloc_copy("-N"));
    tool_command_add(command, alloc_format("%ds", load->timeout));
    tool_command_add(command, alloc_copy("-H"));
    tool_command_add(command, alloc_copy("User-Agent: h2load"));
    if (!load->keepalive) {
        tool_command_add(command, alloc_copy("-H"));
        tool_command_add(command, alloc_copy("Connection: close"));
    }
}

/* The log costs h2load one write(2) for each request, a few per cent of its time, and is the
 * only way to a percentile. */
static void h2load_command(struct tool_command *command, const struct load *load,
                           const char *host, int port, const char *table_path)
{
    command_begin(command, load, load->requests, load->concurrency);
    tool_command_add(command, alloc_format("--log-file=%s", table_path));
    tool_command_add(command, alloc_format("http://%s:%d%s", host, port, load->path));
}

/* Like ab it refuses more connections than requests. */
static void h2load_brief(struct tool_command *command, const struct load *load,
                         long requests, const char *host, int port)
{
    long concurrency = load->concurrency < requests ? load->concurrency : requests;
    command_begin(command, load, requests, concurrency);
    tool_command_add(command, alloc_format("http://%s:%d%s", host, port, load->path));
}

static char *h2load_request(const struct load *load, const char *host, int port)
{
    return alloc_format("GET %s HTTP/1.1\r\nHost: %s:%d\r\nuser-agent: h2load\r\n%s\r\n",
                        load->path, host, port,
                        load->keepalive ? "" : "connection: close\r\n");
}

/* Unless it refuses its arguments, h2load ends with status 0 whatever happened. */
static int end_check(const struct printout *printout, int wait_status, struct err *err)
{
    if (!WIFEXITED(wait_status))
        return err_set(err, "h2load was %s", proc_status_text(wait_status));
    if (WEXITSTATUS(wait_status) == 0)
        return 0;
    const char *said = printout_line(printout, "-", "");
    return err_set(err, "h2load ended with status %d, it could not begin: %s",
                   WEXITSTATUS(wait_status), said ? said : "it gave no reason");
}

static int missing(struct err *err, const char *label)
{
    return err_set(
        err,
        "h2load's printout has no usable line \"%s\": it was cut off, or this is "
        "a version of h2load that abacus does not know",
        label);
}

/* One number of a line of many: "…, 170 done, …". */
struct count {
    const char *unit;
    long *value;
};

/* Reads a line that has these numbers, each with its unit, in this order. */
static int counts_read(const struct printout *printout, const char *label,
                       const struct count *counts, size_t n, struct err *err)
{
    char text[160];
    char *words[16];
    if (!printout_value(printout, label, "", text, sizeof text) ||
        printout_words(text, words, 16) != 2 * n)
        return missing(err, label);
    for (size_t i = 0; i < n; i++)
        if (!number_long(counts[i].value, words[2 * i], 0, LONG_MAX) ||
            strcmp(words[2 * i + 1], counts[i].unit) != 0)
            return missing(err, label);
    return 0;
}

/* "requests: 200 total, 173 started, 170 done, 170 succeeded, 30 failed, 30 errored, 0 timeout":
 * failed are those with a status of 4xx or 5xx, too; errored those that had no reply, in time
 * or at all. h2load does not ask again for what a server that died or closed owed it. */
static int requests_read(struct tool_result *result, const struct load *load,
                         const struct printout *printout, struct err *err)
{
    long total = 0, started = 0, succeeded = 0, failed = 0, errored = 0, late = 0;
    const struct count counts[] = {
        {"total", &total},         {"started", &started}, {"done", &result->complete},
        {"succeeded", &succeeded}, {"failed", &failed},   {"errored", &errored},
        {"timeout", &late},
    };
    if (counts_read(printout, "requests:", counts, sizeof counts / sizeof *counts, err) <
        0)
        return -1;
    if (result->complete != load->requests)
        return err_set(
            err,
            "h2load completed %ld of %ld requests: %ld had no reply, and %ld of "
            "these because the time was up",
            result->complete, load->requests, errored, late);
    result->failed = errored;
    if (errored > 0)
        snprintf(result->failures, sizeof result->failures, "errored %ld, timeout %ld",
                 errored, late);
    return 0;
}

static int statuses_read(struct tool_result *result, const struct printout *printout,
                         struct err *err)
{
    long fine = 0, moved = 0, refused = 0, broken = 0;
    const struct count counts[] = {
        {"2xx", &fine}, {"3xx", &moved}, {"4xx", &refused}, {"5xx", &broken}};
    if (counts_read(printout, "status codes:", counts, 4, err) < 0)
        return -1;
    result->non_2xx = moved + refused + broken;
    return 0;
}

/* The number in brackets in "17.97KB (18400) total". */
static bool bytes_read(long *bytes, const char *word)
{
    char digits[32];
    size_t length = strlen(word);
    if (length < 3 || length > sizeof digits || word[0] != '(' || word[length - 1] != ')')
        return false;
    snprintf(digits, sizeof digits, "%.*s", (int)length - 2, word + 1);
    return number_long(bytes, digits, 0, LONG_MAX);
}

/* "traffic: 17.97KB (18400) total, 10.16KB (10400) headers (space savings 0.00%), 2.54KB
 * (2600) data". The total is 0 where connections are closed: h2load forgets what a connection
 * brought when it is opened again. */
static int traffic_read(struct tool_result *result, const struct printout *printout,
                        struct err *err)
{
    static const char label[] = "traffic:";
    char text[160];
    char *words[12];
    long total = 0;
    if (!printout_value(printout, label, " data", text, sizeof text) ||
        printout_words(text, words, 12) != 11 || !bytes_read(&total, words[1]) ||
        !bytes_read(&result->body_bytes, words[10]))
        return missing(err, label);
    result->total_bytes = total > 0 ? total : -1;
    return 0;
}

/* "finished in 184.41ms, 108456.93 req/s, 9.52MB/s": of the three only the rate has all its
 * digits. */
static int rate_read(struct tool_result *result, const struct load *load,
                     const struct printout *printout, struct err *err)
{
    static const char label[] = "finished in";
    char text[96];
    char *words[4];
    if (!printout_value(printout, label, "/s", text, sizeof text) ||
        printout_words(text, words, 4) != 4 || strcmp(words[2], "req/s") != 0 ||
        !number_double(&result->requests_per_second, words[1], DBL_MIN, DBL_MAX))
        return missing(err, label);
    result->seconds = (double)result->complete / result->requests_per_second;
    result->time_per_request_ms =
        load->concurrency * 1000.0 / result->requests_per_second;
    if (result->total_bytes >= 0)
        result->kilobytes_per_second =
            (double)result->total_bytes / 1024 / result->seconds;
    return 0;
}

/* h2load's last lines are of connections, and say nothing of requests; but without the last of
 * them the file is not whole. */
static int printout_parse(struct tool_result *result, const struct load *load,
                          const struct printout *printout, struct err *err)
{
    if (requests_read(result, load, printout, err) < 0 ||
        statuses_read(result, printout, err) < 0 ||
        traffic_read(result, printout, err) < 0 ||
        rate_read(result, load, printout, err) < 0)
        return -1;
    return printout_line(printout, "req/s", "%") ? 0 : missing(err, "req/s");
}

/* "h2load nghttp2/1.52.0" */
static void h2load_version(char *version, size_t size, const char *printed)
{
    tool_version_between(version, size, printed, "nghttp2/", "\n");
}

const struct tool tool_h2load = {
    .name = "h2load",
    .package = "nghttp2-client",
    .timed = false,
    .keeps = true,
    .command = h2load_command,
    .brief = h2load_brief,
    .request = h2load_request,
    .end = end_check,
    .figures = printout_parse,
    .table = request_log_take,
    .version_option = "--version",
    .version = h2load_version,
};
