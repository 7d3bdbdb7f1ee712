/* profile.h - what one request costs and where its time goes, for several servers: a value
 * that measuring fills, profile.jsonl keeps, and every table and plot is made of.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROFILE_H
#define ABACUS_PROFILE_H

#include "base/err.h"
#include "model/run.h"
#include "profile/target.h"
#include "render/figure.h"
#include "render/grid.h"
#include "render/page.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct profile;

/* ---- a part ---- */

/* A number at the top of a part's JSON object that stands for the part in the table of all
 * parts, in which the article's figures stand beside ours. */
struct part_figure {
    const char *key;   /* in the object; no such key, or null: there is no figure */
    const char *group; /* above the column, "Instructions"; neighbours may share it */
    const char *head;  /* of the column, "c=1" */
};

/* How a part divides what a request costs: by phase, or by whose code it is. */
struct part_division {
    const char *of;           /* what is divided, "CPU"; NULL: nothing */
    const char *const *names; /* of the shares, `count` of them */
    size_t count;
    int decimals; /* of a share, in the columns of a picture */
    /* One share, of a server that has the part; NAN: not known. */
    double (*share)(const json_t *data, size_t place);
};

/* A picture of all servers: plots/NAME.gp on columns that are parted by tabs. */
struct part_plot {
    const char *name;    /* NULL: there is none */
    const char *caption; /* what it shows and how to read it; its alternative text, too */
    /* Writes the columns; NULL: they are the shares of the division, one row a server. */
    void (*write)(FILE *out, const struct profile *profile);
};

/* A picture of each server, plots/NAME-1-epoll.svg, which the part draws itself: an SVG that
 * can stand in a page beside others, since all ids in it begin with `id`. */
struct part_drawing {
    const char *name; /* NULL: there is none */
    const char *caption;
    void (*write)(FILE *out, const char *server, const json_t *data, const char *id);
};

/* One part of a profile: a way to look at a server, and the tables it makes. Each lies in a
 * file of its own, which ends in its struct. What one server showed of it is a JSON object,
 * as it stands in the record: tables are made of that and of nothing else. Its layout is the
 * part's own affair. */
struct part {
    const char *name; /* "memory": in the record, and of its file, profile-memory.csv */
    const char *heading; /* of its section */
    const char *program; /* that it cannot do without; NULL: none */
    const char *package; /* Debian's, with that program */
    /* Looks at one server, and fills `data`, an empty object. -1 with the reason, one line:
     * only this part is then lost. What it needs at least is kept short: some ten seconds a
     * server. */
    int (*measure)(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err);
    /* The section: servers side by side. What was not had is told by the frame before. */
    void (*write)(struct page *page, const struct profile *profile);
    /* The same figures as CSV: the names of the columns behind "server", and a server's rows,
     * each of which begins with its name. */
    const char *csv_columns;
    void (*csv_rows)(FILE *out, const char *server, const json_t *data);
    struct part_figure figures[10]; /* ends with one without a key, or full */
    struct part_division division;
    struct part_plot plot;
    struct part_drawing drawing;
};

extern const struct part part_instructions;
extern const struct part part_syscalls;
extern const struct part part_phases;
extern const struct part part_allocation;
extern const struct part part_memory;
extern const struct part part_stacks;

/* Every part there is, in the order of the page. */
enum { PARTS = 6 };
extern const struct part *const parts[PARTS];

/* The place of a part of that name; PARTS: there is none. */
size_t parts_find(const char *name);

/* ---- the value ---- */

/* What one server showed. */
struct profile_server {
    struct run_server server;
    json_t *data[PARTS];  /* in the order of `parts`; NULL: not had */
    char *missing[PARTS]; /* why; NULL: it was had, or not yet */
};

struct profile {
    char *started; /* UTC, ISO 8601 */
    struct fact *machine;
    size_t machine_count;
    struct profile_server *servers; /* in the order asked for */
    size_t server_count;
    char **notes; /* a line of the record that cannot be used */
    size_t note_count;
};

/* Fills a profile of which `started` and the servers are given, the rest zeroed, with the parts
 * that are wanted, and writes each, as it is had, into DIRECTORY/profile.jsonl. What a server
 * did not show has its reason in the profile. 0, also when the user stopped it; -1 if the
 * record cannot be written. */
int profile_measure(struct profile *profile, const bool wanted[PARTS],
                    const char *directory, struct err *err);

void profile_free(struct profile *profile);

/* What a server showed of a part, borrowed; NULL: it was not had. */
const json_t *profile_part(const struct profile_server *server, const struct part *part);

/* Whether any server showed it. */
bool profile_has(const struct profile *profile, const struct part *part);

/* A number in a JSON object; NAN where there is none of that key, or no object. */
double profile_number(const json_t *data, const char *key);

/* A text in a JSON object, borrowed; "" where there is none. */
const char *profile_text(const json_t *data, const char *key);

/* ---- its record ---- */

#define STORE_NAME "profile.jsonl"

/* Each writes one JSON object as one line, and flushes it. 0, or -1 with the reason. The head
 * (machine, servers) comes first; then what each server showed of each part. */
int store_write_head(FILE *file, const struct profile *profile, struct err *err);
int store_write_part(FILE *file, const struct profile_server *server, size_t part,
                     struct err *err);

/* Reads DIRECTORY/profile.jsonl. A line that cannot be used is left out, and a note of the
 * profile names it. 0, the profile then owned by the caller; or -1 if there is no head. */
int store_read(struct profile *profile, const char *directory, struct err *err);

/* ---- what people read ---- */

/* The overview, and why one of two servers needs more than the other: what fits on a screen. */
void profile_screen(FILE *out, const struct profile *profile);

/* Writes profile.txt, profile.md, a profile-PART.csv for each part and the pictures, with the
 * gnuplot scripts of the folder `scripts`, into `directory`. 0, or -1 with the first reason;
 * what can be written is written. */
int profile_render(const struct profile *profile, const char *directory,
                   const char *scripts, struct err *err);

/* Writes report.html of a profile without a run. Its pictures are in the folder by then. */
int profile_write_page(const struct profile *profile, const char *directory,
                       struct err *err);

/* Writes all of it into a page, below its heading: headings begin at level 2. In HTML with the
 * pictures of `directory`. */
void profile_write(struct page *page, const struct profile *profile,
                   const char *directory);

void profile_write_csv(FILE *out, const struct profile *profile, const struct part *part);
void profile_write_plot(FILE *out, const struct profile *profile,
                        const struct part *part);

/* What stands before and behind the parts: all their figures in one table with the article's
 * beside ours; what a request would gain if a share of it took less; and, for two servers,
 * why one needs more CPU time than the other. */
void overview_write(struct page *page, const struct profile *profile);
void whatif_write(struct page *page, const struct profile *profile);
void gap_write(struct page *page, const struct profile *profile);

/* How many times as many requests a core would serve if `share` of a request, 0 to 1, took
 * 1/`faster` of its time (Amdahl 1967). */
double whatif_gain(double share, double faster);

/* ---- what the parts' tables are made of ---- */

/* A table of a part. */
struct part_table {
    const struct column *columns; /* ends with one without a head */
    const char *text;             /* before it; or NULL */
    /* Adds a server's rows. `server` is its name as tables show it. */
    void (*rows)(struct grid *grid, const char *server, const json_t *data);
};

/* Writes the rows of every server that has the part. False: there is none, and nothing was
 * written. */
bool profile_table(struct page *page, const struct profile *profile,
                   const struct part *part, const struct part_table *table);

/* The same of one server. */
void profile_server_table(struct page *page, const struct part_table *table,
                          const char *server, const json_t *data);

/* Adds a cell with such a figure: a number in a JSON object. */
void profile_cell(struct grid *grid, const json_t *data, const char *key);

/* A figure as CSV has it, behind a comma: empty where there is none. And a text. */
void profile_csv_number(FILE *out, double value);
void profile_csv_text(FILE *out, const char *text);

#endif
