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

/* Of a program in a UTF-8 locale: gnuplot complains of the degree sign in any other, and a new
 * machine has none set. The caller's own stays as it was. */
static int capture_utf8(char *const *argv, char *said, size_t size, struct err *err)
{
    const char *set = getenv("LC_ALL");
    char *before = set ? alloc_copy(set) : NULL;
    setenv("LC_ALL", "C.UTF-8", 1);
    int status = proc_capture(argv, said, size, TIMEOUT_MS, err);
    if (before)
        setenv("LC_ALL", before, 1);
    else
        unsetenv("LC_ALL");
    free(before);
    return status;
}

/* gnuplot may warn and end with 0: then too something is wrong with the picture. */
static enum drawing run(char *const *argv, struct err *err)
{
    char said[256];
    int status = capture_utf8(argv, said, sizeof said, err);
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

enum drawing gnuplot_draw(const char *script, const char *data, const char *picture,
                          struct err *err)
{
    char *argv[] = {alloc_copy("gnuplot"), alloc_copy("-c"),    alloc_copy(script),
                    alloc_copy(data),      alloc_copy(picture), NULL};
    enum drawing drawing = run(argv, err);
    if (drawing != DRAWING_DONE)
        unlink(picture);
    for (size_t i = 0; argv[i]; i++)
        free(argv[i]);
    return drawing;
}

static enum drawing draw_as(const char *folder, const char *scripts, const char *name,
                            const char *extension, struct err *err)
{
    char *script = alloc_format("%s/%s.gp", scripts, name);
    char *data = alloc_format("%s/%s.dat", folder, name);
    char *picture = alloc_format("%s/%s.%s", folder, name, extension);
    enum drawing drawing = gnuplot_draw(script, data, picture, err);
    free(script);
    free(data);
    free(picture);
    return drawing;
}

/* Not twice what went wrong with a script. */
enum drawing gnuplot_render(const char *folder, const char *scripts, const char *name,
                            const char *label, struct err *err)
{
    enum drawing drawing = draw_as(folder, scripts, name, "svg", err);
    if (drawing == DRAWING_DONE && svg_adopt(folder, name, label, err) < 0)
        drawing = DRAWING_FAILED;
    return drawing == DRAWING_DONE ? draw_as(folder, scripts, name, "png", err) : drawing;
}
