/* result.h - what a load tool said about one trial, whichever tool it was.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RESULT_H
#define ABACUS_RESULT_H

/* What a load tool said about one trial. A number that the tool does not give is NAN
 * (or -1 where it is a count): never zero. */
struct connection_time { /* one row of ab's "Connection Times (ms)"; whole ms but sd */
    double min, mean, sd, median, max;
};

enum { PERCENTILES = 101 }; /* 0 % (the shortest) to 100 % (the longest request) */

struct tool_result {
    double seconds;              /* "Time taken for tests", s */
    double requests_per_second;  /* mean, complete requests / seconds */
    double time_per_request_ms;  /* concurrency * seconds / complete, ms */
    double kilobytes_per_second; /* "Transfer rate", 1024 bytes/s, received */
    long complete;               /* requests, failed ones and errors of HTTP included */
    long failed;
    char failures[96]; /* the tool's own account of the failed ones, "Connect: 0, Receive:
                          0, Length: 10, Exceptions: 0"; "" if none failed */
    long non_2xx;      /* wrk calls 3xx fine, ab does not */
    long write_errors;
    long keepalive;       /* requests on a connection that was kept */
    long document_length; /* bytes of the first reply's body */
    long total_bytes;     /* "Total transferred" */
    long body_bytes;      /* "HTML transferred" */
    struct connection_time connect, processing, waiting, total;
    double percentile_ms[PERCENTILES]; /* time of a request, ms, resolution 1 µs */
};

/* Every field NAN, -1 or "". */
void tool_result_clear(struct tool_result *result);

#endif
