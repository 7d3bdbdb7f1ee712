/* record.h - record.jsonl: a run, written line by line as it happens, and read back.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RECORD_H
#define ABACUS_RECORD_H

#include "base/err.h"
#include "model/run.h"

#include <stdio.h>

#define RECORD_NAME "record.jsonl"

/* Each writes one JSON object as one line, and flushes it. 0, or -1 with the reason (a full
 * disk, say). The head (suite, seed, machine, servers) comes first, a trial or a slice as it
 * ends, how a load is sliced before its first slice, what memory idle connections take before the
 * slices beside them, the end when all rounds are done. */
int record_write_head(FILE *file, const struct run *run, struct err *err);
int record_write_trial(FILE *file, const struct run *run, const struct trial *trial,
                       struct err *err);
int record_write_slice(FILE *file, const struct slice *slice, struct err *err);
int record_write_holding(FILE *file, const struct holding *holding, struct err *err);
int record_write_slicing(FILE *file, const struct run *run, size_t load, struct err *err);
int record_write_end(FILE *file, const struct run *run, struct err *err);

/* That the run goes on: with how many rounds, and with the notes from `first_note` on, which
 * the lines before do not have. */
int record_write_resume(FILE *file, const struct run *run, size_t first_note,
                        struct err *err);

/* DIRECTORY/record.jsonl, to be written to; a new file, or the one that is there, behind its
 * last whole line: one that a crash cut off is removed. NULL with the reason. */
FILE *record_create(const char *directory, struct err *err);
FILE *record_reopen(const char *directory, struct err *err);

/* Reads a record. A line that cannot be used (cut off, not JSON, a field
 * missing or of another type) is left out, and named in run->notes with its number,
 * or only counted if there are many. 0, the run then owned by the caller (run_free); or -1
 * if there is no head to go by. */
int record_parse(struct run *run, FILE *file, struct err *err);

/* The same of DIRECTORY/record.jsonl; or, where there is none, of record.jsonl.gz. */
int record_read(struct run *run, const char *directory, struct err *err);

#endif
