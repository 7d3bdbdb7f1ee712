/* cost.c - runs a command and prints what it cost: its time, s, and the memory of the largest of
 * its processes, MB.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int fail(const char *what)
{
    fprintf(stderr, "cost: %s: %s\n", what, strerror(errno));
    return 1;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The command's own printout is not wanted. */
static void become(char **argv)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
        execvp(argv[0], argv);
    _exit(fail(argv[0]));
}

int main(int argc, char **argv)
{
    int status = 0;
    struct rusage usage;
    double start = now_s();
    if (argc < 2) {
        fputs("usage: cost COMMAND...\n", stderr);
        return 2;
    }
    pid_t child = fork();
    if (child < 0)
        return fail("fork");
    if (child == 0)
        become(argv + 1);
    if (wait4(child, &status, 0, &usage) < 0)
        return fail("wait4");
    printf("%.2f %.1f\n", now_s() - start, (double)usage.ru_maxrss / 1024);
    return status != 0;
}
