/* outfile.h - a file that appears only once it is whole, so that a full disk leaves the one
 * from before; a device, a pipe or a link is written through, and stays what it is.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_OUTFILE_H
#define ABACUS_OUTFILE_H

#include "base/err.h"

#include <stdio.h>

struct outfile {
    FILE *stream;  /* to write to; its errors are found by outfile_close */
    char *path;    /* where it will be */
    char *partial; /* where it is until then; NULL: it is written through */
};

/* 0: there is room in FOLDER/raw for what a trial writes. -1, and why not: then what failed was
 * not the server's fault. */
int outfile_check_room(const char *folder, struct err *err);

/* Begins DIRECTORY/NAME. 0, to be ended by outfile_close; or -1 with the reason. */
int outfile_open(struct outfile *file, const char *directory, const char *name,
                 struct err *err);

/* 0: the file is there, whole. -1 with the reason: nothing has changed, unless it was written
 * through. */
int outfile_close(struct outfile *file, struct err *err);

#endif
