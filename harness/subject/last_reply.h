/* last_reply.h - the last reply on a connection arrives whole, also where the client has sent
 * more than the server has read.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LAST_REPLY_H
#define ABACUS_LAST_REPLY_H

#include "subject/finding.h"
#include "subject/subject.h"

/* Each returns 0, or -1 with what is wrong. */
int last_reply_to_full_head_try(struct subject *subject, struct finding *finding);
int last_reply_before_segment_try(struct subject *subject, struct finding *finding);
int last_reply_in_pipeline_try(struct subject *subject, struct finding *finding);

#endif
