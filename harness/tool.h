/* tool.h - a load tool (ab, wrk) behind one small interface: its arguments, its parser.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TOOL_H
#define ABACUS_TOOL_H

#include "err.h"
#include "suite.h"

#include <stddef.h>

/* What a load tool said about one trial. A number that the tool does not give is NAN
 * (or -1 where it is a count): never zero. */
struct connection_time { /* one row of ab's "Connection Times (ms)"; whole ms but sd */
    double min, mean, sd, median, max;
};

enum { PERCENTILES = 101 }; /* 0 % (the shortest) to 100 % (the longest request) */

struct tool_result {
    double seconds;             /* "Time taken for tests", s */
    double requests_per_second; /* mean, complete requests / seconds */
    double time_per_request_ms; /* concurrency * seconds / complete, ms */
    double kilobytes_per_second; /* "Transfer rate", 1024 bytes/s, received */
    long complete;              /* requests */
    long failed;
    long non_2xx;
    long write_errors;
    long keepalive;             /* requests on a connection that was kept */
    long document_length;       /* bytes of the first reply's body */
    long total_bytes;           /* "Total transferred" */
    long body_bytes;            /* "HTML transferred" */
    struct connection_time connect, processing, waiting, total;
    double percentile_ms[PERCENTILES]; /* time of a request, ms with microseconds, from -e */
};

/* The command that a tool is run with. */
struct tool_command {
    char *argv[32];  /* NULL-terminated, each owned */
    char *line;      /* the same as a shell would take it; owned */
};

struct tool {
    const char *name;    /* "ab" */
    const char *package; /* Debian's package, "apache2-utils" */
    /* Writes the argument vector that puts `load` on http://HOST:PORT. `table_path`: where
     * the tool is to write its own table (ab -e), a file that need not exist. */
    void (*command)(struct tool_command *command, const struct load *load,
                    const char *host, int port, const char *table_path);
    /* The same server and path, `load->priming` requests at the load's own concurrency, no
     * files: what is sent before anything is measured. */
    void (*prime)(struct tool_command *command, const struct load *load,
                  const char *host, int port);
    /* Reads what the tool printed (`output_path`, standard output and error together) and
     * its table (`table_path`). `wait_status` is as from waitpid. 0, or -1 with the reason:
     * the tool's own line and its plain meaning ("ab ended with status 104: …"), or which
     * line is missing from a truncated file. A parser fills every field it can and never
     * invents a zero. */
    int (*parse)(struct tool_result *result, const struct load *load, int wait_status,
                 const char *output_path, const char *table_path, struct err *err);
    /* The arguments that make the tool print its version, and the version out of what it
     * printed ("2.3 <$Revision$>" is "2.3"); `version` holds at least 64 bytes. */
    const char *version_option;
    void (*version)(char *version, size_t size, const char *printed);
};

extern const struct tool tool_ab;
extern const struct tool tool_wrk;

/* The tool of that name, or NULL; and all of them, in a NULL-terminated array. */
const struct tool *tool_find(const char *name);
extern const struct tool *const tools[];

void tool_command_free(struct tool_command *command);

/* Every field NAN or -1. */
void tool_result_clear(struct tool_result *result);

#endif
