/* version.h - which version of abacus this is, pace with it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_VERSION_H
#define ABACUS_VERSION_H

#define ABACUS_VERSION "2.0"

#endif
