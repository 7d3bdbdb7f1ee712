/* tool_ab.c - ApacheBench: its arguments, and what it prints.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/number.h"
#include "host/proc.h"
#include "load/printout.h"
#include "load/tool.h"

#include <float.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void command_begin(struct tool_command *command, const struct load *load,
                          long requests, long concurrency)
{
    *command = (struct tool_command){0};
    tool_command_add(command, alloc_copy("ab"));
    tool_command_add(command, alloc_copy("-q"));
    tool_command_add(command, alloc_copy("-n"));
    tool_command_add(command, alloc_format("%ld", requests));
    tool_command_add(command, alloc_copy("-c"));
    tool_command_add(command, alloc_format("%ld", concurrency));
    tool_command_add(command, alloc_copy("-s"));
    tool_command_add(command, alloc_format("%d", load->timeout));
    if (load->keepalive)
        tool_command_add(command, alloc_copy("-k"));
}

static void ab_command(struct tool_command *command, const struct load *load,
                       const char *host, int port, const char *table_path)
{
    command_begin(command, load, load->requests, load->concurrency);
    tool_command_add(command, alloc_copy("-e"));
    tool_command_add(command, alloc_copy(table_path));
    tool_command_add(command, alloc_format("http://%s:%d%s", host, port, load->path));
}

/* ab refuses more connections than requests. */
static void ab_brief(struct tool_command *command, const struct load *load, long requests,
                     const char *host, int port)
{
    long concurrency = load->concurrency < requests ? load->concurrency : requests;
    command_begin(command, load, requests, concurrency);
    tool_command_add(command, alloc_format("http://%s:%d%s", host, port, load->path));
}

static char *ab_request(const struct load *load, const char *host, int port)
{
    return alloc_format("GET %s HTTP/1.0\r\n%sHost: %s:%d\r\n"
                        "User-Agent: ApacheBench/2.3\r\nAccept: */*\r\n\r\n",
                        load->path, load->keepalive ? "Connection: Keep-Alive\r\n" : "",
                        host, port);
}

/* ab's exit status is the lowest byte of the APR status that it gave up on: an errno, or a
 * code of APR's own (70007, "the timeout specified has expired", is 119). */
static const struct meaning {
    int status;
    const char *text;
} meanings[] = {
    {1, "it was interrupted, or gave up"},
    {22, "it refused its arguments"},
    {24, "it had no file descriptors left: raise the limit (ulimit -n)"},
    {99, "no local port was free: closed connections hold them for a minute (TIME_WAIT); "
         "wait, or widen net.ipv4.ip_local_port_range"},
    {104, "a connection was reset: the server died, or closed with unread data"},
    {111, "a connection was refused: nothing listens there any more"},
    {119, "no connection made progress for as long as its -s allows"},
};

static const char *meaning_of(int status)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].status == status)
            return meanings[i].text;
    return "a status that abacus does not know";
}

/* What ab said before it gave up: mostly behind its line of progress, which has no newline
 * yet. */
static const char *last_words(const struct printout *printout)
{
    static const char progress[] = "(be patient)...";
    for (size_t i = 0; i < printout->count; i++) {
        const char *line = printout->lines[i];
        const char *said = strstr(line, progress);
        if (said && said[strlen(progress)] != '\0')
            return said + strlen(progress);
        if (strncmp(line, "ab: ", 4) == 0 || strncmp(line, "apr_", 4) == 0)
            return line;
    }
    return "it gave no reason";
}

static int end_check(const struct printout *printout, int wait_status, struct err *err)
{
    if (!WIFEXITED(wait_status))
        return err_set(err, "ab was %s", proc_status_text(wait_status));
    int status = WEXITSTATUS(wait_status);
    if (status == 0)
        return 0;
    return err_set(err, "ab ended with status %d, %s: %s", status, meaning_of(status),
                   last_words(printout));
}

enum kind {
    FIGURE,
    COUNT,
    COUNT_IF_ANY, /* ab prints the line only if the count is not 0 */
};

/* The lines that have one number each, in ab's order. "Time per request" occurs twice; the
 * text after the number tells which. */
static const struct field {
    const char *label;
    const char *unit;
    enum kind kind;
    size_t offset; /* in struct tool_result: a double for FIGURE, else a long */
} fields[] = {
    {"Document Length:", "bytes", COUNT, offsetof(struct tool_result, document_length)},
    {"Time taken for tests:", "seconds", FIGURE, offsetof(struct tool_result, seconds)},
    {"Complete requests:", "", COUNT, offsetof(struct tool_result, complete)},
    {"Failed requests:", "", COUNT, offsetof(struct tool_result, failed)},
    {"Write errors:", "", COUNT_IF_ANY, offsetof(struct tool_result, write_errors)},
    {"Non-2xx responses:", "", COUNT_IF_ANY, offsetof(struct tool_result, non_2xx)},
    {"Total transferred:", "bytes", COUNT, offsetof(struct tool_result, total_bytes)},
    {"HTML transferred:", "bytes", COUNT, offsetof(struct tool_result, body_bytes)},
    {"Requests per second:", "[#/sec] (mean)", FIGURE,
     offsetof(struct tool_result, requests_per_second)},
    {"Time per request:", "[ms] (mean)", FIGURE,
     offsetof(struct tool_result, time_per_request_ms)},
    {"Transfer rate:", "[Kbytes/sec] received", FIGURE,
     offsetof(struct tool_result, kilobytes_per_second)},
};

static bool number_read(struct tool_result *result, const struct field *field,
                        const char *text)
{
    char *number = (char *)result + field->offset;
    if (field->kind == FIGURE)
        return number_double((double *)number, text, 0, DBL_MAX);
    return number_long((long *)number, text, 0, LONG_MAX);
}

static int missing(struct err *err, const char *label)
{
    return err_set(
        err,
        "ab's printout has no usable line \"%s\": it was cut off, or this is a "
        "version of ab that abacus does not know",
        label);
}

static int field_read(struct tool_result *result, const struct field *field,
                      const struct printout *printout, struct err *err)
{
    char text[64] = "0";
    bool none = field->kind == COUNT_IF_ANY && !printout_line(printout, field->label, "");
    if (!none && !printout_value(printout, field->label, field->unit, text, sizeof text))
        return missing(err, field->label);
    return number_read(result, field, text) ? 0 : missing(err, field->label);
}

static int fields_read(struct tool_result *result, const struct printout *printout,
                       struct err *err)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (field_read(result, &fields[i], printout, err) < 0)
            return -1;
    return 0;
}

/* The line under "Failed requests", "(Connect: 0, …)", that is there only if some failed. */
static int failures_read(struct tool_result *result, const struct printout *printout,
                         struct err *err)
{
    if (result->failed == 0)
        return 0;
    if (!printout_value(printout, "(", ")", result->failures, sizeof result->failures))
        return missing(err, "(Connect: …)");
    return 0;
}

static int keepalive_read(struct tool_result *result, const struct load *load,
                          const struct printout *printout, struct err *err)
{
    static const struct field field = {
        .label = "Keep-Alive requests:",
        .unit = "",
        .kind = COUNT,
        .offset = offsetof(struct tool_result, keepalive),
    };
    return load->keepalive ? field_read(result, &field, printout, err) : 0;
}

static bool row_read(struct connection_time *row, char *text)
{
    char *words[5];
    double *columns[] = {&row->min, &row->mean, &row->sd, &row->median, &row->max};
    if (printout_words(text, words, 5) != 5)
        return false;
    for (size_t i = 0; i < 5; i++)
        if (!number_double(columns[i], words[i], 0, DBL_MAX))
            return false;
    return true;
}

/* The table "Connection Times (ms)". */
static int rows_read(struct tool_result *result, const struct printout *printout,
                     struct err *err)
{
    const struct {
        const char *label;
        struct connection_time *row;
    } rows[] = {
        {"Connect:", &result->connect},
        {"Processing:", &result->processing},
        {"Waiting:", &result->waiting},
        {"Total:", &result->total},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        if (!printout_value(printout, rows[i].label, "", text, sizeof text) ||
            !row_read(rows[i].row, text))
            return missing(err, rows[i].label);
    }
    return 0;
}

static int printout_parse(struct tool_result *result, const struct load *load,
                          const struct printout *printout, struct err *err)
{
    if (fields_read(result, printout, err) < 0 ||
        failures_read(result, printout, err) < 0 ||
        keepalive_read(result, load, printout, err) < 0 ||
        rows_read(result, printout, err) < 0)
        return -1;
    /* ab's last line: its percentiles are whole milliseconds and come from -e instead, but
     * without it the file is not whole. */
    if (!printout_line(printout, "100%", "(longest request)"))
        return missing(err, "100%");
    if (result->complete != load->requests)
        return err_set(err, "ab completed %ld of %ld requests", result->complete,
                       load->requests);
    return 0;
}

static bool percentile_read(struct tool_result *result, size_t percent, const char *line)
{
    char prefix[16];
    int length = snprintf(prefix, sizeof prefix, "%zu,", percent);
    return strncmp(line, prefix, (size_t)length) == 0 &&
           number_double(&result->percentile_ms[percent], line + length, 0, DBL_MAX);
}

/* Where the table begins among what was printed: behind the line that has its heading, or ends in
 * it. 0: it is not there. */
static size_t table_start(const struct printout *table, const char *heading)
{
    const char *line = printout_line(table, "", heading);
    size_t i = 0;
    while (line && table->lines[i++] != line)
        ;
    return i;
}

/* What -e wrote: a heading, then "0,0.226" to "100,0.694". */
static int table_parse(struct tool_result *result, const struct printout *table,
                       const char *path, struct err *err)
{
    static const char heading[] = "Percentage served,Time in ms";
    size_t start = table_start(table, heading);
    if (start == 0)
        return err_set(err, "%s: line %zu should be \"%s\"", path, table->count + 1,
                       heading);
    if (printout_negative(table))
        return err_set(err,
                       "ab says that a request took less than no time (%s): the clock "
                       "that it measures with was set back",
                       printout_negative(table));
    for (size_t i = 0; i < PERCENTILES; i++)
        if (start + i >= table->count ||
            !percentile_read(result, i, table->lines[start + i]))
            return err_set(err, "%s: line %zu is not the time of %zu %%", path,
                           start + i + 1, i);
    return 0;
}

static int table_read(struct tool_result *result, const char *path, struct err *err)
{
    struct printout table;
    if (printout_read(&table, path, err) < 0)
        return -1;
    int status = table_parse(result, &table, path, err);
    printout_free(&table);
    return status;
}

static void ab_version(char *version, size_t size, const char *printed)
{
    tool_version_between(version, size, printed, "Version ", " ");
}

const struct tool tool_ab = {
    .name = "ab",
    .package = "apache2-utils",
    .timed = false,
    .keeps = false,
    .command = ab_command,
    .brief = ab_brief,
    .request = ab_request,
    .end = end_check,
    .figures = printout_parse,
    .table = table_read,
    .prints_table = true,
    .version_option = "-V",
    .version = ab_version,
};
