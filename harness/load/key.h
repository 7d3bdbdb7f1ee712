/* key.h - the keys of a suite's sections: what each may be, and the field that it fills.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_KEY_H
#define ABACUS_KEY_H

#include "base/err.h"

#include <stddef.h>

struct load;

enum kind { TEXT, PROGRAM, VARIABLES, TOOL, TARGET, INT, LONG, WHOLE_SECONDS, YES_NO };

struct key {
    const char *name;
    enum kind kind;
    size_t offset;  /* of the field, in the section's struct */
    long low, high; /* of a number */
};

/* Of each kind of section; the last has no name. Those of [suite] and [compare] are fields of
 * struct suite, of [load …] of struct load, and of [server …] of struct suite_server. */
extern const struct key suite_keys[], load_keys[], server_keys[], compare_keys[];

/* Puts a value into its field in `fields`, the section's struct, which owns what it points to.
 * `suite_path`: the suite's file, from which a program's path counts. 0, or -1 with the reason:
 * there is no value, or it is none that the key can have. */
int key_set(const struct key *key, void *fields, const char *value,
            const char *suite_path, struct err *err);

/* Whether a load's numbers are in the ranges of their keys; what is 0 was not given. 0, or -1
 * with the reason. */
int keys_check_numbers(const struct load *load, struct err *err);

#endif
