/* packed.h - a run that is kept has its raw files in one archive: harness/tools/pack_run.sh.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PACKED_H
#define ABACUS_PACKED_H

#include <stdbool.h>

#define PACKED_NAME "raw.tar.xz"

/* Whether `raw` ("raw/NAME") is to be looked for in the archive of the run's folder: it is not
 * there itself, and an archive is. */
bool packed_has(const char *directory, const char *raw);

#endif
