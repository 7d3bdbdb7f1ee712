/* judge.h - is a trial to be trusted? Each rule: what it looks at, what it allows, what
 * follows, and the words for the reader. A trial is judged by signs of its surroundings and
 * by what the load tool counted, never by how fast it was.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_JUDGE_H
#define ABACUS_JUDGE_H

#include "base/err.h"
#include "model/run.h"

#include <stdio.h>

/* Adds the remarks of every rule that the trial breaks, and sets its verdict, and the reason
 * if that is not valid. For a trial whose figures are there. */
void judge_trial(struct trial *trial, const struct load *load);

/* Changes a limit: "NAME=VALUE"; "inf" is never broken, one below 0 always. -1: no such rule, with the names; no number. */
int judge_set_limit(const char *assignment, struct err *err);

/* The rules as a table, for people. */
void judge_list(FILE *out);

#endif
