/* key.c - the keys of a suite's sections, and how a value gets into its field.
 * SPDX-License-Identifier: MIT */
#include "load/key.h"

#include "base/alloc.h"
#include "base/number.h"
#include "load/tool.h"
#include "model/suite.h"

#include <stdlib.h>
#include <string.h>

const struct key suite_keys[] = {
    {.name = "about", .kind = TEXT, .offset = offsetof(struct suite, about)},
    {.name = "rounds",
     .kind = INT,
     .offset = offsetof(struct suite, rounds),
     .low = 0,
     .high = ROUNDS_MAX},
    {.name = "trials",
     .kind = INT,
     .offset = offsetof(struct suite, trials_each),
     .low = 0,
     .high = TRIALS_MAX},
    {.name = "round_seconds",
     .kind = WHOLE_SECONDS,
     .offset = offsetof(struct suite, round_s),
     .low = 1,
     .high = ROUND_S_MAX},
    {.name = "minutes",
     .kind = WHOLE_SECONDS,
     .offset = offsetof(struct suite, minutes),
     .low = 1,
     .high = MINUTES_MAX},
    {.name = "trial_seconds",
     .kind = WHOLE_SECONDS,
     .offset = offsetof(struct suite, trial_s),
     .low = 1,
     .high = TRIAL_S_MAX},
    {0},
};

/* 20,000 connections are as many as ab can have. */
const struct key load_keys[] = {
    {.name = "title", .kind = TEXT, .offset = offsetof(struct load, title)},
    {.name = "tool", .kind = TOOL, .offset = offsetof(struct load, tool)},
    {.name = "path", .kind = TARGET, .offset = offsetof(struct load, path)},
    {.name = "requests",
     .kind = LONG,
     .offset = offsetof(struct load, requests),
     .low = 2, /* of one ab gives no percentiles */
     .high = 1000000000},
    {.name = "seconds",
     .kind = WHOLE_SECONDS,
     .offset = offsetof(struct load, seconds),
     .low = 1,
     .high = 86400},
    {.name = "concurrency",
     .kind = INT,
     .offset = offsetof(struct load, concurrency),
     .low = 1,
     .high = 20000},
    {.name = "keepalive", .kind = YES_NO, .offset = offsetof(struct load, keepalive)},
    {.name = "clients",
     .kind = INT,
     .offset = offsetof(struct load, clients),
     .low = 1,
     .high = CLIENTS_MAX},
    {.name = "rate",
     .kind = INT,
     .offset = offsetof(struct load, rate),
     .low = 1,
     .high = RATE_MAX},
    {.name = "slo",
     .kind = INT,
     .offset = offsetof(struct load, slo),
     .low = 1,
     .high = SLO_MS_MAX},
    {.name = "idle",
     .kind = INT,
     .offset = offsetof(struct load, idle),
     .low = 1,
     .high = 1000000},
    {.name = "slice",
     .kind = LONG,
     .offset = offsetof(struct load, slice),
     .low = 2,
     .high = 1000000000},
    {.name = "priming",
     .kind = LONG,
     .offset = offsetof(struct load, priming),
     .low = 0,
     .high = 1000000000},
    {.name = "timeout",
     .kind = INT,
     .offset = offsetof(struct load, timeout),
     .low = 1,
     .high = 86400},
    {0},
};

const struct key server_keys[] = {
    {.name = "program",
     .kind = PROGRAM,
     .offset = offsetof(struct suite_server, program)},
    {.name = "environment",
     .kind = VARIABLES,
     .offset = offsetof(struct suite_server, environment)},
    {0},
};

const struct key compare_keys[] = {
    {.name = "from", .kind = TEXT, .offset = offsetof(struct suite, compare_from)},
    {.name = "to", .kind = TEXT, .offset = offsetof(struct suite, compare_to)},
    {0},
};

static void text_set(char **field, const char *value)
{
    free(*field);
    *field = alloc_copy(value);
}

/* A path is one from the suite's file on. */
static int program_set(char **field, const char *value, const char *suite_path)
{
    const char *slash = strrchr(suite_path, '/');
    int length = slash ? (int)(slash + 1 - suite_path) : 0;
    if (*value == '/' || !strchr(value, '/'))
        length = 0;
    free(*field);
    *field = alloc_format("%.*s%s", length, suite_path, value);
    return 0;
}

static int tool_set(char **field, const char *value, struct err *err)
{
    if (!tool_find(value)) {
        char *names = tool_names();
        err_set(err, "unknown tool '%s'; there are: %s", value, names);
        free(names);
        return -1;
    }
    text_set(field, value);
    return 0;
}

static int target_set(char **field, const char *value, struct err *err)
{
    bool visible = true;
    for (const char *c = value; *c; c++)
        visible = visible && *c > ' ' && *c < 127;
    if (value[0] != '/' || !visible)
        return err_set(
            err, "path '%s' must begin with / and have no blanks, and ASCII only", value);
    text_set(field, value);
    return 0;
}

/* Words, each of them NAME=VALUE. */
static int variables_set(char **field, const char *value, struct err *err)
{
    for (const char *word = value; *word; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");
        const char *equals = memchr(word, '=', length);
        if (!equals || equals == word)
            return err_set(err, "environment '%s' must be NAME=VALUE …", value);
        word += length;
    }
    text_set(field, value);
    return 0;
}

static int number_set(const struct key *key, void *field, const char *value,
                      struct err *err)
{
    long number;
    if (!number_long(&number, value, key->low, key->high))
        return err_set(err, "%s '%s' must be a whole number from %ld to %ld", key->name,
                       value, key->low, key->high);
    if (key->kind == INT)
        *(int *)field = (int)number;
    else if (key->kind == LONG)
        *(long *)field = number;
    else
        *(double *)field = (double)number;
    return 0;
}

static int yes_no_set(const struct key *key, bool *field, const char *value,
                      struct err *err)
{
    *field = strcmp(value, "yes") == 0;
    if (!*field && strcmp(value, "no") != 0)
        return err_set(err, "%s '%s' must be yes or no", key->name, value);
    return 0;
}

int key_set(const struct key *key, void *fields, const char *value,
            const char *suite_path, struct err *err)
{
    void *field = (char *)fields + key->offset;
    if (value[0] == '\0')
        return err_set(err, "%s has no value", key->name);
    switch (key->kind) {
    case TEXT:
        text_set(field, value);
        return 0;
    case PROGRAM:
        return program_set(field, value, suite_path);
    case VARIABLES:
        return variables_set(field, value, err);
    case TOOL:
        return tool_set(field, value, err);
    case TARGET:
        return target_set(field, value, err);
    case YES_NO:
        return yes_no_set(key, field, value, err);
    case INT:
    case LONG:
    case WHOLE_SECONDS:
        break;
    }
    return number_set(key, field, value, err);
}

static double number_get(const struct key *key, const void *fields)
{
    const void *field = (const char *)fields + key->offset;
    if (key->kind == INT)
        return *(const int *)field;
    return key->kind == LONG ? (double)*(const long *)field : *(const double *)field;
}

int keys_check_numbers(const struct load *load, struct err *err)
{
    for (const struct key *key = load_keys; key->name; key++) {
        if (key->kind != INT && key->kind != LONG && key->kind != WHOLE_SECONDS)
            continue;
        double number = number_get(key, load);
        if (number != 0 && !(number >= (double)key->low && number <= (double)key->high))
            return err_set(err, "load '%s': %s must be a whole number from %ld to %ld",
                           load->name, key->name, key->low, key->high);
    }
    return 0;
}
