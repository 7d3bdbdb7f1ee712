/* err.h - the reason of a failure, on its way back to whoever can tell the user.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ERR_H
#define ABACUS_ERR_H

/* One line, without a newline at its end, that says what failed and, where the user can do
 * something, what to do. */
struct err {
    char text[480];
};

/* Formats into `err` (too long a text is cut) and returns -1, so that a failing function can
 * end in `return err_set(err, …)`. */
int err_set(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
