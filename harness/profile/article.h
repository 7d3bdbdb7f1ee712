/* article.h - the second article's figures, to stand beside ours.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ARTICLE_H
#define ABACUS_ARTICLE_H

#include "base/err.h"
#include "profile/part.h"

#include <jansson.h>

/* Reads harness/profile/article.json, which has the figures under the names of the parts and
 * of their figures: an object, owned by the caller; NULL: it cannot be read, and why. */
json_t *article_read(struct err *err);

const char *article_name(const json_t *article);   /* of its server */
const char *article_source(const json_t *article); /* who measured, when, on what */

/* What the article says of a part; NULL: nothing. Borrowed. */
const json_t *article_part(const json_t *article, const struct part *part);

#endif
