/* jsonl.h - a file of JSON objects, one a line, and a struct as such an object and back.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_JSONL_H
#define ABACUS_JSONL_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum field_kind {
    FIELD_TEXT,          /* char *, owned by the struct */
    FIELD_OPTIONAL_TEXT, /* the same; NULL is null, or not there: older records lack some */
    FIELD_DOUBLE,        /* NAN is null: JSON has no NaN */
    FIELD_OPTIONAL_DOUBLE, /* the same; NAN also where it is not there */
    FIELD_LONG,
    FIELD_INT,
    FIELD_OPTIONAL_INT, /* the same; 0 where it is not there */
    FIELD_BOOL,
};

/* A member of a struct; a table of them ends with one whose name is NULL. */
struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
};

/* A new object, owned by the caller. */
json_t *fields_to_json(const struct field *fields, const void *object);

/* Fills `object`, which must be zeroed and owns its texts even if this fails. -1: a field is
 * missing or of another type; the reason names it. */
int fields_from_json(const struct field *fields, void *object, const json_t *json,
                     struct err *err);

/* A string, or null for NULL. Bytes that are not UTF-8 (a server may say anything) become
 * '?'. */
json_t *fields_text(const char *text);

/* A number, or null for what is not finite. */
json_t *fields_number(double value);

/* Writes the object, which it takes, as one line, and flushes it. 0, or -1 with the reason (a
 * full disk, say), which calls the file by its kind: "record". */
int jsonl_write(FILE *file, json_t *line, const char *kind, struct err *err);

/* DIRECTORY/NAME; with the mode "re", where there is none, NAME.gz. NULL with the reason. */
FILE *jsonl_open(const char *directory, const char *name, const char *mode,
                 struct err *err);

/* To write on behind the last whole line: one that a crash cut off is removed. */
FILE *jsonl_reopen(const char *directory, const char *name, struct err *err);

/* Who reads: KIND.jsonl. */
struct jsonl {
    const char *kind;
    void *owner;
    int (*take)(void *owner, const json_t *line, struct err *err); /* -1: unusable */
    void (*note)(void *owner, const char *text);
};

/* Hands each line to `take`. One that cannot be used (cut off, not JSON, or not taken) is left
 * out, and a note names it with its number, or only counts it if there are many. -1: the first
 * line cannot be used, or the file cannot be read. */
int jsonl_read(const struct jsonl *reader, FILE *file, struct err *err);

#endif
