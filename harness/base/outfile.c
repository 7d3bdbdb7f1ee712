/* outfile.c - a file that appears only once it is whole, so that a full disk leaves the one
 * from before.
 * SPDX-License-Identifier: MIT */
#include "base/outfile.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void outfile_free(struct outfile *file)
{
    free(file->path);
    free(file->partial);
    *file = (struct outfile){0};
}

int outfile_open(struct outfile *file, const char *directory, const char *name,
                 struct err *err)
{
    *file = (struct outfile){
        .path = alloc_format("%s/%s", directory, name),
        .partial = alloc_format("%s/%s.partial", directory, name),
    };
    file->stream = fopen(file->partial, "we");
    if (file->stream)
        return 0;
    err_set(err, "%s: cannot write: %s", file->path, strerror(errno));
    outfile_free(file);
    return -1;
}

int outfile_close(struct outfile *file, struct err *err)
{
    bool whole = !ferror(file->stream);
    int failed = 0;
    errno = EIO; /* what it was if a write failed earlier is lost */
    if (fclose(file->stream) != 0)
        whole = false;
    if (!whole || rename(file->partial, file->path) < 0) {
        failed = err_set(err, "%s: cannot write: %s", file->path, strerror(errno));
        unlink(file->partial);
    }
    outfile_free(file);
    return failed;
}
