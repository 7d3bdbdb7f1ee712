/* machine.h - the test environment, as the articles print it: what a reader needs in order to
 * hold these figures against others.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MACHINE_H
#define ABACUS_MACHINE_H

#include "model/run.h"

/* Fills *facts (owned by the caller, each name and value too) with what this machine is: CPU
 * model, cores (and how many of them this process may use), SMT, governor, hypervisor, memory,
 * operating system, kernel, compiler and its flags (BUILD/flags, two lines), the versions of
 * the load tools of `suite` (NULL: of all) and of libc (each server names its own library), and the sysctls that decide how connections fare. A fact that
 * cannot be read has the value "unknown", never an invented one. */
void machine_describe(struct fact **facts, size_t *count, const char *build_directory,
                      const struct suite *suite);

#endif
