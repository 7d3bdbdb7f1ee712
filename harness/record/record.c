/* record.c - record.jsonl: a run, written line by line as it happens, and read back.
 * SPDX-License-Identifier: MIT */
#include "record/record.h"

#include "base/alloc.h"
#include "base/paths.h"
#include "record/fields.h"
#include "record/speed.h"
#include "record/trial_json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct field load_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct load, name)},
    {"title", FIELD_TEXT, offsetof(struct load, title)},
    {"tool", FIELD_TEXT, offsetof(struct load, tool)},
    {"path", FIELD_TEXT, offsetof(struct load, path)},
    {"requests", FIELD_LONG, offsetof(struct load, requests)},
    {"seconds", FIELD_DOUBLE, offsetof(struct load, seconds)},
    {"concurrency", FIELD_INT, offsetof(struct load, concurrency)},
    {"keepalive", FIELD_BOOL, offsetof(struct load, keepalive)},
    {"priming", FIELD_LONG, offsetof(struct load, priming)},
    {"timeout", FIELD_INT, offsetof(struct load, timeout)},
    {NULL, FIELD_TEXT, 0},
};

static const struct field suite_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct suite, name)},
    {"about", FIELD_TEXT, offsetof(struct suite, about)},
    {"rounds", FIELD_INT, offsetof(struct suite, rounds)},
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
    {"missing", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, missing)},
    {NULL, FIELD_TEXT, 0},
};

/* ---- writing ---- */

static int write_line(FILE *file, json_t *json, struct err *err)
{
    int failed = json_dumpf(json, file, JSON_COMPACT | JSON_REAL_PRECISION(10)) < 0 ||
                 putc('\n', file) == EOF || fflush(file) == EOF;
    json_decref(json);
    if (failed)
        return err_set(err, "cannot write the record: %s", strerror(errno));
    return 0;
}

static json_t *server_to_json(const struct run_server *server)
{
    json_t *json = fields_to_json(server_fields, server);
    json_object_set_new(json, "path", fields_text(paths_within(server->path)));
    return json;
}

int record_write_head(FILE *file, const struct run *run, struct err *err)
{
    json_t *suite = fields_to_json(suite_fields, &run->suite);
    json_t *loads = json_array();
    for (size_t i = 0; i < run->suite.load_count; i++)
        json_array_append_new(loads, fields_to_json(load_fields, &run->suite.loads[i]));
    json_object_set_new(suite, "loads", loads);

    json_t *machine = json_object();
    for (size_t i = 0; i < run->machine_count; i++)
        json_object_set_new(machine, run->machine[i].name,
                            fields_text(run->machine[i].value));

    json_t *servers = json_array();
    for (size_t i = 0; i < run->server_count; i++)
        json_array_append_new(servers, server_to_json(&run->servers[i]));

    json_t *notes = json_array();
    for (size_t i = 0; i < run->note_count; i++)
        json_array_append_new(notes, fields_text(run->notes[i]));

    json_t *head = json_object();
    json_object_set_new(head, "type", json_string("run"));
    json_object_set_new(head, "version", json_integer(1));
    json_object_set_new(head, "started", fields_text(run->started));
    json_object_set_new(head, "seed", json_integer((json_int_t)run->seed));
    json_object_set_new(head, "rounds", json_integer(run->rounds));
    json_object_set_new(head, "suite", suite);
    json_object_set_new(head, "machine", machine);
    json_object_set_new(head, "servers", servers);
    json_object_set_new(head, "notes", notes);
    return write_line(file, head, err);
}

int record_write_trial(FILE *file, const struct trial *trial, struct err *err)
{
    json_t *json = trial_to_json(trial);
    json_object_set_new(json, "type", json_string("trial"));
    return write_line(file, json, err);
}

int record_write_end(FILE *file, const struct run *run, struct err *err)
{
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string("end"));
    json_object_set_new(json, "wall_s", fields_number(run->wall_s));
    return write_line(file, json, err);
}

/* ---- reading ---- */

static int read_loads(struct suite *suite, const json_t *array, struct err *err)
{
    size_t n = json_array_size(array);
    if (n == 0)
        return err_set(err, "no loads");
    suite->loads = alloc_zeroed(n, sizeof *suite->loads);
    suite->load_count = n;
    for (size_t i = 0; i < n; i++)
        if (fields_from_json(load_fields, &suite->loads[i], json_array_get(array, i),
                             err) < 0)
            return -1;
    return 0;
}

static int read_servers(struct run *run, const json_t *array, struct err *err)
{
    size_t n = json_array_size(array);
    run->servers = alloc_zeroed(n, sizeof *run->servers);
    run->server_count = n;
    for (size_t i = 0; i < n; i++)
        if (fields_from_json(server_fields, &run->servers[i], json_array_get(array, i),
                             err) < 0)
            return -1;
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

static void read_notes(struct run *run, const json_t *array)
{
    size_t index;
    json_t *note;
    json_array_foreach(array, index, note) if (json_is_string(note))
        run_add_note(run, "%s", json_string_value(note));
}

static int read_head(struct run *run, const json_t *json, struct err *err)
{
    json_int_t seed = 0;
    const char *started = NULL;
    if (json_unpack((json_t *)json, "{s:s, s:I, s:i}", "started", &started, "seed", &seed,
                    "rounds", &run->rounds) < 0)
        return err_set(err, "no 'started', 'seed' or 'rounds'");
    run->started = alloc_copy(started);
    run->seed = (unsigned long long)seed;
    const json_t *suite = json_object_get(json, "suite");
    if (fields_from_json(suite_fields, &run->suite, suite, err) < 0 ||
        read_loads(&run->suite, json_object_get(suite, "loads"), err) < 0 ||
        read_servers(run, json_object_get(json, "servers"), err) < 0)
        return -1;
    read_machine(run, json_object_get(json, "machine"));
    read_notes(run, json_object_get(json, "notes"));
    return 0;
}

static int read_trial(struct run *run, const json_t *json, struct err *err)
{
    struct trial trial;
    if (trial_from_json(&trial, json, err) < 0)
        return -1;
    if (!suite_load(&run->suite, trial.load) || !run_server(run, trial.server)) {
        err_set(err, "a trial of an unknown server or load");
        trial_free(&trial);
        return -1;
    }
    run_add_trial(run, &trial);
    return 0;
}

static int read_object(struct run *run, const json_t *json, struct err *err)
{
    const char *type = json_string_value(json_object_get(json, "type"));
    bool has_head = run->started != NULL;
    if (type && strcmp(type, "run") == 0 && !has_head)
        return read_head(run, json, err);
    if (!has_head)
        return err_set(err, "the record does not begin with a line of type 'run'");
    if (type && strcmp(type, "trial") == 0)
        return read_trial(run, json, err);
    if (type && strcmp(type, "end") == 0) {
        const json_t *wall = json_object_get(json, "wall_s");
        run->finished = true;
        run->wall_s = json_is_number(wall) ? json_number_value(wall) : NAN;
        return 0;
    }
    return err_set(err, "a line of unknown type");
}

static int read_line(struct run *run, const char *line, size_t length, struct err *err)
{
    json_error_t error;
    json_t *json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        return err_set(err, "not JSON%s: %s",
                       line[length - 1] == '\n' ? "" : ", cut off at the end",
                       error.text);
    int result = read_object(run, json, err);
    json_decref(json);
    return result;
}

int record_read(struct run *run, const char *directory, struct err *err)
{
    *run = (struct run){.wall_s = NAN};
    char *path = alloc_format("%s/record.jsonl", directory);
    FILE *file = fopen(path, "re");
    if (!file) {
        err_set(err, "%s: %s", path, strerror(errno));
        free(path);
        return -1;
    }
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    struct err why;
    bool headless = false;
    for (int number = 1; (length = getline(&line, &size, file)) > 0; number++)
        if (read_line(run, line, (size_t)length, &why) < 0) {
            if (number == 1) {
                headless = true;
                break;
            }
            run_add_note(run, "record.jsonl:%d: left out: %s", number, why.text);
        }
    free(line);
    int failed = ferror(file);
    fclose(file);
    if (failed || headless || !run->started) {
        err_set(err, "%s: not a record: %s", path,
                failed       ? strerror(errno)
                : length < 0 ? "it is empty"
                             : why.text);
        run_free(run); /* so that run->started is NULL */
    }
    speed_adjust(run);
    free(path);
    return run->started ? 0 : -1;
}
