/* textfile.c - a file's text, whole or only its beginning.
 * SPDX-License-Identifier: MIT */
#include "base/textfile.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 65536 };

/* NULL, with errno, if it cannot be read. */
static char *read_all(FILE *file, size_t limit)
{
    char *text = alloc_zeroed(1, 1);
    size_t length = 0, step = 0, n = 0;
    while (length < limit && n == step) {
        step = limit - length < STEP ? limit - length : STEP;
        text = alloc_resize(text, length + step + 1, 1);
        n = fread(text + length, 1, step, file);
        length += n;
    }
    text[length] = '\0';
    if (!ferror(file))
        return text;
    free(text);
    return NULL;
}

char *textfile_read(const char *path, size_t limit, struct err *err)
{
    FILE *file = fopen(path, "re");
    char *text = file ? read_all(file, limit) : NULL;
    if (!text)
        err_set(err, "%s: cannot read: %s", path, strerror(errno));
    if (file)
        fclose(file);
    return text;
}
