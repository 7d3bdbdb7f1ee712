/* tool_wrk.c - wrk: its arguments, and what it prints.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/number.h"
#include "host/proc.h"
#include "load/printout.h"
#include "load/tool.h"

#include <float.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>

/* wrk keeps its connections unless it is told to close them. One thread, as ab has one. */
static void command_make(struct tool_command *command, const struct load *load,
                         double seconds, const char *host, int port)
{
    *command = (struct tool_command){0};
    tool_command_add(command, alloc_copy("wrk"));
    tool_command_add(command, alloc_copy("-t1"));
    tool_command_add(command, alloc_copy("-c"));
    tool_command_add(command, alloc_format("%d", load->concurrency));
    tool_command_add(command, alloc_copy("-d"));
    tool_command_add(command, alloc_format("%.0fs", seconds));
    tool_command_add(command, alloc_copy("--latency"));
    tool_command_add(command, alloc_copy("--timeout"));
    tool_command_add(command, alloc_format("%ds", load->timeout));
    if (!load->keepalive) {
        tool_command_add(command, alloc_copy("-H"));
        tool_command_add(command, alloc_copy("Connection: close"));
    }
    tool_command_add(command, alloc_format("http://%s:%d%s", host, port, load->path));
}

/* wrk writes no table of its own. */
static void wrk_command(struct tool_command *command, const struct load *load,
                        const char *host, int port, const char *table_path)
{
    (void)table_path;
    command_make(command, load, load->seconds, host, port);
}

static void wrk_brief(struct tool_command *command, const struct load *load,
                      long requests, const char *host, int port)
{
    (void)requests;
    command_make(command, load, 1, host, port);
}

static char *wrk_request(const struct load *load, const char *host, int port)
{
    return alloc_format("GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s\r\n", load->path, host,
                        port, load->keepalive ? "" : "Connection: close\r\n");
}

/* wrk ends with status 0 whatever happened, unless it could not begin. */
static int end_check(const struct printout *printout, int wait_status, struct err *err)
{
    if (!WIFEXITED(wait_status))
        return err_set(err, "wrk was %s", proc_status_text(wait_status));
    if (WEXITSTATUS(wait_status) == 0)
        return 0;
    const char *said = printout_line(printout, "unable to ", "");
    return err_set(err, "wrk ended with status %d, it could not begin: %s",
                   WEXITSTATUS(wait_status), said ? said : "it gave no reason");
}

static int missing(struct err *err, const char *label)
{
    return err_set(err,
                   "wrk's printout has no usable line \"%s\": it was cut off, or this is "
                   "a version of wrk that abacus does not know",
                   label);
}

/* wrk scales its figures to fit the column: "83.24us", "1.10s", "19.93MB". */
struct unit {
    const char *suffix;
    double factor;
};

static const struct unit milliseconds[] = {
    {"us", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {NULL, 0},
};

static const struct unit kilobytes[] = {
    {"KB", 1},
    {"MB", 1024.0},
    {"GB", 1024.0 * 1024},
    {"TB", 1024.0 * 1024 * 1024},
    {"B", 1.0 / 1024},
    {NULL, 0},
};

static bool quantity_read(double *value, char *text, const struct unit *units)
{
    size_t length = strcspn(text, "BKMGTusmh");
    for (const struct unit *unit = units; unit->suffix; unit++) {
        if (strcmp(text + length, unit->suffix) != 0)
            continue;
        text[length] = '\0';
        if (!number_double(value, text, 0, DBL_MAX))
            return false;
        *value *= unit->factor;
        return true;
    }
    return false;
}

/* "Latency   83.24us  212.06us   7.70ms   98.90%": mean, sd, and maximum. Before it prints,
 * wrk adds samples for the requests that a stall kept it from sending, so its latencies are
 * not what its clients saw alone, and are not comparable with ab's. */
static int latency_read(struct tool_result *result, const struct printout *printout,
                        struct err *err)
{
    char text[128];
    char *words[4];
    struct connection_time *total = &result->total;
    if (!printout_value(printout, "Latency ", "%", text, sizeof text) ||
        printout_words(text, words, 4) != 4 ||
        !quantity_read(&total->mean, words[0], milliseconds) ||
        !quantity_read(&total->sd, words[1], milliseconds) ||
        !quantity_read(&total->max, words[2], milliseconds))
        return missing(err, "Latency");
    result->percentile_ms[100] = total->max;
    return 0;
}

static int percentiles_read(struct tool_result *result, const struct printout *printout,
                            struct err *err)
{
    static const struct {
        const char *label;
        size_t percent;
    } rows[] = {{"50%", 50}, {"75%", 75}, {"90%", 90}, {"99%", 99}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        if (!printout_value(printout, rows[i].label, "", text, sizeof text) ||
            !quantity_read(&result->percentile_ms[rows[i].percent], text, milliseconds))
            return missing(err, rows[i].label);
    }
    result->total.median = result->percentile_ms[50];
    return 0;
}

/* "204933 requests in 2.10s, 19.93MB read". */
static int totals_read(struct tool_result *result, const struct printout *printout,
                       struct err *err)
{
    char text[128];
    char *words[5];
    double ms;
    if (!printout_value(printout, "", " read", text, sizeof text) ||
        printout_words(text, words, 5) != 5 || strcmp(words[1], "requests") != 0 ||
        !number_long(&result->complete, words[0], 0, LONG_MAX) ||
        !quantity_read(&ms, words[3], milliseconds))
        return missing(err, "… requests in …, … read");
    result->seconds = ms / 1000;
    if (result->complete == 0)
        return err_set(err, "wrk completed no request in %g s", result->seconds);
    return 0;
}

/* "Socket errors: connect 0, read 725, write 0, timeout 0": only if there are any. */
static int errors_read(struct tool_result *result, const struct printout *printout,
                       struct err *err)
{
    static const char label[] = "Socket errors:";
    result->failed = result->write_errors = 0;
    if (!printout_line(printout, label, ""))
        return 0;

    char text[sizeof result->failures];
    char *words[8];
    long counts[4];
    if (!printout_value(printout, label, "", text, sizeof text))
        return missing(err, label);
    memcpy(result->failures, text, sizeof text);
    if (printout_words(text, words, 8) != 8)
        return missing(err, label);
    for (size_t i = 0; i < 4; i++)
        if (!number_long(&counts[i], words[2 * i + 1], 0, LONG_MAX / 4))
            return missing(err, label);
    result->failed = counts[0] + counts[1] + counts[3];
    result->write_errors = counts[2];
    return 0;
}

static int non_2xx_read(struct tool_result *result, const struct printout *printout,
                        struct err *err)
{
    static const char label[] = "Non-2xx or 3xx responses:";
    char text[64];
    result->non_2xx = 0;
    if (!printout_line(printout, label, ""))
        return 0;
    if (!printout_value(printout, label, "", text, sizeof text) ||
        !number_long(&result->non_2xx, text, 0, LONG_MAX))
        return missing(err, label);
    return 0;
}

static int rates_read(struct tool_result *result, const struct load *load,
                      const struct printout *printout, struct err *err)
{
    char text[64];
    if (!printout_value(printout, "Requests/sec:", "", text, sizeof text) ||
        !number_double(&result->requests_per_second, text, DBL_MIN, DBL_MAX))
        return missing(err, "Requests/sec:");
    if (!printout_value(printout, "Transfer/sec:", "", text, sizeof text) ||
        !quantity_read(&result->kilobytes_per_second, text, kilobytes))
        return missing(err, "Transfer/sec:");
    result->time_per_request_ms =
        load->concurrency * 1000.0 / result->requests_per_second;
    return 0;
}

static int printout_parse(struct tool_result *result, const struct load *load,
                          const struct printout *printout, struct err *err)
{
    if (totals_read(result, printout, err) < 0 ||
        latency_read(result, printout, err) < 0 ||
        percentiles_read(result, printout, err) < 0 ||
        errors_read(result, printout, err) < 0 || non_2xx_read(result, printout, err) < 0)
        return -1;
    return rates_read(result, load, printout, err);
}

/* "wrk debian/4.1.0-3+b2 [epoll] Copyright …" */
static void wrk_version(char *version, size_t size, const char *printed)
{
    tool_version_between(version, size, printed, "wrk ", " [");
}

const struct tool tool_wrk = {
    .name = "wrk",
    .package = "wrk",
    .timed = true,
    .keeps = true,
    .command = wrk_command,
    .brief = wrk_brief,
    .request = wrk_request,
    .end = end_check,
    .figures = printout_parse,
    .version_option = "-v",
    .version = wrk_version,
};
