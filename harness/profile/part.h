/* part.h - one part of a profile: a way to look at a server, and the tables it makes. Each
 * lies in a file of its own, which ends in its struct; the frame knows no more of it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PART_H
#define ABACUS_PART_H

#include "base/err.h"
#include "profile/target.h"

#include <jansson.h>
#include <stdio.h>

struct page;
struct portrait;
struct profile;

/* A picture of all servers: plots/NAME.gp on the columns that `write` gives, parted by tabs
 * and named in the first line. */
struct part_plot {
    const char *name;
    const char *caption; /* what it shows and how to read it; its alternative text, too */
    void (*write)(FILE *out, const struct profile *profile);
};

/* A picture of each server, plots/NAME-1-epoll.svg, which the part draws itself: an SVG that
 * can stand in a page beside others, since all ids in it begin with `id`. */
struct part_drawing {
    const char *name; /* NULL: there is none */
    const char *caption;
    void (*write)(FILE *out, const struct portrait *portrait, const char *id);
};

/* A number at the top of a part's JSON object that stands for the part in the table of all
 * parts, in which the article's figures stand beside ours. */
struct part_figure {
    const char *key;   /* in the object; no such key, or null: there is no figure */
    const char *group; /* above the column, "Instructions"; neighbours may share it */
    const char *head;  /* of the column, "c=1" */
};

/* What one server showed of one part is a JSON object, as it stands in the record: tables
 * are made of that and of nothing else. Its layout is the part's own affair. */
struct part {
    const char *name; /* "memory": in the record, and of its file, profile-memory.csv */
    const char *heading; /* of its section */
    /* Looks at one server. A new object, owned by the caller; or NULL with the reason, one
     * line that names the package where a tool is missing: only this part is then lost.
     * What it needs at least is kept short: some ten seconds a server. */
    json_t *(*measure)(const struct bench *bench, const struct run_server *server,
                       struct err *err);
    /* The section: servers side by side. What was not had is told by the frame before.
     * Servers without this part (profile_part gives NULL) are left out. */
    void (*write)(struct page *page, const struct profile *profile);
    /* The same figures as CSV: a head line, then rows that begin with the server's name. */
    void (*write_csv)(FILE *out, const struct profile *profile);
    struct part_figure figures[10]; /* ends with one without a key, or full */
    struct part_plot plots[3];      /* ends with one without a name, or full */
    struct part_drawing drawing;
};

#endif
