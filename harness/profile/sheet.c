/* sheet.c - from a profile to the files that people read.
 * SPDX-License-Identifier: MIT */
#include "profile/sheet.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "profile/gap.h"
#include "profile/overview.h"
#include "profile/whatif.h"
#include "report/gnuplot.h"
#include "report/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the page ---- */

/* Servers that lack a part for one and the same reason share a line. */
static void write_missing(struct page *page, const struct profile *profile, size_t part)
{
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const char *why = profile->portraits[i].missing[part];
        struct names names = {0};
        bool told = false;
        for (size_t j = 0; why && j < profile->portrait_count; j++) {
            const char *other = profile->portraits[j].missing[part];
            if (!other || strcmp(other, why) != 0)
                continue;
            told |= j < i;
            names_add(&names, profile->portraits[j].server.name);
        }
        char *joined = names_join(&names);
        if (why && !told)
            page_item(page, "Not known of %s: %s.", joined, why);
        free(joined);
        names_free(&names);
    }
}

static void write_part(struct page *page, const struct profile *profile, size_t part)
{
    page_heading(page, 2, "%s", parts[part]->heading);
    write_missing(page, profile, part);
    if (profile_has(profile, parts[part]))
        parts[part]->write(page, profile);
}

static void write_left_out(struct page *page, const struct profile *profile)
{
    for (size_t i = 0; i < profile->portrait_count; i++)
        if (profile->portraits[i].server.missing)
            page_item(page, "%s is left out: %s",
                      name_label(profile->portraits[i].server.name).text,
                      profile->portraits[i].server.missing);
    for (size_t i = 0; i < profile->note_count; i++)
        page_item(page, "%s", profile->notes[i]);
}

static void write_page(FILE *out, const struct profile *profile, enum format format)
{
    struct page page = {.out = out, .format = format};
    page_heading(&page, 1, "What one request costs");
    page_text(&page, "GET / without keep-alive, by ab, %s.", profile->started);
    write_left_out(&page, profile);
    overview_write(&page, profile);
    for (size_t part = 0; part < PARTS; part++)
        write_part(&page, profile, part);
    whatif_write(&page, profile);
    gap_write(&page, profile);
}

static int write_format(const struct profile *profile, const char *directory,
                        const char *name, enum format format, struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, directory, name, err) < 0)
        return -1;
    write_page(file.stream, profile, format);
    return outfile_close(&file, err);
}

/* ---- data and pictures ---- */

static int write_csv(const struct profile *profile, const struct part *part,
                     const char *directory, struct err *err)
{
    struct outfile file;
    char *name = alloc_format("profile-%s.csv", part->name);
    int failed = outfile_open(&file, directory, name, err);
    free(name);
    if (failed)
        return -1;
    part->write_csv(file.stream, profile);
    return outfile_close(&file, err);
}

static int draw(const char *name, const char *extension, const char *folder,
                const char *scripts, struct err *err)
{
    char *script = alloc_format("%s/%s.gp", scripts, name);
    char *data = alloc_format("%s/%s.dat", folder, name);
    char *picture = alloc_format("%s/%s.%s", folder, name, extension);
    enum drawing drawing = gnuplot_draw(script, data, picture, err);
    free(script);
    free(data);
    free(picture);
    return drawing == DRAWING_DONE ? 0 : -1;
}

static int write_plot(const struct profile *profile, const struct part_plot *plot,
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
    if (draw(plot->name, "svg", folder, scripts, err) < 0)
        return -1;
    return draw(plot->name, "png", folder, scripts, err);
}

static int write_data(const struct profile *profile, const struct part *part,
                      const char *directory, const char *scripts, struct err *err)
{
    struct err later;
    size_t room = sizeof part->plots / sizeof *part->plots;
    char *folder = alloc_format("%s/plots", directory);
    int failed = write_csv(profile, part, directory, err);
    if (mkdir(folder, 0777) < 0 && errno != EEXIST && !failed)
        failed = err_set(err, "%s: %s", folder, strerror(errno));
    for (size_t i = 0; i < room && part->plots[i].name; i++)
        if (write_plot(profile, &part->plots[i], folder, scripts, failed ? &later : err) <
            0)
            failed = -1;
    if (part->write_files &&
        part->write_files(folder, profile, failed ? &later : err) < 0)
        failed = -1;
    free(folder);
    return failed;
}

int sheet_render(const struct profile *profile, const char *directory,
                 const char *scripts, struct err *err)
{
    struct err later;
    int failed = write_format(profile, directory, "profile.txt", FORMAT_TEXT, err);
    if (write_format(profile, directory, "profile.md", FORMAT_MARKDOWN,
                     failed ? &later : err) < 0)
        failed = -1;
    for (size_t i = 0; i < PARTS; i++)
        if (profile_has(profile, parts[i]) &&
            write_data(profile, parts[i], directory, scripts, failed ? &later : err) < 0)
            failed = -1;
    return failed;
}
