/* What Sprig.Linux.WatchdogUapi writes down by hand, held against the kernel's own header, as gpio-layout.c does. */
#include <linux/watchdog.h>
#include <stddef.h>

_Static_assert(sizeof(struct watchdog_info) == 40, "size of watchdog_info");
_Static_assert(offsetof(struct watchdog_info, options) == 0, "watchdog_info.options");
_Static_assert(offsetof(struct watchdog_info, identity) == 8, "watchdog_info.identity");

_Static_assert(WDIOC_GETSUPPORT == 0x80285700, "WDIOC_GETSUPPORT");
_Static_assert(WDIOC_KEEPALIVE == 0x80045705, "WDIOC_KEEPALIVE");
_Static_assert(WDIOC_SETTIMEOUT == 0xC0045706, "WDIOC_SETTIMEOUT");
_Static_assert(WDIOC_GETTIMEOUT == 0x80045707, "WDIOC_GETTIMEOUT");

_Static_assert(WDIOF_SETTIMEOUT == 0x0080, "WDIOF_SETTIMEOUT");
_Static_assert(WDIOF_MAGICCLOSE == 0x0100, "WDIOF_MAGICCLOSE");
