/* pictures.c - the pictures of a profile: drawn, and shown in a page.
 * SPDX-License-Identifier: MIT */
#include "profile/pictures.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "render/document.h"
#include "render/gnuplot.h"
#include "render/picture.h"
#include "report/names.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static size_t plot_count(const struct part *part)
{
    size_t room = sizeof part->plots / sizeof *part->plots;
    size_t count = 0;
    while (count < room && part->plots[count].name)
        count++;
    return count;
}

/* Of letters, digits and '-' alone, for a file and for ids; the number keeps apart servers
 * whose names are then the same. Owned by the caller. */
static char *drawing_name(const struct part *part, const struct profile *profile,
                          size_t place)
{
    char *name = alloc_format("%s-%zu-%s", part->drawing.name, place + 1,
                              profile->portraits[place].server.name);
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '-';
    return name;
}

/* ---- drawn ---- */

static int draw_plot(const struct profile *profile, const struct part_plot *plot,
                     const char *folder, const char *scripts, struct err *err)
{
    struct outfile file;
    char *name = alloc_format("%s.dat", plot->name);
    int failed = outfile_open(&file, folder, name, err);
    free(name);
    if (failed)
        return -1;
    plot->write(file.stream, profile);
    if (outfile_close(&file, err) < 0)
        return -1;
    enum drawing drawing =
        gnuplot_render(folder, scripts, plot->name, plot->caption, err);
    return drawing == DRAWING_DONE ? 0 : -1;
}

static int draw_server(const struct profile *profile, const struct part *part,
                       size_t place, const char *folder, struct err *err)
{
    struct outfile file;
    char *name = drawing_name(part, profile, place);
    char *base = alloc_format("%s.svg", name);
    int failed = outfile_open(&file, folder, base, err);
    if (!failed) {
        part->drawing.write(file.stream, &profile->portraits[place], name);
        failed = outfile_close(&file, err);
    }
    free(base);
    free(name);
    return failed;
}

static int draw_servers(const struct profile *profile, const struct part *part,
                        const char *folder, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; i < profile->portrait_count && !failed; i++)
        if (profile_part(&profile->portraits[i], part))
            failed = draw_server(profile, part, i, folder, err);
    return failed;
}

int pictures_draw(const struct profile *profile, const struct part *part,
                  const char *directory, const char *scripts, struct err *err)
{
    struct err later;
    char *folder = alloc_format("%s/plots", directory);
    int failed = mkdir(folder, 0777) < 0 && errno != EEXIST
                     ? err_set(err, "%s: %s", folder, strerror(errno))
                     : 0;
    for (size_t i = 0; i < plot_count(part); i++)
        if (draw_plot(profile, &part->plots[i], folder, scripts, failed ? &later : err) <
            0)
            failed = -1;
    if (part->drawing.name &&
        draw_servers(profile, part, folder, failed ? &later : err) < 0)
        failed = -1;
    free(folder);
    return failed;
}

/* ---- shown ---- */

static void show_plot(struct page *page, const struct part_plot *plot,
                      const char *directory)
{
    char *data = alloc_format("%s.dat", plot->name);
    picture_show(page, directory, plot->name, plot->caption, data);
    free(data);
}

static void show_server(struct page *page, const struct profile *profile,
                        const struct part *part, size_t place, const char *directory)
{
    char *name = drawing_name(part, profile, place);
    char *file = alloc_format("%s.svg", name);
    document_fold(page, NULL, name_label(profile->portraits[place].server.name).text);
    picture_show(page, directory, name, part->drawing.caption, file);
    document_unfold(page);
    free(file);
    free(name);
}

void pictures_show(struct page *page, const struct profile *profile,
                   const struct part *part, const char *directory)
{
    for (size_t i = 0; i < plot_count(part); i++)
        show_plot(page, &part->plots[i], directory);
    for (size_t i = 0; part->drawing.name && i < profile->portrait_count; i++)
        if (profile_part(&profile->portraits[i], part))
            show_server(page, profile, part, i, directory);
}
