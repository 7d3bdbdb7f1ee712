/* trial_json.c - a trial as a JSON object and back.
 * SPDX-License-Identifier: MIT */
#include "model/trial_json.h"

#include "base/alloc.h"
#include "model/jsonl.h"

#include <math.h>
#include <string.h>

static const struct field trial_fields[] = {
    {"round", FIELD_INT, offsetof(struct trial, round)},
    {"reason", FIELD_OPTIONAL_TEXT, offsetof(struct trial, reason)},
    {"command", FIELD_OPTIONAL_TEXT, offsetof(struct trial, command)},
    {"raw", FIELD_OPTIONAL_TEXT, offsetof(struct trial, raw)},
    {"started_s", FIELD_DOUBLE, offsetof(struct trial, started_s)},
    {"ended_s", FIELD_DOUBLE, offsetof(struct trial, ended_s)},
    {"tool_wall_s", FIELD_DOUBLE, offsetof(struct trial, tool_wall_s)},
    {"server_cpu_s", FIELD_DOUBLE, offsetof(struct trial, server_cpu_s)},
    {"client_cpu_s", FIELD_DOUBLE, offsetof(struct trial, client_cpu_s)},
    {"harness_cpu_s", FIELD_DOUBLE, offsetof(struct trial, harness_cpu_s)},
    {"shared_core", FIELD_BOOL, offsetof(struct trial, shared_core)},
    {"server_cores", FIELD_DOUBLE, offsetof(struct trial, server_cores)},
    {"cpu_us_per_request", FIELD_DOUBLE, offsetof(struct trial, cpu_us_per_request)},
    {"server_busy", FIELD_DOUBLE, offsetof(struct trial, server_busy)},
    {"client_busy", FIELD_DOUBLE, offsetof(struct trial, client_busy)},
    {"client_delay_s", FIELD_DOUBLE, offsetof(struct trial, client_delay_s)},
    {NULL, FIELD_TEXT, 0},
};

static const struct field result_fields[] = {
    {"seconds", FIELD_DOUBLE, offsetof(struct tool_result, seconds)},
    {"requests_per_second", FIELD_DOUBLE,
     offsetof(struct tool_result, requests_per_second)},
    {"time_per_request_ms", FIELD_DOUBLE,
     offsetof(struct tool_result, time_per_request_ms)},
    {"kilobytes_per_second", FIELD_DOUBLE,
     offsetof(struct tool_result, kilobytes_per_second)},
    {"complete", FIELD_LONG, offsetof(struct tool_result, complete)},
    {"failed", FIELD_LONG, offsetof(struct tool_result, failed)},
    {"non_2xx", FIELD_LONG, offsetof(struct tool_result, non_2xx)},
    {"write_errors", FIELD_LONG, offsetof(struct tool_result, write_errors)},
    {"keepalive", FIELD_LONG, offsetof(struct tool_result, keepalive)},
    {"document_length", FIELD_LONG, offsetof(struct tool_result, document_length)},
    {"total_bytes", FIELD_LONG, offsetof(struct tool_result, total_bytes)},
    {"body_bytes", FIELD_LONG, offsetof(struct tool_result, body_bytes)},
    {"p999_ms", FIELD_OPTIONAL_DOUBLE, offsetof(struct tool_result, p999_ms)},
    {"lateness_ms", FIELD_OPTIONAL_DOUBLE, offsetof(struct tool_result, lateness_ms)},
    {NULL, FIELD_TEXT, 0},
};

static const struct field time_fields[] = {
    {"min", FIELD_DOUBLE, offsetof(struct connection_time, min)},
    {"mean", FIELD_DOUBLE, offsetof(struct connection_time, mean)},
    {"sd", FIELD_DOUBLE, offsetof(struct connection_time, sd)},
    {"median", FIELD_DOUBLE, offsetof(struct connection_time, median)},
    {"max", FIELD_DOUBLE, offsetof(struct connection_time, max)},
    {NULL, FIELD_TEXT, 0},
};

/* The kernel's counters; one that is not there is not known: older records lack some. */
static const struct field *counter_fields(void)
{
    static struct field fields[COUNTERS + 1];
    for (size_t i = 0; i < COUNTERS; i++)
        fields[i] = (struct field){counter_members[i].name, FIELD_OPTIONAL_DOUBLE,
                                   counter_members[i].offset};
    return fields;
}

/* ---- writing ---- */

static json_t *result_to_json(const struct tool_result *result)
{
    json_t *json = fields_to_json(result_fields, result);
    json_object_set_new(json, "connect", fields_to_json(time_fields, &result->connect));
    json_object_set_new(json, "processing",
                        fields_to_json(time_fields, &result->processing));
    json_object_set_new(json, "waiting", fields_to_json(time_fields, &result->waiting));
    json_object_set_new(json, "total", fields_to_json(time_fields, &result->total));
    json_t *percentiles = json_array();
    for (int i = 0; i < PERCENTILES; i++)
        json_array_append_new(percentiles, fields_number(result->percentile_ms[i]));
    json_object_set_new(json, "percentile_ms", percentiles);
    return json;
}

static json_t *accepts_to_json(const struct trial *trial)
{
    json_t *array = json_array();
    for (size_t i = 0; i < trial->accept_count; i++)
        json_array_append_new(array, fields_number(trial->accepts[i]));
    return array;
}

static json_t *remarks_to_json(const struct trial *trial)
{
    json_t *array = json_array();
    for (size_t i = 0; i < trial->remark_count; i++) {
        json_t *remark = json_object();
        json_object_set_new(remark, "rule", fields_text(trial->remarks[i].rule));
        json_object_set_new(
            remark, "verdict",
            json_string(verdict_name((enum verdict)trial->remarks[i].consequence)));
        json_object_set_new(remark, "value", fields_number(trial->remarks[i].value));
        json_object_set_new(remark, "limit", fields_number(trial->remarks[i].limit));
        json_array_append_new(array, remark);
    }
    return array;
}

json_t *trial_to_json(const struct run *run, const struct trial *trial)
{
    json_t *json = fields_to_json(trial_fields, trial);
    json_object_set_new(json, "server", fields_text(trial_server(run, trial)->name));
    json_object_set_new(json, "load", fields_text(trial_load(run, trial)->name));
    json_object_set_new(json, "verdict", json_string(verdict_name(trial->verdict)));
    json_object_set_new(json, "bound", json_string(bound_name(trial->bound)));
    json_object_set_new(json, "counters",
                        fields_to_json(counter_fields(), &trial->counters));
    json_object_set_new(json, "accepts", accepts_to_json(trial));
    json_object_set_new(json, "remarks", remarks_to_json(trial));
    if (trial->verdict != VERDICT_INVALID)
        json_object_set_new(json, "result", result_to_json(&trial->result));
    return json;
}

/* ---- reading ---- */

static int read_result(struct tool_result *result, const json_t *json, struct err *err)
{
    const json_t *percentiles = json_object_get(json, "percentile_ms");
    if (json_array_size(percentiles) != PERCENTILES)
        return err_set(err, "'percentile_ms' is not an array of %d", PERCENTILES);
    for (size_t i = 0; i < PERCENTILES; i++) {
        const json_t *value = json_array_get(percentiles, i);
        result->percentile_ms[i] = json_is_number(value) ? json_number_value(value) : NAN;
    }
    if (fields_from_json(result_fields, result, json, err) < 0)
        return -1;
    struct {
        const char *name;
        struct connection_time *time;
    } times[] = {{"connect", &result->connect},
                 {"processing", &result->processing},
                 {"waiting", &result->waiting},
                 {"total", &result->total}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (fields_from_json(time_fields, times[i].time,
                             json_object_get(json, times[i].name), err) < 0)
            return -1;
    return 0;
}

/* -1 for a name that is none. */
static int verdict_from_name(const char *name)
{
    for (int v = VERDICT_VALID; name && v <= VERDICT_INVALID; v++)
        if (strcmp(name, verdict_name((enum verdict)v)) == 0)
            return v;
    return -1;
}

static int bound_from_name(const char *name)
{
    for (int b = BOUND_SERVER; name && b <= BOUND_WAITING; b++)
        if (strcmp(name, bound_name((enum bound)b)) == 0)
            return b;
    return -1;
}

static int read_names(struct trial *trial, const json_t *json, struct err *err)
{
    int verdict = verdict_from_name(json_string_value(json_object_get(json, "verdict")));
    int bound = bound_from_name(json_string_value(json_object_get(json, "bound")));
    if (verdict < 0 || bound < 0)
        return err_set(err, "unknown 'verdict' or 'bound'");
    trial->verdict = (enum verdict)verdict;
    trial->bound = (enum bound)bound;
    return 0;
}

static void read_accepts(struct trial *trial, const json_t *array)
{
    size_t n = json_array_size(array);
    trial->accepts = alloc_zeroed(n, sizeof *trial->accepts);
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_array_get(array, i);
        trial->accepts[i] = json_is_number(value) ? json_number_value(value) : NAN;
    }
    trial->accept_count = n;
}

/* NAN: not there, as in older records, which have a line of words instead. */
static double read_number(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static int read_remarks(struct trial *trial, const json_t *array, struct err *err)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *remark = json_array_get(array, i);
        const char *rule = json_string_value(json_object_get(remark, "rule"));
        int verdict =
            verdict_from_name(json_string_value(json_object_get(remark, "verdict")));
        if (!rule || verdict < 0)
            return err_set(err, "a remark without 'rule' or 'verdict'");
        trial_add_remark(trial, rule, (enum consequence)verdict,
                         read_number(remark, "value"), read_number(remark, "limit"));
    }
    return 0;
}

/* A member that is a text, borrowed; NULL with the reason. */
static const char *read_text(const json_t *json, const char *name, struct err *err)
{
    const json_t *value = json_object_get(json, name);
    if (!value)
        err_set(err, "no field '%s'", name);
    else if (!json_is_string(value))
        err_set(err, "'%s' is of another type", name);
    return json_string_value(value);
}

/* The record names the server and the load, which the run must have. */
static int read_place(struct trial *trial, const struct run *run, const json_t *json,
                      struct err *err)
{
    const char *server = read_text(json, "server", err);
    const char *load = server ? read_text(json, "load", err) : NULL;
    if (!server || !load)
        return -1;
    const struct run_server *of_run = run_server(run, server);
    const struct load *of_suite = suite_load(&run->suite, load);
    if (!of_run || !of_suite)
        return err_set(err, "a trial of an unknown server or load");
    trial->server = (size_t)(of_run - run->servers);
    trial->load = (size_t)(of_suite - run->suite.loads);
    return 0;
}

/* What is read so far is in `trial`, also where this fails. */
static int read_members(struct trial *trial, const struct run *run, const json_t *json,
                        struct err *err)
{
    if (read_place(trial, run, json, err) < 0 ||
        fields_from_json(trial_fields, trial, json, err) < 0 ||
        read_names(trial, json, err) < 0 ||
        fields_from_json(counter_fields(), &trial->counters,
                         json_object_get(json, "counters"), err) < 0 ||
        read_remarks(trial, json_object_get(json, "remarks"), err) < 0)
        return -1;
    read_accepts(trial, json_object_get(json, "accepts"));
    if (trial->verdict == VERDICT_INVALID)
        return 0;
    return read_result(&trial->result, json_object_get(json, "result"), err);
}

int trial_from_json(struct trial *trial, const struct run *run, const json_t *json,
                    struct err *err)
{
    *trial = (struct trial){0};
    tool_result_clear(&trial->result);
    counters_clear(&trial->counters);
    if (read_members(trial, run, json, err) == 0)
        return 0;
    trial_free(trial);
    return -1;
}
