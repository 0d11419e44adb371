/* The limit of W6: lines of 32 bytes from a tty, as a C program on the bare kernel interface reads them.
     lines TTY burst|paced COUNT WARM_UP_SECONDS     asks the sender (Serial/LineSender.cs) for its rounds on the same line
   Prints a line as Benchmarks does: w6 limit LINES NANOSECONDS key=value... */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { line_length = 32, burst_rounds = 3, paced_warm_up = 1500 };

static long long *late;
static int taken, broken;

static long long now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static int by_size(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

/* A round: counts the lines, sees that each is whole, and notes how late a paced one is. */
static int take(int tty, int paced, int count)
{
    static char buffer[8192];
    static size_t kept;
    struct pollfd ready = { .fd = tty, .events = POLLIN };
    dprintf(tty, "%c%d\n", paced ? 'p' : 'b', count);
    taken = 0;
    while (taken < count) {
        ssize_t size = read(tty, buffer + kept, sizeof buffer - kept);
        if (size < 0) {
            if (poll(&ready, 1, 30000) <= 0)
                return fail("poll");
            continue;
        }
        char *line = buffer, *end = buffer + kept + size, *stop;
        while ((stop = memchr(line, '\n', end - line))) {
            if (stop - line != line_length - 1)
                broken++;
            if (paced)
                late[taken] = now(CLOCK_MONOTONIC) - atoll(line);
            taken++;
            line = stop + 1;
        }
        kept = end - line;
        memmove(buffer, line, kept);
    }
    return 0;
}

int main(int argc, char **args)
{
    if (argc != 5) {
        fputs("usage: lines TTY burst|paced COUNT WARM_UP_SECONDS\n", stderr);
        return 2;
    }
    int tty = open(args[1], O_RDWR | O_NOCTTY | O_NONBLOCK), paced = !strcmp(args[2], "paced"), count = atoi(args[3]);
    struct termios settings;
    if (tty < 0 || tcgetattr(tty, &settings) < 0)
        return fail(args[1]);
    cfmakeraw(&settings);
    settings.c_cc[VMIN] = 1;
    if (tcsetattr(tty, TCSANOW, &settings) < 0)
        return fail(args[1]);
    int rounds = paced ? 1 : burst_rounds;
    late = calloc(count > paced_warm_up ? count : paced_warm_up, sizeof *late);
    long long begun = now(CLOCK_MONOTONIC), warm_up = atof(args[4]) * 1e9;
    do
        if (take(tty, paced, paced ? paced_warm_up : count))
            return 1;
    while (now(CLOCK_MONOTONIC) - begun < warm_up);
    long long wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < rounds; i++)
        if (take(tty, paced, count))
            return 1;
    double lines = (double)rounds * count;
    wall = now(CLOCK_MONOTONIC) - wall;
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (broken)
        fprintf(stderr, "%d lines were broken\n", broken);
    qsort(late, paced ? count : 0, sizeof *late, by_size);
    printf("w6 limit %.0f %.2f way=c lines=%s cpu_us=%.4f wall_us=%.2f", lines, paced ? late[count / 2] : cpu / lines, args[2], cpu / lines / 1000, wall / lines / 1000);
    if (paced)
        printf(" p50_us=%.2f p99_us=%.2f max_us=%.2f", late[count / 2] / 1e3, late[(int)(count * 0.99)] / 1e3, late[count - 1] / 1e3);
    puts(" bytes_each=0 threads=1");
    return broken != 0;
}
