/* outfile.c - a file that appears only once it is whole, so that a full disk leaves the one
 * from before; a device, a pipe or a link is written through, and stays what it is.
 * SPDX-License-Identifier: MIT */
#include "base/outfile.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void outfile_free(struct outfile *file)
{
    free(file->path);
    free(file->partial);
    *file = (struct outfile){0};
}

static bool is_replaceable(const char *path)
{
    struct stat status;
    return lstat(path, &status) < 0 || S_ISREG(status.st_mode);
}

int outfile_open(struct outfile *file, const char *directory, const char *name,
                 struct err *err)
{
    *file = (struct outfile){.path = alloc_format("%s/%s", directory, name)};
    if (is_replaceable(file->path))
        file->partial = alloc_format("%s.partial", file->path);
    file->stream = fopen(file->partial ? file->partial : file->path, "we");
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
    if (whole && file->partial && rename(file->partial, file->path) < 0)
        whole = false;
    if (!whole)
        failed = err_set(err, "%s: cannot write: %s", file->path, strerror(errno));
    if (!whole && file->partial)
        unlink(file->partial);
    outfile_free(file);
    return failed;
}

int outfile_check_room(const char *folder, struct err *err)
{
    static const char bytes[65536]; /* a trial's files take some 10 KB */
    char *path = alloc_format("%s/raw/room", folder);
    FILE *file = fopen(path, "we");
    bool room = file && fwrite(bytes, sizeof bytes, 1, file) == 1;
    int why = errno;
    if (file && fclose(file) == EOF && room) {
        why = errno;
        room = false;
    }
    unlink(path);
    free(path);
    return room ? 0 : err_set(err, "%s: cannot write: %s", folder, strerror(why));
}
