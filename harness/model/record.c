/* record.c - record.jsonl: a run, written line by line as it happens, and read back.
 * SPDX-License-Identifier: MIT */
#include "model/record.h"

#include "base/alloc.h"
#include "model/fields.h"
#include "model/head_json.h"
#include "model/trial_json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* A record with more lines that cannot be used is not worth naming each. */
enum { BAD_LINES_NAMED = 20 };

/* ---- writing ---- */

static int write_line(FILE *file, json_t *json, struct err *err)
{
    int failed = json_dumpf(json, file, JSON_COMPACT | JSON_REAL_PRECISION(10)) < 0 ||
                 putc('\n', file) == EOF || fflush(file) == EOF;
    json_decref(json);
    if (failed)
        return err_set(err, "cannot write the record: %s", strerror(errno));
    return 0;
}

int record_write_head(FILE *file, const struct run *run, struct err *err)
{
    return write_line(file, head_to_json(run), err);
}

int record_write_trial(FILE *file, const struct run *run, const struct trial *trial,
                       struct err *err)
{
    json_t *json = trial_to_json(run, trial);
    json_object_set_new(json, "type", json_string("trial"));
    return write_line(file, json, err);
}

int record_write_end(FILE *file, const struct run *run, struct err *err)
{
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string("end"));
    json_object_set_new(json, "wall_s", fields_number(run->wall_s));
    return write_line(file, json, err);
}

int record_write_resume(FILE *file, const struct run *run, size_t first_note,
                        struct err *err)
{
    return write_line(file, resume_to_json(run, first_note), err);
}

/* ---- the file ---- */

static FILE *open_record(const char *directory, const char *mode, struct err *err)
{
    char *path = alloc_format("%s/" RECORD_NAME, directory);
    FILE *file = fopen(path, mode);
    int why = errno;
    if (!file)
        err_set(err, "%s: %s", path, strerror(why));
    free(path);
    errno = why;
    return file;
}

FILE *record_create(const char *directory, struct err *err)
{
    return open_record(directory, "wxe", err);
}

/* Where the whole lines end. A last one that lacks nothing but its newline is whole. */
static long end_of_lines(FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    long end = 0;
    while ((length = getline(&line, &size, file)) > 0) {
        json_t *json = line[length - 1] == '\n'
                           ? NULL
                           : json_loadb(line, (size_t)length, 0, &(json_error_t){0});
        if (json || line[length - 1] == '\n')
            end += length;
        json_decref(json);
    }
    free(line);
    return ferror(file) ? -1 : end;
}

/* Removes what is cut off, and ends the last line where it is not. */
static int mend_end(FILE *file)
{
    long end = end_of_lines(file);
    if (end <= 0 || ftruncate(fileno(file), end) < 0 ||
        fseek(file, end - 1, SEEK_SET) < 0)
        return -1;
    bool ended = getc(file) == '\n';
    if (fseek(file, 0, SEEK_END) < 0)
        return -1;
    return ended || putc('\n', file) != EOF ? 0 : -1;
}

FILE *record_reopen(const char *directory, struct err *err)
{
    FILE *file = open_record(directory, "r+e", err);
    if (!file || mend_end(file) == 0)
        return file;
    err_set(err, "%s/record.jsonl: %s", directory, strerror(errno));
    fclose(file);
    return NULL;
}

/* ---- the compressed file ---- */

static ssize_t zipped_read(void *file, char *bytes, size_t size)
{
    int n = gzread(file, bytes, (unsigned)size);
    if (n < 0)
        errno = EIO;
    return n;
}

static int zipped_close(void *file)
{
    return gzclose(file) == Z_OK ? 0 : EOF;
}

/* As gzip(1) leaves it; NULL if there is none. */
static FILE *open_zipped(const char *directory)
{
    char *path = alloc_format("%s/" RECORD_NAME ".gz", directory);
    gzFile zipped = gzopen(path, "re");
    FILE *file = zipped ? fopencookie(zipped, "r",
                                      (cookie_io_functions_t){.read = zipped_read,
                                                              .close = zipped_close})
                        : NULL;
    free(path);
    return file;
}

/* ---- reading ---- */

static int read_trial(struct run *run, const json_t *json, struct err *err)
{
    struct trial trial;
    if (trial_from_json(&trial, run, json, err) < 0)
        return -1;
    if (trial.round < 1 || trial.round > ROUNDS_MAX || trial.attempt < 1) {
        err_set(err, "a trial of round %d, attempt %d", trial.round, trial.attempt);
        trial_free(&trial);
        return -1;
    }
    run_add_trial(run, &trial);
    return 0;
}

static int read_end(struct run *run, const json_t *json)
{
    const json_t *wall = json_object_get(json, "wall_s");
    run->finished = true;
    run->wall_s = json_is_number(wall) ? json_number_value(wall) : NAN;
    return 0;
}

static int read_resume(struct run *run, const json_t *json, struct err *err)
{
    if (resume_from_json(run, json, err) < 0)
        return -1;
    run->finished = false;
    run->wall_s = NAN;
    return 0;
}

static int read_object(struct run *run, const json_t *json, struct err *err)
{
    const char *type = json_string_value(json_object_get(json, "type"));
    bool has_head = run->started != NULL;
    if (type && strcmp(type, "run") == 0 && !has_head)
        return head_from_json(run, json, err);
    if (!has_head)
        return err_set(err, "the record does not begin with a line of type 'run'");
    if (type && strcmp(type, "trial") == 0)
        return read_trial(run, json, err);
    if (type && strcmp(type, "resume") == 0)
        return read_resume(run, json, err);
    if (type && strcmp(type, "end") == 0)
        return read_end(run, json);
    return err_set(err, "a line of unknown type");
}

static int read_line(struct run *run, const char *line, size_t length, struct err *err)
{
    json_error_t error;
    json_t *json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        return err_set(err, "not JSON%s: %s",
                       line[length - 1] == '\n' ? "" : ", cut off at the end",
                       error.text);
    int result = read_object(run, json, err);
    json_decref(json);
    return result;
}

/* The record without its first line says of what it is: nothing. */
static int read_first_line(struct run *run, FILE *file, char **line, size_t *size,
                           struct err *err)
{
    struct err why;
    ssize_t length = getline(line, size, file);
    if (length <= 0)
        return err_set(err, "not a record: %s",
                       ferror(file) ? strerror(errno) : "it is empty");
    if (read_line(run, *line, (size_t)length, &why) < 0)
        return err_set(err, "not a record: %s", why.text);
    return 0;
}

static void read_other_lines(struct run *run, FILE *file, char **line, size_t *size)
{
    struct err why;
    ssize_t length;
    size_t bad = 0;
    for (size_t number = 2; (length = getline(line, size, file)) > 0; number++)
        if (read_line(run, *line, (size_t)length, &why) < 0 && ++bad <= BAD_LINES_NAMED)
            run_add_note(run, "record.jsonl:%zu: left out: %s", number, why.text);
    if (bad > BAD_LINES_NAMED)
        run_add_note(run, "record.jsonl: %zu more lines are left out",
                     bad - BAD_LINES_NAMED);
}

int record_parse(struct run *run, FILE *file, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    *run = (struct run){.wall_s = NAN};
    int failed = read_first_line(run, file, &line, &size, err);
    if (!failed)
        read_other_lines(run, file, &line, &size);
    free(line);
    if (!failed && ferror(file))
        failed = err_set(err, "cannot be read: %s", strerror(errno));
    if (failed)
        run_free(run);
    return failed;
}

int record_read(struct run *run, const char *directory, struct err *err)
{
    struct err why;
    *run = (struct run){.wall_s = NAN};
    FILE *file = open_record(directory, "re", err);
    if (!file && errno == ENOENT)
        file = open_zipped(directory);
    if (!file)
        return -1;
    int failed = record_parse(run, file, &why);
    fclose(file);
    return failed ? err_set(err, "%s/record.jsonl: %s", directory, why.text) : 0;
}
