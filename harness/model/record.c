/* record.c - record.jsonl: a run, written line by line as it happens, and read back.
 * SPDX-License-Identifier: MIT */
#include "model/record.h"

#include "base/alloc.h"
#include "base/paths.h"
#include "model/jsonl.h"
#include "model/trial_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char KIND[] = "record";

/* 1 was without slices. */
enum { VERSION = 2 };

static const struct field load_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct load, name)},
    {"title", FIELD_TEXT, offsetof(struct load, title)},
    {"tool", FIELD_TEXT, offsetof(struct load, tool)},
    {"path", FIELD_TEXT, offsetof(struct load, path)},
    {"requests", FIELD_LONG, offsetof(struct load, requests)},
    {"seconds", FIELD_DOUBLE, offsetof(struct load, seconds)},
    {"concurrency", FIELD_INT, offsetof(struct load, concurrency)},
    {"keepalive", FIELD_BOOL, offsetof(struct load, keepalive)},
    {"clients", FIELD_OPTIONAL_INT, offsetof(struct load, clients)},
    {"client_cores", FIELD_OPTIONAL_INT, offsetof(struct load, client_cores)},
    {"rate", FIELD_OPTIONAL_INT, offsetof(struct load, rate)},
    {"slo", FIELD_OPTIONAL_INT, offsetof(struct load, slo)},
    {"idle", FIELD_OPTIONAL_INT, offsetof(struct load, idle)},
    {"slice", FIELD_LONG, offsetof(struct load, slice)},
    {"priming", FIELD_LONG, offsetof(struct load, priming)},
    {"timeout", FIELD_INT, offsetof(struct load, timeout)},
    {NULL, FIELD_TEXT, 0},
};

static const struct field suite_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct suite, name)},
    {"about", FIELD_TEXT, offsetof(struct suite, about)},
    {"rounds", FIELD_INT, offsetof(struct suite, rounds)},
    {"trials", FIELD_INT, offsetof(struct suite, trials_each)},
    {"round_s", FIELD_DOUBLE, offsetof(struct suite, round_s)},
    {"minutes", FIELD_OPTIONAL_DOUBLE, offsetof(struct suite, minutes)},
    {"trial_s", FIELD_OPTIONAL_DOUBLE, offsetof(struct suite, trial_s)},
    {"compare_from", FIELD_OPTIONAL_TEXT, offsetof(struct suite, compare_from)},
    {"compare_to", FIELD_OPTIONAL_TEXT, offsetof(struct suite, compare_to)},
    {NULL, FIELD_TEXT, 0},
};

static const struct field server_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct run_server, name)},
    {"path", FIELD_TEXT, offsetof(struct run_server, path)},
    {"about", FIELD_TEXT, offsetof(struct run_server, about)},
    {"environment", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, environment)},
    {"sha256", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, sha256)},
    {"control_of", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, control_of)},
    {"cores", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, cores)},
    {"blocks", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, blocks)},
    {"only", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, only)},
    {"missing", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, missing)},
    {NULL, FIELD_TEXT, 0},
};

/* ---- writing ---- */

static json_t *suite_to_json(const struct suite *suite)
{
    json_t *json = fields_to_json(suite_fields, suite);
    json_t *loads = json_array();
    for (size_t i = 0; i < suite->load_count; i++)
        json_array_append_new(loads, fields_to_json(load_fields, &suite->loads[i]));
    json_object_set_new(json, "loads", loads);
    return json;
}

static json_t *machine_to_json(const struct run *run)
{
    json_t *machine = json_object();
    for (size_t i = 0; i < run->machine_count; i++)
        json_object_set_new(machine, run->machine[i].name,
                            fields_text(run->machine[i].value));
    return machine;
}

static json_t *servers_to_json(const struct run *run)
{
    json_t *servers = json_array();
    for (size_t i = 0; i < run->server_count; i++) {
        json_t *server = fields_to_json(server_fields, &run->servers[i]);
        json_object_set_new(server, "path",
                            fields_text(paths_within(run->servers[i].path)));
        json_array_append_new(servers, server);
    }
    return servers;
}

static json_t *texts_to_json(char *const *texts, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, fields_text(texts[i]));
    return array;
}

static json_t *head_to_json(const struct run *run)
{
    json_t *head = json_object();
    json_object_set_new(head, "type", json_string("run"));
    json_object_set_new(head, "version", json_integer(VERSION));
    json_object_set_new(head, "started", fields_text(run->started));
    json_object_set_new(head, "seed", json_integer((json_int_t)run->seed));
    json_object_set_new(head, "rounds", json_integer(run->rounds));
    json_object_set_new(head, "trials", json_integer(run->trials_each));
    json_object_set_new(head, "round_s", fields_number(run->round_s));
    json_object_set_new(head, "limits", texts_to_json(run->limits, run->limit_count));
    if (run->client_count > 0) {
        json_object_set_new(head, "clients",
                            texts_to_json(run->clients, run->client_count));
        json_object_set_new(head, "address", fields_text(run->address));
    }
    json_object_set_new(head, "suite", suite_to_json(&run->suite));
    json_object_set_new(head, "machine", machine_to_json(run));
    json_object_set_new(head, "servers", servers_to_json(run));
    json_object_set_new(head, "notes", texts_to_json(run->notes, run->note_count));
    return head;
}

static json_t *resume_to_json(const struct run *run, size_t first_note)
{
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string("resume"));
    json_object_set_new(json, "rounds", json_integer(run->rounds));
    json_object_set_new(json, "trials", json_integer(run->trials_each));
    json_object_set_new(json, "round_s", fields_number(run->round_s));
    json_object_set_new(
        json, "notes",
        texts_to_json(run->notes + first_note, run->note_count - first_note));
    return json;
}

int record_write_head(FILE *file, const struct run *run, struct err *err)
{
    return jsonl_write(file, head_to_json(run), KIND, err);
}

int record_write_trial(FILE *file, const struct run *run, const struct trial *trial,
                       struct err *err)
{
    json_t *json = trial_to_json(run, trial);
    json_object_set_new(json, "type", json_string("trial"));
    return jsonl_write(file, json, KIND, err);
}

/* As short as it can be: a run has thousands. Servers and loads are places in the head's lists. */
static const struct field slice_fields[] = {
    {"round", FIELD_INT, offsetof(struct slice, round)},
    {"block", FIELD_INT, offsetof(struct slice, block)},
    {"s", FIELD_DOUBLE, offsetof(struct slice, seconds)},
    {"wall", FIELD_DOUBLE, offsetof(struct slice, wall_s)},
    {"server_cpu", FIELD_DOUBLE, offsetof(struct slice, server_cpu_s)},
    {"client_cpu", FIELD_DOUBLE, offsetof(struct slice, client_cpu_s)},
    {"machine_cpu", FIELD_DOUBLE, offsetof(struct slice, machine_cpu_s)},
    {"steal", FIELD_DOUBLE, offsetof(struct slice, steal_s)},
    {"harness_cpu", FIELD_DOUBLE, offsetof(struct slice, harness_cpu_s)},
    {"requests", FIELD_DOUBLE, offsetof(struct slice, complete)},
    {"accepted", FIELD_DOUBLE, offsetof(struct slice, accepted)},
    {NULL, FIELD_TEXT, 0},
};

/* Only where they are known. */
static const struct field slice_time_fields[] = {
    {"p50", FIELD_DOUBLE, offsetof(struct slice, time_ms[TIME_P50])},
    {"p99", FIELD_DOUBLE, offsetof(struct slice, time_ms[TIME_P99])},
    {"p99.9", FIELD_DOUBLE, offsetof(struct slice, time_ms[TIME_P999])},
    {"max", FIELD_DOUBLE, offsetof(struct slice, time_ms[TIME_MAX])},
    {"late", FIELD_DOUBLE, offsetof(struct slice, lateness_ms)},
    {NULL, FIELD_TEXT, 0},
};

static json_t *slice_to_json(const struct slice *slice)
{
    json_t *json = fields_to_json(slice_fields, slice);
    json_object_set_new(json, "type", json_string("slice"));
    json_object_set_new(json, "server", json_integer((json_int_t)slice->server));
    json_object_set_new(json, "load", json_integer((json_int_t)slice->load));
    if (slice->rate > 0)
        json_object_set_new(json, "rate", json_integer(slice->rate));
    if (!isnan(slice->time_ms[TIME_P50]))
        json_object_set_new(json, "times", fields_to_json(slice_time_fields, slice));
    if (slice->unable)
        json_object_set_new(json, "unable", json_true());
    if (slice->reason)
        json_object_set_new(json, "reason", fields_text(slice->reason));
    if (slice->last)
        json_object_set_new(json, "last", json_true());
    return json;
}

int record_write_slice(FILE *file, const struct slice *slice, struct err *err)
{
    return jsonl_write(file, slice_to_json(slice), KIND, err);
}

/* kB. */
static const struct field footprint_fields[] = {
    {"own", FIELD_DOUBLE, offsetof(struct footprint, own_kb)},
    {"sock", FIELD_DOUBLE, offsetof(struct footprint, kernel_kb[KERNEL_SOCK])},
    {"slab", FIELD_DOUBLE, offsetof(struct footprint, kernel_kb[KERNEL_SLAB])},
    {"stacks", FIELD_DOUBLE, offsetof(struct footprint, kernel_kb[KERNEL_STACKS])},
    {"page_tables", FIELD_DOUBLE,
     offsetof(struct footprint, kernel_kb[KERNEL_PAGE_TABLES])},
    {"of_machine", FIELD_BOOL, offsetof(struct footprint, of_machine)},
    {NULL, FIELD_TEXT, 0},
};

int record_write_holding(FILE *file, const struct holding *holding, struct err *err)
{
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string("memory"));
    json_object_set_new(json, "server", json_integer((json_int_t)holding->server));
    json_object_set_new(json, "load", json_integer((json_int_t)holding->load));
    json_object_set_new(json, "round", json_integer(holding->round));
    json_object_set_new(json, "before",
                        fields_to_json(footprint_fields, &holding->before));
    json_object_set_new(json, "held", fields_to_json(footprint_fields, &holding->held));
    return jsonl_write(file, json, KIND, err);
}

static json_t *shares_to_json(const struct slicing *slicing, size_t servers)
{
    json_t *array = json_array();
    for (size_t i = 0; i < servers; i++) {
        struct share share = slicing_share(slicing, i);
        json_t *json = json_object();
        json_object_set_new(json, "requests", json_integer(share.requests));
        if (share.lead_in > 0)
            json_object_set_new(json, "lead_in", json_integer(share.lead_in));
        json_object_set_new(json, "every", json_integer(share.every));
        json_object_set_new(json, "takes_s", fields_number(share.takes_s));
        if (share.rate > 0)
            json_object_set_new(json, "rate", fields_number(share.rate));
        json_array_append_new(array, json);
    }
    return array;
}

int record_write_slicing(FILE *file, const struct run *run, size_t load, struct err *err)
{
    const struct slicing *slicing = &run->slicings[load];
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string("slicing"));
    json_object_set_new(json, "load", json_integer((json_int_t)load));
    json_object_set_new(json, "requests", json_integer(slicing->requests));
    json_object_set_new(json, "blocks", json_integer(slicing->blocks));
    json_object_set_new(json, "start_s", fields_number(slicing->start_s));
    json_object_set_new(json, "servers", shares_to_json(slicing, run->server_count));
    return jsonl_write(file, json, KIND, err);
}

int record_write_end(FILE *file, const struct run *run, struct err *err)
{
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string("end"));
    json_object_set_new(json, "wall_s", fields_number(run->wall_s));
    json_object_set_new(json, "throttled_s", fields_number(run->throttled_s));
    return jsonl_write(file, json, KIND, err);
}

int record_write_resume(FILE *file, const struct run *run, size_t first_note,
                        struct err *err)
{
    return jsonl_write(file, resume_to_json(run, first_note), KIND, err);
}

FILE *record_create(const char *directory, struct err *err)
{
    return jsonl_open(directory, RECORD_NAME, "wxe", err);
}

FILE *record_reopen(const char *directory, struct err *err)
{
    return jsonl_reopen(directory, RECORD_NAME, err);
}

/* ---- reading ---- */

/* Its name is that of one before it: nobody could say which of them a trial is of. */
static bool load_is_double(struct run *run, const struct load *load)
{
    if (suite_load(&run->suite, load->name) == load)
        return false;
    run_add_note(run, "the load '%s' is in the record twice; the second is left out",
                 load->name);
    return true;
}

static bool server_is_double(struct run *run, const struct run_server *server)
{
    if (run_server(run, server->name) == server)
        return false;
    run_add_note(run, "the server '%s' is in the record twice; the second is left out",
                 server->name);
    return true;
}

static int read_loads(struct run *run, const json_t *array, struct err *err)
{
    struct suite *suite = &run->suite;
    size_t n = json_array_size(array);
    if (n == 0)
        return err_set(err, "no loads");
    suite->loads = alloc_zeroed(n, sizeof *suite->loads);
    for (size_t i = 0; i < n; i++) {
        struct load *load = &suite->loads[suite->load_count++];
        if (fields_from_json(load_fields, load, json_array_get(array, i), err) < 0)
            return -1;
        if (load_is_double(run, load)) {
            load_free(load);
            suite->load_count--;
        }
    }
    return 0;
}

static int read_servers(struct run *run, const json_t *array, struct err *err)
{
    size_t n = json_array_size(array);
    run->servers = alloc_zeroed(n, sizeof *run->servers);
    for (size_t i = 0; i < n; i++) {
        struct run_server *server = &run->servers[run->server_count++];
        if (fields_from_json(server_fields, server, json_array_get(array, i), err) < 0)
            return -1;
        if (server_is_double(run, server)) {
            run_server_free(server);
            run->server_count--;
        }
    }
    return 0;
}

static bool names_load(const struct suite *suite, const char *name)
{
    return name && suite_load(suite, name);
}

static void check_comparison(struct run *run)
{
    struct suite *suite = &run->suite;
    if (names_load(suite, suite->compare_from) && names_load(suite, suite->compare_to))
        return;
    if (suite->compare_from || suite->compare_to)
        run_add_note(run, "the record compares '%s' with '%s', but has not both loads",
                     suite->compare_from ? suite->compare_from : "",
                     suite->compare_to ? suite->compare_to : "");
    free(suite->compare_from);
    free(suite->compare_to);
    suite->compare_from = suite->compare_to = NULL;
}

static int read_suite(struct run *run, const json_t *json, struct err *err)
{
    if (fields_from_json(suite_fields, &run->suite, json, err) < 0 ||
        read_loads(run, json_object_get(json, "loads"), err) < 0)
        return -1;
    check_comparison(run);
    return 0;
}

static void read_machine(struct run *run, json_t *object)
{
    const char *name;
    json_t *value;
    run->machine = alloc_zeroed(json_object_size(object), sizeof *run->machine);
    json_object_foreach(object, name, value) if (json_is_string(value))
        run->machine[run->machine_count++] = (struct fact){
        .name = alloc_copy(name), .value = alloc_copy(json_string_value(value))};
}

/* What an array has of texts, each added to the run. */
static void read_texts(struct run *run, const json_t *array,
                       void (*add)(struct run *, const char *))
{
    size_t index;
    json_t *text;
    json_array_foreach(array, index, text) if (json_is_string(text))
        add(run, json_string_value(text));
}

static void add_note_read(struct run *run, const char *note)
{
    run_add_note(run, "%s", note);
}

static int read_count(int *count, const json_t *json, const char *name, int most,
                      struct err *err)
{
    const json_t *value = json_object_get(json, name);
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > most)
        return err_set(err, "'%s' is not a whole number from 0 to %d", name, most);
    *count = (int)number;
    return 0;
}

/* How much is to be measured. */
static int read_extent(struct run *run, const json_t *json, struct err *err)
{
    const json_t *round_s = json_object_get(json, "round_s");
    if (read_count(&run->rounds, json, "rounds", ROUNDS_MAX, err) < 0 ||
        read_count(&run->trials_each, json, "trials", TRIALS_MAX, err) < 0)
        return -1;
    run->round_s = json_number_value(round_s);
    return json_is_number(round_s) && run->round_s >= 0 ? 0
                                                        : err_set(err, "no 'round_s'");
}

/* What can be done without (a server or a load that is there twice, a comparison of loads that
 * are not) is left out, and named in run->notes. */
static int head_from_json(struct run *run, const json_t *json, struct err *err)
{
    const char *started = json_string_value(json_object_get(json, "started"));
    const json_t *seed = json_object_get(json, "seed");
    if (!started || !json_is_integer(seed) || json_integer_value(seed) < 0)
        return err_set(err, "no 'started' or 'seed'");
    if (json_integer_value(json_object_get(json, "version")) != VERSION)
        return err_set(err, "it is of another version of abacus, whose figures were "
                            "measured in another way");
    if (read_extent(run, json, err) < 0)
        return -1;
    run->started = alloc_copy(started);
    run->seed = (unsigned long long)json_integer_value(seed);
    read_texts(run, json_object_get(json, "notes"), add_note_read);
    read_texts(run, json_object_get(json, "limits"), run_add_limit);
    read_texts(run, json_object_get(json, "clients"), run_add_client);
    run->address = alloc_copy(json_string_value(json_object_get(json, "address")));
    read_machine(run, json_object_get(json, "machine"));
    if (read_suite(run, json_object_get(json, "suite"), err) < 0)
        return -1;
    run->slicings = alloc_zeroed(run->suite.load_count, sizeof *run->slicings);
    return read_servers(run, json_object_get(json, "servers"), err);
}

static int resume_from_json(struct run *run, const json_t *json, struct err *err)
{
    if (read_extent(run, json, err) < 0)
        return -1;
    read_texts(run, json_object_get(json, "notes"), add_note_read);
    return 0;
}

static int read_trial(struct run *run, const json_t *json, struct err *err)
{
    struct trial trial;
    if (trial_from_json(&trial, run, json, err) < 0)
        return -1;
    if (trial.round < 1 || trial.round > TRIALS_MAX) {
        err_set(err, "a trial with the number %d", trial.round);
        trial_free(&trial);
        return -1;
    }
    run_add_trial(run, &trial);
    return 0;
}

static int read_place(size_t *place, const json_t *json, const char *name, size_t count,
                      struct err *err)
{
    const json_t *value = json_object_get(json, name);
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || (size_t)number >= count)
        return err_set(err, "'%s' is not a place in the head's list", name);
    *place = (size_t)number;
    return 0;
}

static int read_slice(struct run *run, const json_t *json, struct err *err)
{
    const json_t *times = json_object_get(json, "times");
    struct slice slice = {.time_ms = {NAN, NAN, NAN, NAN}, .lateness_ms = NAN};
    if (fields_from_json(slice_fields, &slice, json, err) < 0 ||
        (times && fields_from_json(slice_time_fields, &slice, times, err) < 0) ||
        read_place(&slice.server, json, "server", run->server_count, err) < 0 ||
        read_place(&slice.load, json, "load", run->suite.load_count, err) < 0)
        return -1;
    bool failed = json_is_string(json_object_get(json, "reason"));
    if (slice.round < 1 || slice.round > run->rounds || slice.block < (failed ? 0 : 1) ||
        slice.block > BLOCKS_MAX)
        return err_set(err, "a slice of round %d, block %d", slice.round, slice.block);
    if (json_object_get(json, "rate") &&
        read_count(&slice.rate, json, "rate", RATE_MAX, err) < 0)
        return -1;
    const char *reason = json_string_value(json_object_get(json, "reason"));
    slice.reason = reason ? alloc_copy(reason) : NULL;
    slice.last = json_is_true(json_object_get(json, "last"));
    slice.unable = json_is_true(json_object_get(json, "unable"));
    run_add_slice(run, &slice);
    return 0;
}

static int read_holding(struct run *run, const json_t *json, struct err *err)
{
    struct holding holding = {0};
    if (read_place(&holding.server, json, "server", run->server_count, err) < 0 ||
        read_place(&holding.load, json, "load", run->suite.load_count, err) < 0 ||
        read_count(&holding.round, json, "round", run->rounds, err) < 0 ||
        fields_from_json(footprint_fields, &holding.before,
                         json_object_get(json, "before"), err) < 0 ||
        fields_from_json(footprint_fields, &holding.held, json_object_get(json, "held"),
                         err) < 0)
        return -1;
    if (holding.round < 1)
        return err_set(err, "memory in round %d", holding.round);
    run_add_holding(run, &holding);
    return 0;
}

static int read_requests(long *requests, const json_t *json, const char *name,
                         struct err *err)
{
    const json_t *value = json_object_get(json, name);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return err_set(err, "'%s' is not a whole number", name);
    *requests = json_integer_value(value);
    return 0;
}

/* A number that a record may lack; 0: not known. */
static double read_positive(const json_t *json, const char *name)
{
    double number = json_number_value(json_object_get(json, name));
    return number > 0 ? number : 0;
}

/* A record without them is of a run in which all servers had the same. */
static int read_shares(struct slicing *slicing, const struct run *run, const json_t *json,
                       struct err *err)
{
    if (json && json_array_size(json) != run->server_count)
        return err_set(err, "'servers' are not the head's");
    for (size_t i = 0; i < json_array_size(json); i++) {
        struct share share = {0};
        const json_t *one = json_array_get(json, i);
        if (read_requests(&share.requests, one, "requests", err) < 0 ||
            (json_object_get(one, "lead_in") &&
             read_requests(&share.lead_in, one, "lead_in", err) < 0) ||
            read_count(&share.every, one, "every", BLOCKS_MAX, err) < 0)
            return -1;
        if (share.every == 0)
            return err_set(err, "'every' is 0");
        share.takes_s = read_positive(one, "takes_s");
        share.rate = read_positive(one, "rate");
        if (!slicing->shares)
            slicing->shares = alloc_zeroed(run->server_count, sizeof share);
        slicing->shares[i] = share;
    }
    return 0;
}

static int read_slicing(struct run *run, const json_t *json, struct err *err)
{
    size_t load = 0;
    struct slicing slicing = {.start_s = read_positive(json, "start_s")};
    if (read_place(&load, json, "load", run->suite.load_count, err) < 0 ||
        read_count(&slicing.blocks, json, "blocks", BLOCKS_MAX, err) < 0 ||
        read_requests(&slicing.requests, json, "requests", err) < 0)
        return -1;
    int failed = read_shares(&slicing, run, json_object_get(json, "servers"), err);
    free(failed ? slicing.shares : run->slicings[load].shares);
    if (!failed)
        run->slicings[load] = slicing;
    return failed;
}

static int read_end(struct run *run, const json_t *json)
{
    const json_t *wall = json_object_get(json, "wall_s");
    run->finished = true;
    run->wall_s = json_is_number(wall) ? json_number_value(wall) : NAN;
    run->throttled_s = read_positive(json, "throttled_s");
    return 0;
}

static int read_resume(struct run *run, const json_t *json, struct err *err)
{
    if (resume_from_json(run, json, err) < 0)
        return -1;
    run->finished = false;
    run->wall_s = NAN;
    return 0;
}

static int read_object(void *owner, const json_t *json, struct err *err)
{
    struct run *run = owner;
    const char *type = json_string_value(json_object_get(json, "type"));
    bool has_head = run->started != NULL;
    if (type && strcmp(type, "run") == 0 && !has_head)
        return head_from_json(run, json, err);
    if (!has_head)
        return err_set(err, "the record does not begin with a line of type 'run'");
    if (type && strcmp(type, "trial") == 0)
        return read_trial(run, json, err);
    if (type && strcmp(type, "slice") == 0)
        return read_slice(run, json, err);
    if (type && strcmp(type, "memory") == 0)
        return read_holding(run, json, err);
    if (type && strcmp(type, "slicing") == 0)
        return read_slicing(run, json, err);
    if (type && strcmp(type, "resume") == 0)
        return read_resume(run, json, err);
    if (type && strcmp(type, "end") == 0)
        return read_end(run, json);
    return err_set(err, "a line of unknown type");
}

static void add_note(void *run, const char *text)
{
    run_add_note(run, "%s", text);
}

int record_parse(struct run *run, FILE *file, struct err *err)
{
    const struct jsonl reader = {KIND, run, read_object, add_note};
    *run = (struct run){.wall_s = NAN};
    if (jsonl_read(&reader, file, err) == 0)
        return 0;
    run_free(run);
    return -1;
}

int record_read(struct run *run, const char *directory, struct err *err)
{
    struct err why;
    *run = (struct run){.wall_s = NAN};
    FILE *file = jsonl_open(directory, RECORD_NAME, "re", err);
    if (!file)
        return -1;
    int failed = record_parse(run, file, &why);
    fclose(file);
    return failed ? err_set(err, "%s/record.jsonl: %s", directory, why.text) : 0;
}
