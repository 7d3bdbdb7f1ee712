/* view.h - what a report shows of a run: each view is a section, written as blocks.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_VIEW_H
#define ABACUS_VIEW_H

#include "analyse/summary.h"
#include "render/page.h"

#include <stdbool.h>
#include <stdio.h>

/* What else is known of the same servers, as the page has it: from a part of the program that the
 * report knows nothing of. */
struct report_part {
    /* Writes it below a heading, with the pictures of `directory`, which are drawn already. */
    void (*write)(struct page *page, const void *subject, const char *directory);
    const void *subject;
};

/* What the views are of; all borrowed. */
struct report {
    const struct run *run;
    const struct summary *summary; /* of that run */
    /* The server that others are held against in the paired ratios; NULL: in each table the one
     * with the least CPU time per request. */
    const struct run_server *reference;
    const struct report_part *costs;     /* what one request costs; NULL: not known */
    const struct report_part *breakages; /* where each server breaks; NULL: not known */
    const char *directory;               /* the run's folder, with raw/ and plots/ */
    const char *plots_problem; /* what kept a plot from being drawn; NULL: nothing did */
};

/* All sections that this format has, in their one order: tables.txt, tables.md, report.html. */
void report_sections(FILE *out, enum format format, const struct report *report);

/* The sections, each below its heading. Those with an _applies have nothing to say of a run for
 * which that is false. */
void answer_write(struct page *page, const struct report *report);
void ranking_write(struct page *page, const struct report *report);
void articles_write(struct page *page, const struct report *report);
bool articles_apply(const struct report *report);
void ladders_write(struct page *page, const struct report *report);
bool ladders_apply(const struct report *report);
void knees_write(struct page *page, const struct report *report);
bool knees_apply(const struct report *report);
/* Their part of the answer. */
void knees_answer(struct page *page, const struct report *report);
/* Whether any load asks what a request costs: those whose rate is to be found do not. */
bool costs_asked(const struct report *report);
void latency_write(struct page *page, const struct report *report);
bool latency_applies(const struct report *report);
void shifts_write(struct page *page, const struct report *report);
bool shifts_apply(const struct report *report);
void agreement_write(struct page *page, const struct report *report);
bool agreement_applies(const struct report *report);
void trust_write(struct page *page, const struct report *report);
void checks_write(struct page *page, const struct report *report);
void setting_write(struct page *page, const struct report *report);
void evidence_write(struct page *page, const struct report *report);

/* The ladders and the knees on a screen: without what can be done without. */
void ladders_show(struct page *page, const struct report *report);
void knees_show(struct page *page, const struct report *report);

/* Below the answer: what was run, and what a reader must know of it. */
void setting_introduce(struct page *page, const struct report *report);

/* The order after the first rounds, for who watches a run. */
void provisional_write(FILE *out, const struct report *report);

#endif
