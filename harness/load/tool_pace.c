/* tool_pace.c - pace, our own: its arguments, and the JSON object that it prints.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "host/proc.h"
#include "load/printout.h"
#include "load/tool.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* It lies beside abacus, where it is found as other tools are: by PATH. */
static void command_make(struct tool_command *command, const struct load *load,
                         long requests, const char *host, int port)
{
    *command = (struct tool_command){0};
    tool_command_add(command, alloc_copy("pace"));
    tool_command_add(command, alloc_copy("--json"));
    tool_command_add(command, alloc_copy("-c"));
    tool_command_add(command, alloc_format("%d", load->concurrency));
    tool_command_add(command, alloc_copy("-n"));
    tool_command_add(command, alloc_format("%ld", requests));
    if (load->rate > 0) {
        tool_command_add(command, alloc_copy("-R"));
        tool_command_add(command, alloc_format("%d", load->rate));
    }
    tool_command_add(command, alloc_copy("--timeout"));
    tool_command_add(command, alloc_format("%ds", load->timeout));
    if (!load->keepalive)
        tool_command_add(command, alloc_copy("--disable-keepalive"));
    tool_command_add(command, alloc_format("http://%s:%d%s", host, port, load->path));
}

static void pace_command(struct tool_command *command, const struct load *load,
                         const char *host, int port, const char *table_path)
{
    (void)table_path; /* all is in what it prints */
    command_make(command, load, load->requests, host, port);
}

static char *pace_request(const struct load *load, const char *host, int port)
{
    return alloc_format("GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s\r\n", load->path, host,
                        port, load->keepalive ? "" : "Connection: close\r\n");
}

static int end_check(const struct printout *printout, int wait_status, struct err *err)
{
    if (!WIFEXITED(wait_status))
        return err_set(err, "pace was %s", proc_status_text(wait_status));
    if (WEXITSTATUS(wait_status) == 0)
        return 0;
    const char *said = printout_line(printout, "pace: ", "");
    return err_set(err, "pace ended with status %d: %s", WEXITSTATUS(wait_status),
                   said ? said + strlen("pace: ") : "it gave no reason");
}

/* ---- the object ---- */

static double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static long count(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? (long)json_integer_value(value) : -1;
}

/* "reset 12, timeout 3": those kinds that there were. */
static void failures_read(struct tool_result *result, json_t *failures)
{
    const char *name;
    json_t *value;
    size_t used = 0;
    json_object_foreach(failures, name, value)
    {
        size_t room = sizeof result->failures - used;
        if (json_integer_value(value) > 0 && room > 1)
            used += (size_t)snprintf(result->failures + used, room, "%s%s %lld",
                                     used ? ", " : "", name,
                                     (long long)json_integer_value(value));
        used = used < sizeof result->failures ? used : sizeof result->failures - 1;
    }
}

static int times_read(struct tool_result *result, const json_t *times)
{
    const json_t *percentiles = json_object_get(times, "percentiles");
    if (json_array_size(percentiles) != PERCENTILES)
        return -1;
    for (size_t p = 0; p < PERCENTILES; p++)
        result->percentile_ms[p] = json_number_value(json_array_get(percentiles, p));
    result->p999_ms = number(times, "p99.9");
    result->total = (struct connection_time){
        .min = result->percentile_ms[0],
        .mean = number(times, "mean"),
        .sd = number(times, "sd"),
        .median = result->percentile_ms[50],
        .max = result->percentile_ms[100],
    };
    result->time_per_request_ms = result->total.mean;
    return 0;
}

/* Those that failed count as complete, as with ab: the judge looks at both. */
static int object_read(struct tool_result *result, const struct load *load,
                       const json_t *object)
{
    long failed = count(object, "failed"), kept = count(object, "kept");
    long complete = count(object, "complete");
    result->seconds = number(object, "seconds");
    result->requests_per_second = number(object, "requests_per_second");
    result->total_bytes = count(object, "bytes");
    result->body_bytes = count(object, "body_bytes");
    result->document_length = count(object, "document_bytes");
    if (!(result->seconds > 0) || failed < 0 || complete < 0 || kept < 0)
        return -1;
    result->failed = failed;
    result->complete = complete + failed;
    result->non_2xx = result->write_errors = 0;
    result->keepalive = load->keepalive ? kept : -1;
    result->kilobytes_per_second = (double)result->total_bytes / 1024 / result->seconds;
    result->lateness_ms = number(json_object_get(object, "lateness_ms"), "p99");
    failures_read(result, json_object_get(object, "failures"));
    return times_read(result, json_object_get(object, "time_ms"));
}

static int printout_parse(struct tool_result *result, const struct load *load,
                          const struct printout *printout, struct err *err)
{
    const char *line = printout_line(printout, "{", "}");
    json_t *object = line ? json_loads(line, 0, NULL) : NULL;
    int failed = object ? object_read(result, load, object) : -1;
    json_decref(object);
    if (failed)
        return err_set(err,
                       "pace's printout has no usable object: it was cut off, or this "
                       "is another version of pace");
    if (result->complete < load->requests)
        return err_set(err, "pace completed %ld of %ld requests", result->complete,
                       load->requests);
    return 0;
}

/* "pace 2.0" */
static void pace_version(char *version, size_t size, const char *printed)
{
    tool_version_between(version, size, printed, "pace ", "\n");
}

const struct tool tool_pace = {
    .name = "pace",
    .package = "abacus",
    .keeps = true,
    .paced = true,
    .command = pace_command,
    .brief = command_make,
    .request = pace_request,
    .end = end_check,
    .figures = printout_parse,
    .version_option = "--version",
    .version = pace_version,
};
