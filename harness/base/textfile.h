/* textfile.h - a file's text, whole or only its beginning.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEXTFILE_H
#define ABACUS_TEXTFILE_H

#include "base/err.h"

#include <stddef.h>

/* At most `limit` bytes of a file, up to the first NUL; owned by the caller. NULL: it cannot be
 * read, and why. */
char *textfile_read(const char *path, size_t limit, struct err *err);

#endif
