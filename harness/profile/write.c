/* write.c - from a profile to the files that people read: page, text, columns, pictures.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "base/quote.h"
#include "render/document.h"
#include "render/gnuplot.h"
#include "render/names.h"
#include "render/picture.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char title[] = "What one request costs";

/* ---- what the parts' tables are made of ---- */

static void table_init(struct grid *grid, const struct part_table *table)
{
    size_t count = 0;
    while (table->columns[count].head)
        count++;
    grid_init(grid, table->columns, count);
}

static bool table_end(struct grid *grid, struct page *page,
                      const struct part_table *table)
{
    bool any = grid->cell_count > 0;
    if (any && table->text)
        page_text(page, "%s", table->text);
    if (any)
        grid_write(grid, page);
    grid_free(grid);
    return any;
}

bool profile_table(struct page *page, const struct profile *profile,
                   const struct part *part, const struct part_table *table)
{
    struct grid grid;
    table_init(&grid, table);
    for (size_t i = 0; i < profile->server_count; i++) {
        const json_t *data = profile_part(&profile->servers[i], part);
        if (data)
            table->rows(&grid, name_label(profile->servers[i].server.name).text, data);
    }
    return table_end(&grid, page, table);
}

void profile_server_table(struct page *page, const struct part_table *table,
                          const char *server, const json_t *data)
{
    struct grid grid;
    table_init(&grid, table);
    table->rows(&grid, server, data);
    table_end(&grid, page, table);
}

void profile_cell(struct grid *grid, const json_t *data, const char *key)
{
    grid_add(grid, "%s", figure_short(profile_number(data, key)).text);
}

void profile_csv_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.6g", value);
    else
        fputc(',', out);
}

void profile_csv_text(FILE *out, const char *text)
{
    fputc(',', out);
    quote_csv(out, text);
}

void profile_write_csv(FILE *out, const struct profile *profile, const struct part *part)
{
    fprintf(out, "server,%s\n", part->csv_columns);
    for (size_t i = 0; i < profile->server_count; i++) {
        const json_t *data = profile_part(&profile->servers[i], part);
        if (data)
            part->csv_rows(out, profile->servers[i].server.name, data);
    }
}

/* A bar for each server, divided by the shares. */
static void write_bars(FILE *out, const struct profile *profile, const struct part *part)
{
    const struct part_division *division = &part->division;
    fputs("server", out);
    for (size_t i = 0; i < division->count; i++) {
        fputc('\t', out);
        quote_gnuplot(out, division->names[i]);
    }
    fputc('\n', out);
    for (size_t i = 0; i < profile->server_count; i++) {
        const json_t *data = profile_part(&profile->servers[i], part);
        if (!data)
            continue;
        quote_gnuplot(out, name_label(profile->servers[i].server.name).text);
        for (size_t s = 0; s < division->count; s++) {
            double share = division->share(data, s);
            fprintf(out, "\t%.*f", division->decimals, isfinite(share) ? share : 0);
        }
        fputc('\n', out);
    }
}

void profile_write_plot(FILE *out, const struct profile *profile, const struct part *part)
{
    if (part->plot.write)
        part->plot.write(out, profile);
    else
        write_bars(out, profile, part);
}

/* ---- pictures ---- */

/* Of letters, digits and '-' alone, for a file and for ids; the number keeps apart servers
 * whose names are then the same. Owned by the caller. */
static char *drawing_name(const struct part *part, const struct profile *profile,
                          size_t place)
{
    char *name = alloc_format("%s-%zu-%s", part->drawing.name, place + 1,
                              profile->servers[place].server.name);
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '-';
    return name;
}

/* All that is written into a folder: what can be is, and the first reason is kept. */
struct outputs {
    const struct profile *profile;
    const char *directory, *scripts;
    char *plots; /* the folder of the pictures; owned */
    struct err *err, later;
    int failed;
};

static struct err *reason(struct outputs *out)
{
    return out->failed ? &out->later : out->err;
}

/* Takes the name. */
static void write_columns(struct outputs *out, const struct part *part,
                          void (*write)(FILE *, const struct profile *,
                                        const struct part *),
                          const char *folder, char *name)
{
    struct outfile file;
    int failed = outfile_open(&file, folder, name, reason(out));
    free(name);
    if (!failed) {
        write(file.stream, out->profile, part);
        failed = outfile_close(&file, reason(out));
    }
    out->failed |= failed;
}

static void draw_plot(struct outputs *out, const struct part *part)
{
    const struct part_plot *plot = &part->plot;
    write_columns(out, part, profile_write_plot, out->plots,
                  alloc_format("%s.dat", plot->name));
    if (gnuplot_render(out->plots, out->scripts, plot->name, plot->caption,
                       reason(out)) != DRAWING_DONE)
        out->failed = -1;
}

static void draw_server(struct outputs *out, const struct part *part, size_t place)
{
    const struct profile_server *server = &out->profile->servers[place];
    struct outfile file;
    char *name = drawing_name(part, out->profile, place);
    char *base = alloc_format("%s.svg", name);
    int failed = outfile_open(&file, out->plots, base, reason(out));
    if (!failed) {
        part->drawing.write(file.stream, server->server.name, profile_part(server, part),
                            name);
        failed = outfile_close(&file, reason(out));
    }
    out->failed |= failed;
    free(base);
    free(name);
}

static void write_files(struct outputs *out, const struct part *part)
{
    write_columns(out, part, profile_write_csv, out->directory,
                  alloc_format("profile-%s.csv", part->name));
    if (mkdir(out->plots, 0777) < 0 && errno != EEXIST)
        out->failed = err_set(reason(out), "%s: %s", out->plots, strerror(errno));
    if (part->plot.name)
        draw_plot(out, part);
    for (size_t i = 0; part->drawing.name && i < out->profile->server_count; i++)
        if (profile_part(&out->profile->servers[i], part))
            draw_server(out, part, i);
}

static void show_server(struct page *page, const struct profile *profile,
                        const struct part *part, size_t place, const char *directory)
{
    char *name = drawing_name(part, profile, place);
    char *file = alloc_format("%s.svg", name);
    document_fold(page, NULL, name_label(profile->servers[place].server.name).text);
    picture_show(page, directory, name, part->drawing.caption, file);
    document_unfold(page);
    free(file);
    free(name);
}

static void show_pictures(struct page *page, const struct profile *profile,
                          const struct part *part, const char *directory)
{
    if (part->plot.name) {
        char *data = alloc_format("%s.dat", part->plot.name);
        picture_show(page, directory, part->plot.name, part->plot.caption, data);
        free(data);
    }
    for (size_t i = 0; part->drawing.name && i < profile->server_count; i++)
        if (profile_part(&profile->servers[i], part))
            show_server(page, profile, part, i, directory);
}

/* ---- the page ---- */

/* Servers that lack a part for one and the same reason share a line. */
static void write_missing(struct page *page, const struct profile *profile, size_t part)
{
    for (size_t i = 0; i < profile->server_count; i++) {
        const char *why = profile->servers[i].missing[part];
        struct names names = {0};
        bool told = false;
        for (size_t j = 0; why && j < profile->server_count; j++) {
            const char *other = profile->servers[j].missing[part];
            if (!other || strcmp(other, why) != 0)
                continue;
            told |= j < i;
            names_add(&names, profile->servers[j].server.name);
        }
        char *joined = names_join(&names);
        if (why && !told)
            page_item(page, "No %s of %s: %s.", parts[part]->name, joined, why);
        free(joined);
        names_free(&names);
    }
}

/* Whether it was looked at: had, or missed for a reason. */
static bool is_told(const struct profile *profile, size_t part)
{
    bool told = profile_has(profile, parts[part]);
    for (size_t i = 0; i < profile->server_count; i++)
        told |= profile->servers[i].missing[part] != NULL;
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
        show_pictures(page, profile, parts[part], directory);
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
    document_contents(page, sections, count);
}

static void write_left_out(struct page *page, const struct profile *profile)
{
    for (size_t i = 0; i < profile->server_count; i++)
        if (profile->servers[i].server.missing)
            page_item(page, "%s is left out: %s",
                      name_label(profile->servers[i].server.name).text,
                      profile->servers[i].server.missing);
    for (size_t i = 0; i < profile->note_count; i++)
        page_item(page, "%s", profile->notes[i]);
}

void profile_write(struct page *page, const struct profile *profile,
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

void profile_screen(FILE *out, const struct profile *profile)
{
    struct page page = {.out = out, .format = FORMAT_TEXT};
    page_heading(&page, 1, "%s", title);
    write_left_out(&page, profile);
    for (size_t part = 0; part < PARTS; part++)
        write_missing(&page, profile, part);
    overview_write(&page, profile);
    gap_write(&page, profile);
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
    profile_write(&page, profile, directory);
    if (format == FORMAT_HTML)
        document_close(&page);
    return outfile_close(&file, err);
}

int profile_write_page(const struct profile *profile, const char *directory,
                       struct err *err)
{
    return write_format(profile, directory, "report.html", FORMAT_HTML, err);
}

int profile_render(const struct profile *profile, const char *directory,
                   const char *scripts, struct err *err)
{
    struct outputs out = {profile, directory, scripts, .err = err};
    out.plots = alloc_format("%s/plots", directory);
    out.failed = write_format(profile, directory, "profile.txt", FORMAT_TEXT, err);
    out.failed |=
        write_format(profile, directory, "profile.md", FORMAT_MARKDOWN, reason(&out));
    for (size_t i = 0; i < PARTS; i++)
        if (profile_has(profile, parts[i]))
            write_files(&out, parts[i]);
    free(out.plots);
    return out.failed;
}
