/* quantity.h - the figures by which servers are compared.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_QUANTITY_H
#define ABACUS_QUANTITY_H

#include <stddef.h>

enum quantity { QUANTITY_RATE, QUANTITY_CPU, QUANTITIES };

/* Where in struct trial it stands, as offsetof. */
size_t quantity_offset(enum quantity quantity);

const char *quantity_name(enum quantity quantity); /* "requests per second" */

#endif
