/* judge.h - is a trial to be trusted? Each rule: what it looks at, what it allows, what
 * follows, and the words for the reader. A trial is judged by signs of its surroundings and
 * by what the load tool counted, never by how fast it was.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_JUDGE_H
#define ABACUS_JUDGE_H

#include "base/err.h"
#include "model/run.h"

#include <stdio.h>

enum { RULES_MAX = 32 };

/* What each rule allows, in the order in which they are listed. */
struct limits {
    double of[RULES_MAX];
};

void limits_usual(struct limits *limits);

/* Changes a limit: "NAME=VALUE"; "inf" is never broken, one below 0 always. -1: no such rule,
 * with the names; no number. */
int limits_set(struct limits *limits, const char *assignment, struct err *err);

/* Adds the remarks of every rule that the trial breaks, and sets its verdict, and the reason
 * if that is not valid. For a trial whose figures are there. */
void judge_trial(struct trial *trial, const struct load *load,
                 const struct limits *limits);

/* What a remark of a rule says, in a line; `value` may be NAN. Owned by the caller. */
char *judge_words(const char *rule, double value, double limit);

/* The rules as a table, for people. */
void judge_list(FILE *out);

#endif
