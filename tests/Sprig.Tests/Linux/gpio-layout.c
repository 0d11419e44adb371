/* What Sprig.Linux.GpioUapi lays out by hand, held against the kernel's own header for each processor that it runs on: CI compiles this
   for x64, arm64 and arm32 (clang -fsyntax-only), and nothing of it is run. */
#include <linux/gpio.h>
#include <stddef.h>

#define SIZE(type, bytes) _Static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define AT(type, member, bytes) _Static_assert(offsetof(struct type, member) == (bytes), #type "." #member)

SIZE(gpiochip_info, 68);
AT(gpiochip_info, label, 32);
AT(gpiochip_info, lines, 64);
SIZE(gpio_v2_line_values, 16);
AT(gpio_v2_line_values, mask, 8);
SIZE(gpio_v2_line_attribute, 16);
AT(gpio_v2_line_attribute, flags, 8);
AT(gpio_v2_line_attribute, values, 8);
AT(gpio_v2_line_attribute, debounce_period_us, 8);
SIZE(gpio_v2_line_config_attribute, 24);
AT(gpio_v2_line_config_attribute, mask, 16);
SIZE(gpio_v2_line_config, 272);
AT(gpio_v2_line_config, num_attrs, 8);
AT(gpio_v2_line_config, attrs, 32);
SIZE(gpio_v2_line_request, 592);
AT(gpio_v2_line_request, consumer, 256);
AT(gpio_v2_line_request, config, 288);
AT(gpio_v2_line_request, num_lines, 560);
AT(gpio_v2_line_request, event_buffer_size, 564);
AT(gpio_v2_line_request, fd, 588);
SIZE(gpio_v2_line_info, 256);
AT(gpio_v2_line_info, consumer, 32);
AT(gpio_v2_line_info, offset, 64);
AT(gpio_v2_line_info, num_attrs, 68);
AT(gpio_v2_line_info, flags, 72);
AT(gpio_v2_line_info, attrs, 80);
SIZE(gpio_v2_line_event, 48);
AT(gpio_v2_line_event, id, 8);
AT(gpio_v2_line_event, offset, 12);
AT(gpio_v2_line_event, seqno, 16);
AT(gpio_v2_line_event, line_seqno, 20);
SIZE(gpio_v2_line_info_changed, 288);
AT(gpio_v2_line_info_changed, timestamp_ns, 256);
AT(gpio_v2_line_info_changed, event_type, 264);

_Static_assert(GPIO_GET_CHIPINFO_IOCTL == 0x8044B401, "GPIO_GET_CHIPINFO_IOCTL");
_Static_assert(GPIO_V2_GET_LINEINFO_IOCTL == 0xC100B405, "GPIO_V2_GET_LINEINFO_IOCTL");
_Static_assert(GPIO_V2_GET_LINEINFO_WATCH_IOCTL == 0xC100B406, "GPIO_V2_GET_LINEINFO_WATCH_IOCTL");
_Static_assert(GPIO_GET_LINEINFO_UNWATCH_IOCTL == 0xC004B40C, "GPIO_GET_LINEINFO_UNWATCH_IOCTL");
_Static_assert(GPIO_V2_GET_LINE_IOCTL == 0xC250B407, "GPIO_V2_GET_LINE_IOCTL");
_Static_assert(GPIO_V2_LINE_SET_CONFIG_IOCTL == 0xC110B40D, "GPIO_V2_LINE_SET_CONFIG_IOCTL");
_Static_assert(GPIO_V2_LINE_GET_VALUES_IOCTL == 0xC010B40E, "GPIO_V2_LINE_GET_VALUES_IOCTL");
_Static_assert(GPIO_V2_LINE_SET_VALUES_IOCTL == 0xC010B40F, "GPIO_V2_LINE_SET_VALUES_IOCTL");
