/* A Modbus RTU slave by libmodbus, for our master to talk to: unit 17 on the tty that is given. Its tables hold what ModbusPeerTests.cs
   expects. Ends when the tty is unplugged. */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
    modbus_t *ctx = argc == 2 ? modbus_new_rtu(argv[1], 19200, 'N', 8, 1) : NULL;
    modbus_mapping_t *map = modbus_mapping_new(3000, 3000, 300, 300);

    if (ctx == NULL || map == NULL || modbus_set_slave(ctx, 17) < 0 || modbus_connect(ctx) < 0) {
        fprintf(stderr, "%s\n", modbus_strerror(errno));
        return 1;
    }

    for (int i = 0; i < 3000; i++)
        map->tab_input_bits[i] = i % 3 == 0;
    for (int i = 0; i < 300; i++)
        map->tab_input_registers[i] = (uint16_t)(i * 219);
    puts("ready");
    fflush(stdout);

    for (;;) {
        int length = modbus_receive(ctx, query);
        if (length > 0)
            modbus_reply(ctx, query, length, map);
        else if (length < 0 && errno != EMBBADCRC && errno != ETIMEDOUT)
            break;
    }

    modbus_mapping_free(map);
    modbus_close(ctx);
    modbus_free(ctx);
    return 0;
}
