/* letters.c - which servers are not told apart, as letters: the compact letter display.
 * SPDX-License-Identifier: MIT */
#include "analyse/letters.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* A group is a set of servers of which no two are told apart: one letter. */
struct groups {
    bool *holds; /* [group * servers + server] */
    size_t count, servers;
};

static bool *group_at(const struct groups *groups, size_t group)
{
    return &groups->holds[group * groups->servers];
}

/* Adds a copy of a group, without one server; group_at's pointers are then stale. */
static void add_without(struct groups *groups, size_t group, size_t server)
{
    groups->holds = alloc_resize(groups->holds, (groups->count + 1) * groups->servers,
                                 sizeof *groups->holds);
    memcpy(group_at(groups, groups->count), group_at(groups, group),
           groups->servers * sizeof *groups->holds);
    group_at(groups, groups->count++)[server] = false;
}

static bool is_within(const bool *inner, const bool *outer, size_t servers)
{
    for (size_t s = 0; s < servers; s++)
        if (inner[s] && !outer[s])
            return false;
    return true;
}

static bool is_superfluous(const struct groups *groups, size_t group)
{
    for (size_t other = 0; other < groups->count; other++)
        if (other != group &&
            is_within(group_at(groups, group), group_at(groups, other), groups->servers))
            return true;
    return false;
}

static void absorb(struct groups *groups)
{
    for (size_t group = 0; group < groups->count;)
        if (is_superfluous(groups, group))
            memmove(group_at(groups, group), group_at(groups, --groups->count),
                    groups->servers * sizeof *groups->holds);
        else
            group++;
}

/* Splits each group that holds both servers. */
static void insert(struct groups *groups, size_t a, size_t b)
{
    size_t before = groups->count;
    for (size_t group = 0; group < before; group++)
        if (group_at(groups, group)[a] && group_at(groups, group)[b]) {
            add_without(groups, group, b);
            group_at(groups, group)[a] = false;
        }
    absorb(groups);
}

/* The place in the order of a group's best server. */
static size_t best_place(const struct groups *groups, size_t group, const size_t *order)
{
    size_t place = 0;
    while (place + 1 < groups->servers && !group_at(groups, group)[order[place]])
        place++;
    return place;
}

/* Whether `a` comes before `b`: by their best servers, then by which reaches less far. */
static bool comes_before(const struct groups *groups, size_t a, size_t b,
                         const size_t *order)
{
    size_t first = best_place(groups, a, order);
    if (first != best_place(groups, b, order))
        return first < best_place(groups, b, order);
    for (size_t place = groups->servers; place-- > 0;) {
        bool in_a = group_at(groups, a)[order[place]];
        bool in_b = group_at(groups, b)[order[place]];
        if (in_a != in_b)
            return in_b;
    }
    return a < b;
}

static size_t letter_of(const struct groups *groups, size_t group, const size_t *order)
{
    size_t letter = 0;
    for (size_t other = 0; other < groups->count; other++)
        letter += other != group && comes_before(groups, other, group, order);
    return letter;
}

/* "a" to "z", then "a2" to "z2", … */
static void append_letter(char **text, size_t letter)
{
    char *longer = letter < 26 ? alloc_format("%s%c", *text, (char)('a' + letter))
                               : alloc_format("%s%c%zu", *text, (char)('a' + letter % 26),
                                              letter / 26 + 1);
    free(*text);
    *text = longer;
}

static void name_group(char **letters, const struct groups *groups, size_t group,
                       size_t letter)
{
    for (size_t s = 0; s < groups->servers; s++)
        if (group_at(groups, group)[s])
            append_letter(&letters[s], letter);
}

char **letters_make(const bool *apart, const size_t *order, size_t count)
{
    struct groups groups = {
        .holds = alloc_zeroed(count, sizeof(bool)), .count = count > 0, .servers = count};
    for (size_t s = 0; s < count; s++)
        groups.holds[s] = true;
    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++)
            if (apart[a * count + b])
                insert(&groups, a, b);

    char **letters = alloc_zeroed(count, sizeof *letters);
    for (size_t s = 0; s < count; s++)
        letters[s] = alloc_copy("");
    for (size_t letter = 0; letter < groups.count; letter++)
        for (size_t group = 0; group < groups.count; group++)
            if (letter_of(&groups, group, order) == letter)
                name_group(letters, &groups, group, letter);
    free(groups.holds);
    return letters;
}
