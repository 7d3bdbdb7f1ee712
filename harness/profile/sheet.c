/* sheet.c - from a profile to the files that people read.
 * SPDX-License-Identifier: MIT */
#include "profile/sheet.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "profile/gap.h"
#include "profile/overview.h"
#include "profile/pictures.h"
#include "profile/whatif.h"
#include "render/document.h"
#include "report/names.h"

#include <stdlib.h>
#include <string.h>

static const char title[] = "What one request costs";

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

/* Whether it was looked at: had, or missed for a reason. */
static bool is_told(const struct profile *profile, size_t part)
{
    bool told = profile_has(profile, parts[part]);
    for (size_t i = 0; i < profile->portrait_count; i++)
        told |= profile->portraits[i].missing[part] != NULL;
    return told;
}

/* In HTML a section, with its pictures. */
static void write_part(struct page *page, const struct profile *profile, size_t part,
                       const char *directory)
{
    bool html = page->format == FORMAT_HTML;
    if (html)
        document_section_open(page, parts[part]->name, parts[part]->heading);
    else
        page_heading(page, 2, "%s", parts[part]->heading);
    write_missing(page, profile, part);
    if (profile_has(profile, parts[part]))
        parts[part]->write(page, profile);
    if (html && profile_has(profile, parts[part]))
        pictures_show(page, profile, parts[part], directory);
    if (html)
        document_section_close(page);
}

static void write_contents(struct page *page, const struct profile *profile)
{
    struct section sections[PARTS];
    size_t count = 0;
    for (size_t part = 0; part < PARTS; part++)
        if (is_told(profile, part))
            sections[count++] =
                (struct section){.id = parts[part]->name, .title = parts[part]->heading};
    document_contents(page, sections, count, NULL);
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

void profile_sheet_write(struct page *page, const struct profile *profile,
                         const char *directory)
{
    page_text(page, "GET / without keep-alive, by ab, %s.", profile->started);
    write_left_out(page, profile);
    if (page->format == FORMAT_HTML)
        write_contents(page, profile);
    overview_write(page, profile);
    for (size_t part = 0; part < PARTS; part++)
        if (is_told(profile, part))
            write_part(page, profile, part, directory);
    whatif_write(page, profile);
    gap_write(page, profile);
}

static int write_format(const struct profile *profile, const char *directory,
                        const char *name, enum format format, struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, directory, name, err) < 0)
        return -1;
    struct page page = {.out = file.stream, .format = format};
    if (format == FORMAT_HTML)
        document_open(&page, file.stream, title);
    page_heading(&page, 1, "%s", title);
    profile_sheet_write(&page, profile, directory);
    if (format == FORMAT_HTML)
        document_close(&page);
    return outfile_close(&file, err);
}

int profile_sheet_page(const struct profile *profile, const char *directory,
                       struct err *err)
{
    return write_format(profile, directory, "report.html", FORMAT_HTML, err);
}

/* ---- all of it ---- */

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

static int write_data(const struct profile *profile, const struct part *part,
                      const char *directory, const char *scripts, struct err *err)
{
    struct err later;
    int failed = write_csv(profile, part, directory, err);
    if (pictures_draw(profile, part, directory, scripts, failed ? &later : err) < 0)
        failed = -1;
    return failed;
}

int profile_sheet_render(const struct profile *profile, const char *directory,
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
