/* The limit of the edges workload, and its hand: what a C program on the bare kernel interface needs, as gpiomon does it.
     edges pull FILE COUNT GAP_US BURST STAMPS    pulls a gpio-sim line COUNT times, BURST at once, then GAP_US of sleep; writes when
     edges watch CHIP LINE COUNT STAMPS           takes COUNT edges, or as many as come until 2 s have brought none; writes when
   STAMPS holds an int64 of CLOCK_MONOTONIC nanoseconds an edge. watch prints "ready", then: edges, lost, CPU nanoseconds. */
#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static int keep(const char *file, const long long *stamps, int count)
{
    FILE *out = fopen(file, "wb");
    return !out || fwrite(stamps, sizeof *stamps, count, out) != (size_t)count || fclose(out) ? fail(file) : 0;
}

static int pull(char **args)
{
    int file = open(args[0], O_WRONLY), count = atoi(args[1]), gap = atoi(args[2]), burst = atoi(args[3]);
    long long *stamps = calloc(count, sizeof *stamps);
    if (file < 0 || !stamps)
        return fail(args[0]);
    for (int i = 0; i < count; i++) {
        stamps[i] = now();
        if (i % 2 ? pwrite(file, "pull-down", 9, 0) < 0 : pwrite(file, "pull-up", 7, 0) < 0)
            return fail(args[0]);
        if ((i + 1) % burst == 0)
            usleep(gap);
    }
    return keep(args[4], stamps, count);
}

static int watch(char **args)
{
    int chip = open(args[0], O_RDWR | O_CLOEXEC), count = atoi(args[2]), seen = 0;
    long long *stamps = calloc(count, sizeof *stamps);
    struct gpio_v2_line_request request = { .offsets = { atoi(args[1]) }, .num_lines = 1, .event_buffer_size = 1024, .consumer = "limit" };
    request.config.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
    if (chip < 0 || !stamps || ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) < 0)
        return fail(args[0]);
    puts("ready");
    fflush(stdout);
    struct gpio_v2_line_event events[32];
    struct pollfd ready = { .fd = request.fd, .events = POLLIN };
    unsigned last = 0, lost = 0;
    while (seen < count && poll(&ready, 1, seen ? 2000 : 30000) > 0) {
        ssize_t size = read(request.fd, events, sizeof events);
        if (size < 0)
            return fail("read");
        for (int i = 0; i < size / (ssize_t)sizeof *events && seen < count; i++) {
            lost += events[i].line_seqno - last - 1;
            last = events[i].line_seqno;
            stamps[seen++] = now();
        }
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("%d %u %lld\n", seen, lost,
           (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000LL + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000LL);
    return keep(args[3], stamps, seen);
}

int main(int count, char **args)
{
    if (count == 7 && !strcmp(args[1], "pull"))
        return pull(args + 2);
    if (count == 6 && !strcmp(args[1], "watch"))
        return watch(args + 2);
    fputs("usage: edges pull FILE COUNT GAP_US BURST STAMPS | edges watch CHIP LINE COUNT STAMPS\n", stderr);
    return 2;
}
