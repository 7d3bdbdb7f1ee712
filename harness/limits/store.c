/* store.c - limits.jsonl: a first line that says what it is, and one for each server.
 * SPDX-License-Identifier: MIT */
#include "limits/store.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "model/jsonl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char KIND[] = "limits";
static const char NO_ANSWER[] = "no answer"; /* JSON has no infinity */

/* Each is a number, null or not there where it was not tried, or NO_ANSWER. */
static const struct number {
    const char *name;
    size_t offset;
} numbers[] = {
    {"clients", offsetof(struct breakage, clients)},
    {"full_busy", offsetof(struct breakage, full_busy)},
    {"full_back_ms", offsetof(struct breakage, full_back_ms)},
    {"slow_reader_ms", offsetof(struct breakage, slow_reader_ms)},
    {"slow_senders_ms", offsetof(struct breakage, slow_senders_ms)},
    {"burst_ms", offsetof(struct breakage, burst_ms)},
    {"resets_back_ms", offsetof(struct breakage, resets_back_ms)},
    {"client_kb", offsetof(struct breakage, client_kb)},
    {"memory_kb", offsetof(struct breakage, memory_kb)},
};

enum { NUMBERS = sizeof numbers / sizeof *numbers };

static const char *const nexts[] = {[NEXT_ANSWERED] = "answered",
                                    [NEXT_WAITS] = "waits",
                                    [NEXT_SLOW] = "slow",
                                    [NEXT_CLOSED] = "closed"};

enum { NEXTS = sizeof nexts / sizeof *nexts };

/* ---- writing ---- */

static json_t *number_to_json(double value)
{
    return isinf(value) ? json_string(NO_ANSWER) : fields_number(value);
}

static json_t *breakage_to_json(const struct breakage *breakage)
{
    json_t *json = json_object();
    json_object_set_new(json, "server", fields_text(breakage->server->name));
    json_object_set_new(json, "missing", fields_text(breakage->server->missing));
    json_object_set_new(
        json, "reason",
        fields_text(*breakage->reason.text ? breakage->reason.text : NULL));
    for (size_t i = 0; i < NUMBERS; i++) {
        const char *at = (const char *)breakage + numbers[i].offset;
        json_object_set_new(json, numbers[i].name, number_to_json(*(const double *)at));
    }
    json_object_set_new(json, "next", json_string(nexts[breakage->next]));
    json_object_set_new(json, "half_closed", json_boolean(breakage->half_closed));
    return json;
}

int limits_write(const struct breakage *list, size_t count, const char *folder,
                 struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, folder, LIMITS_NAME, err) < 0)
        return -1;
    int failed = jsonl_write(
        file.stream, json_pack("{s:s, s:i}", "type", KIND, "version", 1), KIND, err);
    for (size_t i = 0; !failed && i < count; i++)
        failed = jsonl_write(file.stream, breakage_to_json(&list[i]), KIND, err);
    struct err closing;
    return outfile_close(&file, failed ? &closing : err) < 0 || failed ? -1 : 0;
}

/* ---- reading ---- */

static int read_numbers(struct breakage *breakage, const json_t *json, struct err *err)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        const json_t *value = json_object_get(json, numbers[i].name);
        double *number = (double *)((char *)breakage + numbers[i].offset);
        const char *text = json_string_value(value);
        if (json_is_number(value))
            *number = json_number_value(value);
        else if (text && strcmp(text, NO_ANSWER) == 0)
            *number = INFINITY;
        else if (!value || json_is_null(value))
            *number = NAN;
        else
            return err_set(err, "'%s' is no number", numbers[i].name);
    }
    return 0;
}

static int read_next(struct breakage *breakage, const json_t *json, struct err *err)
{
    const char *text = json_string_value(json_object_get(json, "next"));
    for (size_t i = 0; text && i < NEXTS; i++)
        if (strcmp(text, nexts[i]) == 0) {
            breakage->next = (enum next_client)i;
            return 0;
        }
    return err_set(err, "'next' is none of answered, waits, slow, closed");
}

static char *copy_of(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? alloc_copy(text) : NULL;
}

static int read_server(struct breakages *breakages, const json_t *json, struct err *err)
{
    size_t at = breakages->count;
    struct breakage breakage = {0};
    const char *reason = json_string_value(json_object_get(json, "reason"));
    if (!json_is_string(json_object_get(json, "server")))
        return err_set(err, "'server' is no text");
    if (read_numbers(&breakage, json, err) < 0 || read_next(&breakage, json, err) < 0)
        return -1;
    breakage.half_closed = json_is_true(json_object_get(json, "half_closed"));
    if (reason)
        err_set(&breakage.reason, "%s", reason);
    breakages->list = alloc_resize(breakages->list, at + 1, sizeof *breakages->list);
    breakages->servers =
        alloc_resize(breakages->servers, at + 1, sizeof *breakages->servers);
    breakages->list[at] = breakage;
    breakages->servers[at] = (struct run_server){.name = copy_of(json, "server"),
                                                 .missing = copy_of(json, "missing")};
    breakages->count++;
    return 0;
}

static int read_line(void *owner, const json_t *line, struct err *err)
{
    const char *type = json_string_value(json_object_get(line, "type"));
    if (type)
        return strcmp(type, KIND) == 0 ? 0 : err_set(err, "a type that is not known");
    return read_server(owner, line, err);
}

/* A server's line that cannot be used: the table is without it. */
static void drop_note(void *owner, const char *text)
{
    (void)owner;
    (void)text;
}

int limits_read(struct breakages *breakages, const char *folder, struct err *err)
{
    const struct jsonl reader = {KIND, breakages, read_line, drop_note};
    *breakages = (struct breakages){0};
    FILE *file = jsonl_open(folder, LIMITS_NAME, "re", err);
    if (!file)
        return -1;
    int failed = jsonl_read(&reader, file, err);
    fclose(file);
    for (size_t i = 0; i < breakages->count; i++)
        breakages->list[i].server = &breakages->servers[i];
    return failed;
}

void breakages_free(struct breakages *breakages)
{
    for (size_t i = 0; i < breakages->count; i++)
        run_server_free(&breakages->servers[i]);
    free(breakages->servers);
    free(breakages->list);
    *breakages = (struct breakages){0};
}
