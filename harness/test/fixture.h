/* fixture.h - captured printouts for the parsers' tests: read them, alter them, and put the
 * result in a file of its own.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEST_FIXTURE_H
#define ABACUS_TEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Tests run from the tree's root. */
static inline void fixture_path(char *path, size_t size, const char *tool,
                                const char *name, const char *suffix)
{
    snprintf(path, size, "harness/test/fixtures/%s/%s.%s", tool, name, suffix);
}

/* A whole fixture as a string, owned by the caller. */
static inline char *fixture_read(const char *tool, const char *name, const char *suffix,
                                 size_t *size)
{
    char path[256];
    fixture_path(path, sizeof path, tool, name, suffix);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    *size = fread(text, 1, 65535, file);
    assert_true(feof(file));
    fclose(file);
    return text;
}

/* `text` with the first `from` replaced, owned by the caller. */
static inline char *text_replace(const char *text, const char *from, const char *to)
{
    char *altered = NULL;
    const char *found = strstr(text, from);
    assert_non_null(found);
    assert_true(asprintf(&altered, "%.*s%s%s", (int)(found - text), text, to,
                         found + strlen(from)) > 0);
    return altered;
}

/* Writes a new file under /tmp, which the caller unlinks; `path` holds 64 bytes. */
static inline void scratch_write(char *path, const char *bytes, size_t size)
{
    snprintf(path, 64, "/tmp/abacus-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(close(fd), 0);
}

#endif
