using Sprig.Devices.Modbus;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Modbus;

public class ModbusRtuMasterTests
{
    [Fact]
    public void Frames_are_those_of_the_specification() => ModbusRun.Run(async run =>
    {
        // The examples of the protocol's own documents, with their checks.
        run.Slave[1].HoldingRegisters[107] = 0x022B;
        run.Slave[1].HoldingRegisters[109] = 0x0064;
        Assert.Equal([0x022B, 0, 0x0064], await run.Master.ReadHoldingRegistersAsync(1, 107, 3));
        Assert.Equal("0103006B00037417", Convert.ToHexString(run.Line.Written[0]));
        Assert.Equal("010306022B00000064057A", Convert.ToHexString(run.Device.Written[0]));
        await run.Master.WriteCoilAsync(1, 172, true);
        Assert.Equal("010500ACFF004C1B", Convert.ToHexString(run.Line.Written[1]));
        Assert.Equal(run.Line.Written[1], run.Device.Written[1]);
    });

    [Fact]
    public void Bits_are_read_and_written() => ModbusRun.Run(async run =>
    {
        bool[] pattern = [.. Enumerable.Range(0, 1968).Select(i => i % 3 == 0 || i % 7 == 0)];
        await run.Master.WriteCoilsAsync(1, 40, pattern);
        Assert.Equal(pattern, run.Slave[1].Coils[40..2008]);
        Assert.False(run.Slave[1].Coils[39] || run.Slave[1].Coils[2008]);
        Assert.Equal(pattern, await run.Master.ReadCoilsAsync(1, 40, 1968));
        for (int i = 0; i < 2000; i++)
            run.Slave[2].DiscreteInputs[i + 5] = i % 5 == 2;
        Assert.Equal(run.Slave[2].DiscreteInputs[5..2005], await run.Master.ReadDiscreteInputsAsync(2, 5, 2000));
        foreach (int count in (int[])[1, 7, 8, 9, 16])
            Assert.Equal(pattern[..count], await run.Master.ReadCoilsAsync(1, 40, count));
        await run.Master.WriteCoilAsync(1, 65_535, true);
        Assert.True(run.Slave[1].Coils[65_535]);
        await run.Master.WriteCoilAsync(1, 65_535, false);
        Assert.False(run.Slave[1].Coils[65_535]);
        run.Expect(10, 10, 0, 0, 0, 0);
    });

    [Fact]
    public void Registers_are_read_and_written() => ModbusRun.Run(async run =>
    {
        ushort[] values = [.. Enumerable.Range(0, 125).Select(i => (ushort)(i * 523))];
        await run.Master.WriteRegistersAsync(1, 10, values.AsMemory(0, 123));
        await run.Master.WriteRegisterAsync(1, 133, values[123]);
        await run.Master.WriteRegisterAsync(1, 134, values[124]);
        Assert.Equal(values, run.Slave[1].HoldingRegisters[10..135]);
        Assert.Equal(values, await run.Master.ReadHoldingRegistersAsync(1, 10, 125));
        values.CopyTo(run.Slave[2].InputRegisters, 65_536 - 125);
        Assert.Equal(values, await run.Master.ReadInputRegistersAsync(2, 65_536 - 125, 125));
        // Written first, then read.
        ushort[] read = await run.Master.ReadWriteRegistersAsync(1, 10, 125, 14, values.AsMemory(0, 121));
        Assert.Equal([.. values[..4], .. values[..121]], read);
        Assert.Equal(0, run.Master.DiscardedBytes);
    });

    [Fact]
    public void Nothing_is_sent_that_the_protocol_does_not_allow() => ModbusRun.Run(async run =>
    {
        ModbusRtuMaster master = run.Master;
        foreach (Func<Task> call in (Func<Task>[])
        [
            async () => await master.ReadCoilsAsync(0, 0, 1),
            async () => await master.ReadCoilsAsync(248, 0, 1),
            async () => await master.ReadCoilsAsync(1, -1, 1),
            async () => await master.ReadCoilsAsync(1, 65_536, 1),
            async () => await master.ReadCoilsAsync(1, 0, 0),
            async () => await master.ReadCoilsAsync(1, 0, 2001),
            async () => await master.ReadDiscreteInputsAsync(1, 65_535, 2),
            async () => await master.ReadHoldingRegistersAsync(1, 0, 126),
            async () => await master.ReadInputRegistersAsync(1, 65_500, 37),
            async () => await master.WriteCoilAsync(248, 0, true),
            async () => await master.WriteCoilsAsync(1, 0, new bool[1969]),
            async () => await master.WriteCoilsAsync(1, 0, default),
            async () => await master.WriteRegisterAsync(1, 65_536, 1),
            async () => await master.WriteRegistersAsync(1, 0, new ushort[124]),
            async () => await master.ReadWriteRegistersAsync(1, 0, 126, 0, new ushort[1]),
            async () => await master.ReadWriteRegistersAsync(1, 0, 1, 0, new ushort[122]),
        ])
        {
            await ModbusRun.ThrowsAsync<ArgumentOutOfRangeException>(call);
        }

        Assert.Contains("1 to 125", (await ModbusRun.ThrowsAsync<ArgumentOutOfRangeException, ushort[]>(master.ReadHoldingRegistersAsync(1, 0, 126))).Message, StringComparison.Ordinal);
        Assert.Empty(run.Line.Written);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModbusRtuMaster(run.Line, new ModbusRtuOptions { Timeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModbusRtuMaster(run.Line, new ModbusRtuOptions { Retries = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModbusRtuMaster(run.Line, new ModbusRtuOptions { BaudRate = 0 }));
    });

    [Fact]
    public void A_broadcast_is_carried_out_by_all_and_answered_by_none() => ModbusRun.Run(async run =>
    {
        await run.Master.WriteRegisterAsync(0, 3, 77);
        Assert.Equal(100.088, run.Milliseconds, 3);
        bool[] on = [true];
        await run.Master.WriteCoilsAsync(0, 3, on);
        foreach (byte unit in (byte[])[1, 2])
        {
            Assert.Equal(77, run.Slave[unit].HoldingRegisters[3]);
            Assert.True(run.Slave[unit].Coils[3]);
            Assert.Equal(2, run.Slave[unit].Broadcasts);
        }

        run.Expect(0, 0, 0, 0, 0, 0);
        Assert.Equal(2, run.Master.Broadcasts);
        Assert.Empty(run.Device.Written);
    });

    [Fact]
    public void Between_two_frames_there_are_three_and_a_half_characters_of_silence() => ModbusRun.Run(async run =>
    {
        await run.Master.ReadCoilsAsync(1, 0, 1);
        double first = run.Milliseconds;
        await run.Master.ReadCoilsAsync(1, 0, 1);
        // 3.5 characters of 11 bits at 9600 baud are 4.01 ms; the slave here answers before the request is out.
        Assert.InRange(run.Milliseconds - first, 4.0, 4.1);
    }, ModbusRun.Options with { BaudRate = 9600 });

    [Fact]
    public void Coroutines_that_share_it_are_served_one_at_a_time_in_their_order() => ModbusRun.Run(async run =>
    {
        List<int> order = [];
        run.Slave[1].Delay = run.Slave[2].Delay = TimeSpan.FromMilliseconds(10);
        Coroutine[] all = [.. Enumerable.Range(0, 20).Select(i => Coroutine.Spawn(async () =>
        {
            await run.Master.WriteRegisterAsync((byte)(1 + i % 2), i, (ushort)(i + 1));
            Assert.Equal([(ushort)(i + 1)], await run.Master.ReadHoldingRegistersAsync((byte)(1 + i % 2), i, 1));
            order.Add(i);
        }))];
        await Coroutine.JoinAll(all, raiseError: true);
        Assert.Equal(Enumerable.Range(0, 20), order);
        run.Expect(40, 40, 0, 0, 0, 0);
    });

    [Fact]
    public void Refusals_say_who_what_and_why() => ModbusRun.Run(async run =>
    {
        run.Slave[2].RefuseFor(1, 4);
        ModbusException error = await ModbusRun.ThrowsAsync<ModbusException, ushort[]>(run.Master.ReadInputRegistersAsync(2, 0, 1));
        Assert.Equal((2, 4, 4), (error.Unit, error.Function, error.Code));
        Assert.Equal("Unit 2 refuses function 4: it failed (exception 4).", error.Message);
        // A refusal is an answer: it is not asked for again.
        run.Expect(1, 1, 0, 0, 0, 1);
    }, ModbusRun.Options with { Retries = 3 });

    [Fact]
    public void Who_is_busy_is_asked_again() => ModbusRun.Run(async run =>
    {
        run.Slave[1].RefuseFor(2, 6);
        run.Slave[1].InputRegisters[0] = 9;
        Assert.Equal([9], await run.Master.ReadInputRegistersAsync(1, 0, 1));
        run.Expect(3, 3, 0, 0, 2, 2);
        run.Slave[1].RefuseFor(3, 6);
        Assert.Equal(6, (await ModbusRun.ThrowsAsync<ModbusException, ushort[]>(run.Master.ReadInputRegistersAsync(1, 0, 1))).Code);
    }, ModbusRun.Options with { Retries = 2 });
}
