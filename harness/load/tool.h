/* tool.h - a load tool (ab, wrk, h2load, pace) behind one small interface: its arguments, its parser.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TOOL_H
#define ABACUS_TOOL_H

#include "base/err.h"
#include "host/machine.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* The command that a tool is run with. */
struct tool_command {
    char *argv[32]; /* NULL-terminated, each owned */
    char *line;     /* the same as a shell would take it; owned */
};

struct printout;

struct tool {
    const char *name;    /* "ab" */
    const char *package; /* Debian's package, "apache2-utils" */
    bool timed;          /* a trial lasts load->seconds, instead of load->requests */
    /* It keeps connections unless it is told to close them. Its time of a request then begins
     * once there is a connection to send it on; ab's begins with the connection. */
    bool keeps;
    bool paced; /* it can send at a rate of its own, whatever the replies */
    /* Writes the argument vector that puts `load` on http://HOST:PORT. `table_path`:
     * where the tool is to write its own table (ab -e), a file that need not exist. */
    void (*command)(struct tool_command *command, const struct load *load,
                    const char *host, int port, const char *table_path);
    /* The same with `requests` (at least 1) and without files: to prime a server, and for a
     * slice. A tool that counts time works for the shortest time that it can. */
    void (*brief)(struct tool_command *command, const struct load *load, long requests,
                  const char *host, int port);
    /* One request as the tool sends it, owned by the caller: who sends the same bytes is sent
     * what the tool will be sent. */
    char *(*request)(const struct load *load, const char *host, int port);
    /* The steps of tool_parse, each 0 or -1 with the reason. Whether it ended well: `wait_status`
     * is as from waitpid. */
    int (*end)(const struct printout *printout, int wait_status, struct err *err);
    int (*figures)(struct tool_result *result, const struct load *load,
                   const struct printout *printout, struct err *err);
    int (*table)(struct tool_result *result, const char *path,
                 struct err *err); /* NULL: it writes none */
    /* The table may be among what the tool prints: `table_path` can be /dev/stdout. */
    bool prints_table;
    /* The argument that makes the tool print its version, and the version out of what it
     * printed ("2.3 <$Revision$>" is "2.3"; "unknown" if it says none); `version` holds
     * at least 64 bytes. */
    const char *version_option;
    void (*version)(char *version, size_t size, const char *printed);
};

extern const struct tool tool_ab;
extern const struct tool tool_wrk;
extern const struct tool tool_h2load;
extern const struct tool tool_pace;

/* The tool of that name, or NULL; and all of them, in a NULL-terminated array. */
const struct tool *tool_find(const char *name);
extern const struct tool *const tools[];

/* Whether a load of the suite is driven by it, or has its idle connections held by it. */
bool tool_is_used(const struct tool *tool, const struct suite *suite);

/* Adds the version of each tool that is used, on each host that it is used on. */
void tools_describe(struct fact **facts, size_t *count, const struct suite *suite);

/* Their names, "ab wrk"; owned by the caller. */
char *tool_names(void);

/* Appends an argument, which the command then owns, to a command that began as all zeros. */
void tool_command_add(struct tool_command *command, char *argument);
void tool_command_free(struct tool_command *command);

/* Reads what the tool printed (`output_path`, standard output and error together) and its table
 * (`table_path`; NULL: it was told to write none). `wait_status` is as from waitpid. 0 if the tool
 * ended well and said all that it should, and it completed every request; failed requests, write
 * errors and non-2xx replies are then in the result, for the caller to judge. -1 with the reason
 * otherwise: the tool's own line and its plain meaning ("ab ended with status 104, …"), or which
 * line is missing from a truncated file. Every field that can be is filled, and none is an invented
 * zero. */
int tool_parse(const struct tool *tool, struct tool_result *result,
               const struct load *load, int wait_status, const char *output_path,
               const char *table_path, struct err *err);

/* The version that stands between two texts in what a tool printed, or "unknown". */
void tool_version_between(char *version, size_t size, const char *printed,
                          const char *before, const char *after);

#endif
