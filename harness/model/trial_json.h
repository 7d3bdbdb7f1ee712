/* trial_json.h - a trial as a JSON object and back.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TRIAL_JSON_H
#define ABACUS_TRIAL_JSON_H

#include "base/err.h"
#include "model/run.h"

#include <jansson.h>

/* A new object, owned by the caller. It names the server and the load, which are numbers in
 * memory: so a record can be read by itself. */
json_t *trial_to_json(const struct run *run, const struct trial *trial);

/* 0, the trial then owned by the caller (trial_free); or -1, with nothing to free: a field is
 * missing or of another type, or the run does not have the server or the load. */
int trial_from_json(struct trial *trial, const struct run *run, const json_t *json,
                    struct err *err);

#endif
