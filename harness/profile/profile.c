/* profile.c - what one request costs, for several servers: the parts, and the value.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct part *const parts[PARTS] = {
    &part_phases,     &part_instructions, &part_syscalls,
    &part_allocation, &part_memory,       &part_stacks,
};

size_t parts_find(const char *name)
{
    size_t part = 0;
    while (part < PARTS && (!name || strcmp(parts[part]->name, name) != 0))
        part++;
    return part;
}

const json_t *profile_part(const struct portrait *portrait, const struct part *part)
{
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i] == part)
            return portrait->data[i];
    return NULL;
}

bool profile_has(const struct profile *profile, const struct part *part)
{
    for (size_t i = 0; i < profile->portrait_count; i++)
        if (profile_part(&profile->portraits[i], part))
            return true;
    return false;
}

double profile_number(const json_t *data, const char *key)
{
    const json_t *number = json_object_get(data, key);
    return json_is_number(number) ? json_number_value(number) : NAN;
}

const char *profile_text(const json_t *data, const char *key)
{
    const char *text = json_string_value(json_object_get(data, key));
    return text ? text : "";
}

struct figure profile_figure(double value)
{
    return value == 0 ? figure_count(0) : figure_short(value);
}

void profile_csv_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.6g", value);
    else
        fputc(',', out);
}

void profile_csv_text(FILE *out, const char *text)
{
    bool plain = !strpbrk(text, ",\"\r\n");
    fputs(plain ? "" : "\"", out);
    for (; *text; text++)
        fprintf(out, "%s%c", *text == '"' ? "\"" : "", *text);
    fputs(plain ? "" : "\"", out);
}

/* gnuplot reads a quoted string up to the next quote, and knows no escape. */
void profile_plot_text(FILE *out, const char *text)
{
    char *clean = utf8_clean(text);
    for (char *quote = clean; (quote = strchr(quote, '"'));)
        *quote = '\'';
    fprintf(out, "\"%s\"", clean);
    free(clean);
}

static void portrait_free(struct portrait *portrait)
{
    for (size_t i = 0; i < PARTS; i++) {
        json_decref(portrait->data[i]);
        free(portrait->missing[i]);
    }
    free(portrait->server.name);
    free(portrait->server.path);
    free(portrait->server.about);
    free(portrait->server.sha256);
    free(portrait->server.control_of);
    free(portrait->server.missing);
}

void profile_free(struct profile *profile)
{
    for (size_t i = 0; i < profile->portrait_count; i++)
        portrait_free(&profile->portraits[i]);
    for (size_t i = 0; i < profile->machine_count; i++) {
        free(profile->machine[i].name);
        free(profile->machine[i].value);
    }
    for (size_t i = 0; i < profile->note_count; i++)
        free(profile->notes[i]);
    free(profile->notes);
    free(profile->portraits);
    free(profile->machine);
    free(profile->started);
    *profile = (struct profile){0};
}
