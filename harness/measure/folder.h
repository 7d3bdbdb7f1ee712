/* folder.h - a run's folder: results/<UTC time>-<host>/, and results/latest.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FOLDER_H
#define ABACUS_FOLDER_H

#include "base/err.h"

/* Makes the folder of a new run, with raw/ in it: `wanted`, which must not hold a record yet,
 * or, if that is NULL, RESULTS/<UTC time>-<host>. The folder is then this process's until its
 * end. Returns its path, owned by the caller, or NULL with the reason. */
char *folder_create(const char *results, const char *wanted, struct err *err);

/* Points RESULTS/latest at a run's folder, unless something else than a link lies there. */
void folder_point_latest(const char *results, const char *folder);

/* Takes hold of the folder of a run that is there, to go on with it. A copy of its path, owned
 * by the caller, or NULL with the reason: another abacus is at work in it. */
char *folder_reopen(const char *folder, struct err *err);

/* The time now, UTC, as ISO 8601; owned by the caller. */
char *folder_time_now(void);

#endif
