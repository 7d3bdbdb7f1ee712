/* store.c - profile.jsonl: a profile, written line by line as it is made, and read back.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/paths.h"
#include "model/jsonl.h"

#include <stdlib.h>
#include <string.h>

static const struct field server_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct run_server, name)},
    {"path", FIELD_TEXT, offsetof(struct run_server, path)},
    {"about", FIELD_TEXT, offsetof(struct run_server, about)},
    {"sha256", FIELD_TEXT, offsetof(struct run_server, sha256)},
    {"missing", FIELD_OPTIONAL_TEXT, offsetof(struct run_server, missing)},
    {NULL, 0, 0},
};

static const struct field fact_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct fact, name)},
    {"value", FIELD_TEXT, offsetof(struct fact, value)},
    {NULL, 0, 0},
};

static const char KIND[] = "profile";

int store_write_head(FILE *file, const struct profile *profile, struct err *err)
{
    json_t *machine = json_array();
    json_t *servers = json_array();
    for (size_t i = 0; i < profile->machine_count; i++)
        json_array_append_new(machine, fields_to_json(fact_fields, &profile->machine[i]));
    for (size_t i = 0; i < profile->server_count; i++) {
        const struct run_server *server = &profile->servers[i].server;
        json_t *json = fields_to_json(server_fields, server);
        json_object_set_new(json, "path", fields_text(paths_within(server->path)));
        json_array_append_new(servers, json);
    }
    return jsonl_write(file,
                       json_pack("{s:s, s:s, s:o, s:o}", "type", "profile", "started",
                                 profile->started, "machine", machine, "servers",
                                 servers),
                       KIND, err);
}

int store_write_part(FILE *file, const struct profile_server *server, size_t part,
                     struct err *err)
{
    json_t *line = json_pack("{s:s, s:s, s:s}", "type", "part", "server",
                             server->server.name, "part", parts[part]->name);
    json_object_set_new(line, "missing", fields_text(server->missing[part]));
    json_object_set(line, "data", server->data[part] ? server->data[part] : json_null());
    return jsonl_write(file, line, KIND, err);
}

/* ---- reading ---- */

static int read_servers(struct profile *profile, const json_t *servers, struct err *err)
{
    size_t i;
    json_t *json;
    profile->servers =
        alloc_zeroed(json_array_size(servers) + 1, sizeof *profile->servers);
    json_array_foreach(servers, i, json)
    {
        profile->server_count++;
        if (fields_from_json(server_fields, &profile->servers[i].server, json, err) < 0)
            return -1;
    }
    return 0;
}

static int read_machine(struct profile *profile, const json_t *machine, struct err *err)
{
    size_t i;
    json_t *json;
    profile->machine =
        alloc_zeroed(json_array_size(machine) + 1, sizeof *profile->machine);
    json_array_foreach(machine, i, json)
    {
        profile->machine_count++;
        if (fields_from_json(fact_fields, &profile->machine[i], json, err) < 0)
            return -1;
    }
    return 0;
}

static int read_head(struct profile *profile, const json_t *line, struct err *err)
{
    const char *started = json_string_value(json_object_get(line, "started"));
    if (!started || profile->started)
        return err_set(err, started ? "a second head" : "no field 'started'");
    profile->started = alloc_copy(started);
    if (read_servers(profile, json_object_get(line, "servers"), err) < 0)
        return -1;
    return read_machine(profile, json_object_get(line, "machine"), err);
}

static struct profile_server *find_server(struct profile *profile, const char *name)
{
    for (size_t i = 0; name && i < profile->server_count; i++)
        if (strcmp(profile->servers[i].server.name, name) == 0)
            return &profile->servers[i];
    return NULL;
}

/* A later line replaces an earlier one. */
static int read_part(struct profile *profile, const json_t *line, struct err *err)
{
    struct profile_server *server =
        find_server(profile, json_string_value(json_object_get(line, "server")));
    size_t part = parts_find(json_string_value(json_object_get(line, "part")));
    json_t *data = json_object_get(line, "data");
    const char *missing = json_string_value(json_object_get(line, "missing"));
    if (!server || part == PARTS || (!json_is_object(data) && !missing))
        return err_set(err, "no known server, part and data");
    json_decref(server->data[part]);
    free(server->missing[part]);
    server->data[part] = json_is_object(data) ? json_incref(data) : NULL;
    server->missing[part] = alloc_copy(missing);
    return 0;
}

static int read_line(void *profile, const json_t *line, struct err *err)
{
    const char *type = json_string_value(json_object_get(line, "type"));
    if (!type)
        return err_set(err, "no field 'type'");
    if (strcmp(type, "profile") == 0)
        return read_head(profile, line, err);
    if (!((struct profile *)profile)->started)
        return err_set(err, "it does not begin with a line of type 'profile'");
    if (strcmp(type, "part") == 0)
        return read_part(profile, line, err);
    return err_set(err, "a type that is not known");
}

static void add_note(void *owner, const char *text)
{
    struct profile *profile = owner;
    profile->notes =
        alloc_resize(profile->notes, profile->note_count + 1, sizeof *profile->notes);
    profile->notes[profile->note_count++] = alloc_copy(text);
}

int store_read(struct profile *profile, const char *directory, struct err *err)
{
    const struct jsonl reader = {KIND, profile, read_line, add_note};
    struct err why;
    *profile = (struct profile){0};
    FILE *file = jsonl_open(directory, STORE_NAME, "re", err);
    if (!file)
        return -1;
    int failed = jsonl_read(&reader, file, &why);
    fclose(file);
    if (!failed)
        return 0;
    profile_free(profile);
    return err_set(err, "%s/%s: %s", directory, STORE_NAME, why.text);
}
