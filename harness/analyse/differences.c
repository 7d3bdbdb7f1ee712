/* differences.c - in what two runs differ besides their figures.
 * SPDX-License-Identifier: MIT */
#include "analyse/differences.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* So many of a digest's hex digits tell two executables apart. */
enum { DIGEST_SHOWN = 12 };

static const char EXECUTABLE[] = "executable (sha256)";

/* Owns `what`; copies the values, of which one may be NULL. */
static void add(struct differences *differences, char *what, const char *a, const char *b)
{
    if (a && b && strcmp(a, b) == 0) {
        free(what);
        return;
    }
    differences->items = alloc_resize(differences->items, differences->count + 1,
                                      sizeof *differences->items);
    differences->items[differences->count++] =
        (struct difference){.what = what, .values = {alloc_copy(a), alloc_copy(b)}};
}

/* ---- the machine ---- */

/* The load average is another from minute to minute. */
static bool matters(const struct fact *fact)
{
    return strcmp(fact->name, "load average") != 0;
}

static void compare_machines(struct differences *differences, const struct run *a,
                             const struct run *b)
{
    for (size_t i = 0; i < a->machine_count; i++) {
        const struct fact *fact = &a->machine[i];
        if (matters(fact))
            add(differences, alloc_copy(fact->name), fact->value,
                run_fact(b, fact->name));
    }
    for (size_t i = 0; i < b->machine_count; i++) {
        const struct fact *fact = &b->machine[i];
        if (!run_fact(a, fact->name) && matters(fact))
            add(differences, alloc_copy(fact->name), NULL, fact->value);
    }
}

/* ---- the loads ---- */

/* With a comma between thousands; owned by the caller. */
static char *grouped(long number)
{
    if (number < 1000)
        return alloc_format("%ld", number);
    char *thousands = grouped(number / 1000);
    char *text = alloc_format("%s,%03ld", thousands, number % 1000);
    free(thousands);
    return text;
}

static void compare_numbers(struct differences *differences, const char *load,
                            const char *what, long a, long b)
{
    char *of_a = grouped(a);
    char *of_b = grouped(b);
    add(differences, alloc_format("%s: %s", load, what), of_a, of_b);
    free(of_a);
    free(of_b);
}

static void compare_loads(struct differences *differences, const struct load *a,
                          const struct load *b)
{
    add(differences, alloc_format("%s: load tool", a->name), a->tool, b->tool);
    add(differences, alloc_format("%s: path", a->name), a->path, b->path);
    add(differences, alloc_format("%s: connections kept", a->name),
        a->keepalive ? "yes" : "no", b->keepalive ? "yes" : "no");
    compare_numbers(differences, a->name, "requests", a->requests, b->requests);
    compare_numbers(differences, a->name, "seconds", a->seconds, b->seconds);
    compare_numbers(differences, a->name, "concurrency", a->concurrency, b->concurrency);
    compare_numbers(differences, a->name, "priming requests", a->priming, b->priming);
    compare_numbers(differences, a->name, "timeout, s", a->timeout, b->timeout);
}

static void compare_common_loads(struct differences *differences, const struct suite *a,
                                 const struct suite *b)
{
    for (size_t i = 0; i < a->load_count; i++) {
        const struct load *other = suite_load(b, a->loads[i].name);
        if (other)
            compare_loads(differences, &a->loads[i], other);
    }
}

static void find_single_loads(struct differences *differences, const struct suite *a,
                              const struct suite *b)
{
    for (size_t i = 0; i < a->load_count; i++)
        if (!suite_load(b, a->loads[i].name))
            add(differences, alloc_format("load %s", a->loads[i].name), a->loads[i].title,
                NULL);
    for (size_t i = 0; i < b->load_count; i++)
        if (!suite_load(a, b->loads[i].name))
            add(differences, alloc_format("load %s", b->loads[i].name), NULL,
                b->loads[i].title);
}

/* ---- the servers ---- */

static bool has_digest(const struct run_server *server)
{
    return server->sha256 && server->sha256[0];
}

static void compare_digests(struct differences *differences, const struct run_server *a,
                            const struct run_server *b)
{
    if (!has_digest(a) || !has_digest(b)) {
        differences->servers_known = false;
        return;
    }
    char *of_a = alloc_format("%.*s", DIGEST_SHOWN, a->sha256);
    char *of_b = alloc_format("%.*s", DIGEST_SHOWN, b->sha256);
    add(differences, alloc_format("%s: %s", a->name, EXECUTABLE), of_a, of_b);
    free(of_a);
    free(of_b);
}

/* Of a server that was left out only that is known. */
static void compare_server(struct differences *differences, const struct run_server *a,
                           const struct run_server *b)
{
    if (a->missing || b->missing) {
        add(differences, alloc_copy(a->name), a->missing ? a->missing : "takes part",
            b->missing ? b->missing : "takes part");
        return;
    }
    size_t before = differences->count;
    compare_digests(differences, a, b);
    add(differences, alloc_format("%s: about itself", a->name), a->about, b->about);
    differences->servers_changed |= differences->count > before;
}

static void compare_servers(struct differences *differences, const struct run *a,
                            const struct run *b)
{
    for (size_t i = 0; i < a->server_count; i++) {
        const struct run_server *server = &a->servers[i];
        const struct run_server *other = run_server(b, server->name);
        if (other && !server->control_of)
            compare_server(differences, server, other);
        if (!other)
            add(differences, alloc_format("server %s", server->name), server->about,
                NULL);
    }
    for (size_t i = 0; i < b->server_count; i++)
        if (!run_server(a, b->servers[i].name))
            add(differences, alloc_format("server %s", b->servers[i].name), NULL,
                b->servers[i].about);
}

void differences_find(struct differences *differences, const struct run *a,
                      const struct run *b)
{
    *differences = (struct differences){.servers_known = true};
    compare_machines(differences, a, b);
    compare_common_loads(differences, &a->suite, &b->suite);
    differences->surrounding = differences->count;
    find_single_loads(differences, &a->suite, &b->suite);
    compare_servers(differences, a, b);
}

void differences_free(struct differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        free(differences->items[i].what);
        free(differences->items[i].values[0]);
        free(differences->items[i].values[1]);
    }
    free(differences->items);
    *differences = (struct differences){0};
}
