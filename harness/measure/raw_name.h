/* raw_name.h - what the files of a trial or a slice are called.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RAW_NAME_H
#define ABACUS_RAW_NAME_H

#include "model/run.h"

/* tNN-LOAD-SERVER, without an extension, owned by the caller. What is no letter or digit is
 * percent-encoded, in a load's name also '-': so two trials never have one name. */
char *raw_name(const struct run *run, const struct trial *trial);

/* The same of a slice: rNNbNN-LOAD-SERVER, its round and its block. */
char *raw_slice_name(const struct run *run, const struct slice *slice);

#endif
