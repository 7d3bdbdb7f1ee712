/* evidence.h - every trial of a run, and what the load tool printed in it, folded.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_EVIDENCE_H
#define ABACUS_EVIDENCE_H

#include "model/run.h"
#include "render/page.h"

/* For a page of FORMAT_HTML. `directory` is the run's folder, from which the printouts are
 * read. */
void evidence_write(struct page *page, const struct run *run, const char *directory);

#endif
