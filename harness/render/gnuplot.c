/* gnuplot.c - draws a picture: runs gnuplot on a script.
 * SPDX-License-Identifier: MIT */
#include "render/gnuplot.h"

#include "base/alloc.h"
#include "host/proc.h"
#include "render/svg.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One picture takes less than a second; a machine that is busy may take its time. */
enum { TIMEOUT_MS = 60000 };

/* gnuplot may warn and end with 0: then too something is wrong with the picture. */
static enum drawing run(char *const *argv, struct err *err)
{
    char said[256];
    /* gnuplot complains of the degree sign in any other locale, and a new machine has none. */
    int status =
        proc_capture_with(argv, "LC_ALL=C.UTF-8", said, sizeof said, TIMEOUT_MS, err);
    if (status < 0) {
        struct err why = *err;
        err_set(err, "plots: %.300s (Debian's package is gnuplot-nox)", why.text);
        return DRAWING_CANNOT;
    }
    if (status == 0 && !said[0])
        return DRAWING_DONE;
    const char *line = said + strspn(said, "\n");
    err_set(err, "plots: gnuplot %s: %s: %.*s", argv[2], proc_status_text(status),
            (int)strcspn(line, "\n"), line);
    return DRAWING_FAILED;
}

enum drawing gnuplot_render(const char *folder, const char *scripts, const char *name,
                            const char *label, struct err *err)
{
    char *argv[] = {alloc_copy("gnuplot"),
                    alloc_copy("-c"),
                    alloc_format("%s/%s.gp", scripts, name),
                    alloc_format("%s/%s.dat", folder, name),
                    alloc_format("%s/%s.svg", folder, name),
                    NULL};
    enum drawing drawing = run(argv, err);
    if (drawing != DRAWING_DONE)
        unlink(argv[4]);
    else if (svg_adopt(folder, name, label, err) < 0)
        drawing = DRAWING_FAILED;
    for (size_t i = 0; argv[i]; i++)
        free(argv[i]);
    return drawing;
}
