// SPDX-License-Identifier: GPL-2.0 OR MIT
// An I2C bus, numbered 1 as a Raspberry Pi's, with chips that are 256 registers each. The kernel's i2c-stub speaks SMBus alone;
// this answers plain transfers (I2C_RDWR), and SMBus by them. i2cget and i2cset see and set the registers from outside.
#include <linux/i2c.h>
#include <linux/module.h>

#define MOST_CHIPS 8

static struct chip {
	u8 registers[256];
	u8 next;
} chips[MOST_CHIPS];

static unsigned short addresses[MOST_CHIPS];
static int count;
module_param_array(addresses, ushort, &count, 0444);
MODULE_PARM_DESC(addresses, "the chips' addresses, 0x76,0x48");

static struct chip *find(u16 address)
{
	int i;

	for (i = 0; i < count; i++)
		if (addresses[i] == address)
			return &chips[i];
	return NULL;
}

// A write's first byte says which register is next; each byte read or written moves on by one.
static void exchange(struct chip *chip, struct i2c_msg *message)
{
	int i = 0;

	if (message->flags & I2C_M_RD) {
		while (i < message->len)
			message->buf[i++] = chip->registers[chip->next++];
	} else if (message->len > 0) {
		chip->next = message->buf[i++];
		while (i < message->len)
			chip->registers[chip->next++] = message->buf[i++];
	}
}

static int transfer(struct i2c_adapter *bus, struct i2c_msg *messages, int number)
{
	int i;

	for (i = 0; i < number; i++) {
		struct chip *chip = find(messages[i].addr);

		if (!chip)
			return -ENXIO; /* nobody acknowledges */
		exchange(chip, &messages[i]);
	}
	return number;
}

static u32 functionality(struct i2c_adapter *bus)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = transfer, .functionality = functionality };
static struct i2c_adapter bus = { .owner = THIS_MODULE, .name = "fake I2C bus", .algo = &algorithm, .nr = 1 };

static int __init plug_in(void)
{
	return i2c_add_numbered_adapter(&bus);
}

static void __exit unplug(void)
{
	i2c_del_adapter(&bus);
}

module_init(plug_in);
module_exit(unplug);
MODULE_DESCRIPTION("A fake I2C bus with chips of plain registers");
MODULE_LICENSE("Dual MIT/GPL");
