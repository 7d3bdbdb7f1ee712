/* machine.h - the test environment, as the articles print it: what a reader needs in order to
 * hold these figures against others.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MACHINE_H
#define ABACUS_MACHINE_H

#include <stddef.h>

/* One line of the test environment: "CPU", "Intel …"; "net.core.somaxconn", "4096". Both owned. */
struct fact {
    char *name;
    char *value;
};

/* Adds a fact, copied; one without a value ("") is "unknown". */
void machine_add(struct fact **facts, size_t *count, const char *name, const char *value);

/* Fills *facts (owned by the caller, each name and value too) with what this machine is: CPU
 * model, cores (and how many of them this process may use), SMT, governor, hypervisor, memory,
 * operating system, kernel, compiler and its flags (BUILD/flags, two lines),
 * the version of libc (each server names its own library), and the sysctls that decide how
 * connections fare. A fact that cannot be read has the value "unknown", never an invented
 * one. */
void machine_describe(struct fact **facts, size_t *count, const char *build_directory);

#endif
