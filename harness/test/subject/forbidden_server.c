/* forbidden_server.c - the io_uring server where that is forbidden, as it is in many containers.
 * SPDX-License-Identifier: MIT */
#include <err.h>
#include <errno.h>
#include <libgen.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From here on, in this program and what it becomes, io_uring_setup() fails with EPERM. */
static void io_uring_forbid(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
        err(1, "seccomp");
}

/* The server is BUILD/servers/io_uring, where this is BUILD/test/forbidden_server. */
int main(int argc, char **argv)
{
    char path[4096] = "";
    (void)argc;
    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        err(1, "/proc/self/exe");
    if (chdir(dirname(path)) < 0)
        err(1, "%s", path);
    io_uring_forbid();
    execv("../servers/io_uring", argv);
    err(1, "../servers/io_uring");
}
