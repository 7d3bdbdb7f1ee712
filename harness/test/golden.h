/* golden.h - compares what was written with the file that keeps what it should be. Run with
 * UPDATE_GOLDEN=1 a test writes those files anew: then read them.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEST_GOLDEN_H
#define ABACUS_TEST_GOLDEN_H

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline char *golden_path(const char *name)
{
    return alloc_format("harness/test/golden/%s", name);
}

static inline void golden_update(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The file's text, owned by the caller. */
static inline char *golden_read(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s is missing: UPDATE_GOLDEN=1 makes it", path);
    size_t size = 0;
    char *text = NULL;
    if (getdelim(&text, &size, '\0', file) < 0)
        fail_msg("%s is empty", path);
    fclose(file);
    return text;
}

static inline void golden_fail(const char *path, const char *text, const char *expected)
{
    int line = 1;
    while (*text && *text == *expected) {
        line += *text == '\n';
        text++;
        expected++;
    }
    fail_msg("%s:%d: came '%.*s', expected '%.*s'", path, line, (int)strcspn(text, "\n"),
             text, (int)strcspn(expected, "\n"), expected);
}

static inline void golden_check(const char *name, const char *text)
{
    char *path = golden_path(name);
    if (getenv("UPDATE_GOLDEN"))
        golden_update(path, text);
    char *expected = golden_read(path);
    if (strcmp(text, expected) != 0)
        golden_fail(path, text, expected);
    free(expected);
    free(path);
}

#endif
