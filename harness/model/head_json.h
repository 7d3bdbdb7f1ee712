/* head_json.h - what a run is, as a JSON object and back: all of it but its trials.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_HEAD_JSON_H
#define ABACUS_HEAD_JSON_H

#include "base/err.h"
#include "model/run.h"

#include <jansson.h>

/* A new object, owned by the caller. */
json_t *head_to_json(const struct run *run);

/* Fills `run`, which must be empty, and which owns what was read even if this fails. What
 * can be done without (a server or a load that is there twice, a comparison of loads that
 * are not) is left out, and named in run->notes. -1: a field that is needed is missing, of
 * another type or out of range. */
int head_from_json(struct run *run, const json_t *json, struct err *err);

/* That a run goes on, of how many rounds, and with the notes from `first_note` on; and back,
 * into the run as it was. */
json_t *resume_to_json(const struct run *run, size_t first_note);
int resume_from_json(struct run *run, const json_t *json, struct err *err);

#endif
