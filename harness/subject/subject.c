/* subject.c - the server that is tried: started when a check needs it, stopped when one has
 * used it up.
 * SPDX-License-Identifier: MIT */
#include "subject/subject.h"

int subject_start(struct subject *subject, const char *host, struct finding *finding)
{
    struct err err;
    struct server_options options = {.host = host, .cpu = -1, .error = subject->error};
    if (subject->up)
        return 0;
    if (server_start(&subject->running, subject->server->path, &options, &err) < 0) {
        subject->unstartable = true;
        return finding_says(finding, "the line \"listening on ADDR:PORT\"", "%s",
                            err.text);
    }
    subject->up = true;
    return 0;
}

int subject_stop(struct subject *subject, struct finding *finding)
{
    struct err err;
    if (!subject->up)
        return 0;
    subject->up = false;
    if (server_stop(&subject->running, &err) == 0)
        return 0;
    return finding_says(finding, "exit status 0", "%s", err.text);
}
