/* past.c - runs that are over, and what is known of them.
 * SPDX-License-Identifier: MIT */
#include "report/past.h"

#include "base/alloc.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What makes a machine another one; and what may change on it. */
static const char *const machine_facts[] = {"CPU", "cores", "SMT", "hypervisor", NULL};
static const char *const changing_facts[] = {"kernel",         "OS", "libc", "compiler",
                                             "compiler flags", NULL};

/* ---- reading ---- */

const char *past_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static char *machine_name(const json_t *summary)
{
    const json_t *machine = json_object_get(summary, "machine");
    char *name = alloc_copy("");
    for (size_t i = 0; machine_facts[i]; i++) {
        char *longer = alloc_format("%s%s%s", name, *name ? ", " : "",
                                    past_text(machine, machine_facts[i]));
        free(name);
        name = longer;
    }
    return name;
}

/* One line of profile.jsonl: what a server showed of a part. */
static void add_part(json_t *counts, const json_t *line)
{
    const char *server = past_text(line, "server"), *part = past_text(line, "part");
    json_t *data = json_object_get(line, "data");
    json_t *of = json_object_get(counts, server);
    if (!json_is_object(data))
        return;
    if (!of) {
        of = json_object();
        json_object_set_new(counts, server, of);
    }
    json_object_set(of, part, data);
}

static json_t *read_counts(const char *folder)
{
    json_t *counts = json_object(), *line;
    char *path = alloc_format("%s/profile.jsonl", folder);
    FILE *file = fopen(path, "re");
    free(path);
    while (file && (line = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
        add_part(counts, line);
        json_decref(line);
    }
    if (file)
        fclose(file);
    return counts;
}

static void add_folder(struct pasts *pasts, const char *folder)
{
    char *path = alloc_format("%s/summary.json", folder);
    json_t *summary = json_load_file(path, 0, NULL);
    free(path);
    if (!json_is_array(json_object_get(summary, "figures"))) {
        json_decref(summary);
        return;
    }
    pasts->list = alloc_resize(pasts->list, pasts->count + 1, sizeof *pasts->list);
    pasts->list[pasts->count++] = (struct past){alloc_copy(folder), machine_name(summary),
                                                summary, read_counts(folder)};
}

/* The runs in a folder of runs; or it is one itself. */
void pasts_add(struct pasts *pasts, const char *folder)
{
    glob_t found;
    struct stat status;
    char *pattern = alloc_format("%s/*", folder);
    size_t before = pasts->count;
    add_folder(pasts, folder);
    if (pasts->count == before && glob(pattern, GLOB_ONLYDIR, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (lstat(found.gl_pathv[i], &status) == 0 && S_ISDIR(status.st_mode))
                add_folder(pasts, found.gl_pathv[i]); /* not the link `latest` */
        globfree(&found);
    }
    free(pattern);
}

static int by_machine_and_time(const void *a, const void *b)
{
    const struct past *x = a, *y = b;
    int machine = strcmp(x->machine, y->machine);
    int suite = strcmp(past_text(x->summary, "suite"), past_text(y->summary, "suite"));
    int time = strcmp(past_text(x->summary, "started"), past_text(y->summary, "started"));
    return machine ? machine : suite ? suite : time;
}

void pasts_sort(struct pasts *pasts)
{
    qsort(pasts->list, pasts->count, sizeof *pasts->list, by_machine_and_time);
}

bool pasts_same_series(const struct past *a, const struct past *b)
{
    return strcmp(a->machine, b->machine) == 0 &&
           strcmp(past_text(a->summary, "suite"), past_text(b->summary, "suite")) == 0;
}

void pasts_free(struct pasts *pasts)
{
    for (size_t i = 0; i < pasts->count; i++) {
        free(pasts->list[i].folder);
        free(pasts->list[i].machine);
        json_decref(pasts->list[i].summary);
        json_decref(pasts->list[i].counts);
    }
    free(pasts->list);
}

/* ---- figures ---- */

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The row of all loads together, or of the only load; NULL. */
static const json_t *row_of(const json_t *summary, const char *server)
{
    const json_t *found = NULL, *row;
    size_t i;
    json_array_foreach(json_object_get(summary, "figures"), i, row)
    {
        if (strcmp(past_text(row, "server"), server) == 0)
            found = row; /* all loads come last */
    }
    return found;
}

/* ln of a server's ratio to the least, and half the width of its interval. */
static double log_ratio(const json_t *row, double *half)
{
    const json_t *ratio = json_object_get(row, "cpu_ratio");
    double low = number_of(ratio, "low"), high = number_of(ratio, "high");
    *half = isnan(low) ? 0 : log(high / low) / 2;
    return log(number_of(ratio, "mid"));
}

/* Beside the reference: both were held against the one with the least, so their intervals add up as
 * independent ones do. */
struct interval past_ratio(const struct past *past, const char *server,
                           const char *reference)
{
    double half, reference_half;
    double of = log_ratio(row_of(past->summary, server), &half);
    double to = log_ratio(row_of(past->summary, reference), &reference_half);
    double width = hypot(half, reference_half);
    return (struct interval){
        .low = exp(of - to - width), .mid = exp(of - to), .high = exp(of - to + width)};
}

bool past_has(const struct past *past, const char *server)
{
    return row_of(past->summary, server) != NULL;
}

double past_count(const struct past *past, const char *server, const char *part,
                  const char *figure)
{
    const json_t *of = json_object_get(past->counts, server);
    return number_of(json_object_get(of, part), figure);
}

const char *past_sha(const struct past *past, const char *server)
{
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(past->summary, "servers"), i, one)
    {
        if (strcmp(past_text(one, "name"), server) == 0)
            return past_text(one, "sha256");
    }
    return "";
}

char *past_changes(const struct past *before, const struct past *past)
{
    char *words = alloc_copy("");
    const json_t *old = json_object_get(before->summary, "machine");
    const json_t *new = json_object_get(past->summary, "machine");
    for (size_t i = 0; changing_facts[i]; i++) {
        if (strcmp(past_text(old, changing_facts[i]),
                   past_text(new, changing_facts[i])) == 0)
            continue;
        char *longer =
            alloc_format("%s%s%s", words, *words ? ", " : "", changing_facts[i]);
        free(words);
        words = longer;
    }
    return words;
}
