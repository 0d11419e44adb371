/* What Sprig.Linux.SerialUapi and Termios lay out by hand, held against the kernel's own headers for each processor that they run on: CI
   compiles this for x64, arm64 and arm32 (clang -fsyntax-only), and nothing of it is run. */
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/ioctl.h>
#include <linux/serial.h>
#include <linux/termios.h>
#include <linux/tty_flags.h>
#include <stddef.h>

#define SIZE(type, bytes) _Static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define AT(type, member, bytes) _Static_assert(offsetof(struct type, member) == (bytes), #type "." #member)
#define IS(name, value) _Static_assert((unsigned)(name) == (value), #name)

SIZE(termios2, 44);
AT(termios2, c_iflag, 0);
AT(termios2, c_cflag, 8);
AT(termios2, c_line, 16);
AT(termios2, c_cc, 17);
AT(termios2, c_ispeed, 36);
AT(termios2, c_ospeed, 40);
IS(VTIME, 5);
IS(VMIN, 6);
IS(VSTART, 8);
IS(VSTOP, 9);
IS(CSIZE, 0x30);
IS(CSTOPB, 0x40);
IS(CREAD, 0x80);
IS(PARENB, 0x100);
IS(PARODD, 0x200);
IS(HUPCL, 0x400);
IS(CLOCAL, 0x800);
IS(CBAUD, 0x100F);
IS(BOTHER, 0x1000);
IS(CMSPAR, 0x40000000);
IS(CRTSCTS, 0x80000000);
IS(PARMRK, 0x08);
IS(INPCK, 0x10);
IS(IXON, 0x400);
IS(IXOFF, 0x1000);

/* The pointer within makes it shorter on arm32; all that is used stands before it. */
_Static_assert(sizeof(struct serial_struct) <= 72, "size of serial_struct");
AT(serial_struct, flags, 16);
IS(ASYNC_LOW_LATENCY, 0x2000);

SIZE(serial_icounter_struct, 80);
AT(serial_icounter_struct, cts, 0);
AT(serial_icounter_struct, dsr, 4);
AT(serial_icounter_struct, rng, 8);
AT(serial_icounter_struct, dcd, 12);
AT(serial_icounter_struct, rx, 16);
AT(serial_icounter_struct, tx, 20);
AT(serial_icounter_struct, frame, 24);
AT(serial_icounter_struct, overrun, 28);
AT(serial_icounter_struct, parity, 32);
AT(serial_icounter_struct, brk, 36);
AT(serial_icounter_struct, buf_overrun, 40);

SIZE(serial_rs485, 32);
AT(serial_rs485, flags, 0);
AT(serial_rs485, delay_rts_before_send, 4);
AT(serial_rs485, delay_rts_after_send, 8);
IS(SER_RS485_ENABLED, 0x01);
IS(SER_RS485_RTS_ON_SEND, 0x02);
IS(SER_RS485_RTS_AFTER_SEND, 0x04);
IS(SER_RS485_RX_DURING_TX, 0x10);
/* SER_RS485_TERMINATE_BUS became a macro in later headers; its value has always been this. */
#ifdef SER_RS485_TERMINATE_BUS
IS(SER_RS485_TERMINATE_BUS, 0x20);
#endif

IS(TCGETS2, 0x802C542A);
IS(TCSETS2, 0x402C542B);
IS(TCSBRK, 0x5409);
IS(TCFLSH, 0x540B);
IS(TIOCEXCL, 0x540C);
IS(TIOCNXCL, 0x540D);
IS(TIOCOUTQ, 0x5411);
IS(TIOCMGET, 0x5415);
IS(TIOCMBIS, 0x5416);
IS(TIOCMBIC, 0x5417);
IS(FIONREAD, 0x541B);
IS(TIOCGSERIAL, 0x541E);
IS(TIOCSSERIAL, 0x541F);
IS(TIOCSBRK, 0x5427);
IS(TIOCCBRK, 0x5428);
IS(TIOCGRS485, 0x542E);
IS(TIOCSRS485, 0x542F);
IS(TIOCMIWAIT, 0x545C);
IS(TIOCGICOUNT, 0x545D);
IS(TIOCGEXCL, 0x80045440);
IS(TCIFLUSH, 0);
IS(TCOFLUSH, 1);
IS(TCIOFLUSH, 2);
IS(TIOCM_DTR, 0x002);
IS(TIOCM_RTS, 0x004);
IS(TIOCM_CTS, 0x020);
IS(TIOCM_CAR, 0x040);
IS(TIOCM_RNG, 0x080);
IS(TIOCM_DSR, 0x100);
