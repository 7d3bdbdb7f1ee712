/* profile.h - what one request costs and where its time goes, for several servers: a value
 * that measuring fills, profile.jsonl keeps, and every table and plot is made of.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROFILE_H
#define ABACUS_PROFILE_H

#include "base/err.h"
#include "model/run.h"
#include "profile/part.h"
#include "render/figure.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Every part there is, in the order of the page. */
extern const struct part part_instructions;
extern const struct part part_syscalls;
extern const struct part part_phases;
extern const struct part part_allocation;
extern const struct part part_memory;
extern const struct part part_stacks;
enum { PARTS = 6 };
extern const struct part *const parts[PARTS];

/* The place of a part of that name; PARTS: there is none. */
size_t parts_find(const char *name);

/* What one server showed. */
struct portrait {
    struct run_server server;
    json_t *data[PARTS];  /* in the order of `parts`; NULL: not had */
    char *missing[PARTS]; /* why; NULL: it was had, or not yet */
};

struct profile {
    char *started; /* UTC, ISO 8601 */
    struct fact *machine;
    size_t machine_count;
    struct portrait *portraits; /* in the order asked for */
    size_t portrait_count;
    char **notes; /* a line of the record that cannot be used */
    size_t note_count;
};

/* What a server showed of a part, borrowed; NULL: it was not had. */
const json_t *profile_part(const struct portrait *portrait, const struct part *part);

/* Whether any server showed it. */
bool profile_has(const struct profile *profile, const struct part *part);

/* A number in a JSON object; NAN where there is none of that key, or no object. */
double profile_number(const json_t *data, const char *key);

/* A text in a JSON object, borrowed; "" where there is none. */
const char *profile_text(const json_t *data, const char *key);

/* A figure as tables have it: three digits, and no digits of a zero. */
struct figure profile_figure(double value);

/* A figure as CSV has it, behind a comma: empty where there is none. And a text. */
void profile_csv_number(FILE *out, double value);
void profile_csv_text(FILE *out, const char *text);

/* A row's name as gnuplot reads it: quoted, behind no tab. */
void profile_plot_text(FILE *out, const char *text);

void profile_free(struct profile *profile);

#endif
