using System.Diagnostics;
using Sprig.Devices.Modbus;
using Sprig.Devices.Tests.Serial;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Devices.Tests.Modbus;

/// <summary>Our master with a slave of libmodbus, and a master of libmodbus (mbpoll) with our slave, over ttys.</summary>
public class ModbusPeerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    [Fact]
    public void Bits_of_a_slave_of_libmodbus() => RunWithSlave(async master =>
    {
        Assert.Equal(Enumerable.Range(5, 2000).Select(i => i % 3 == 0), await master.ReadDiscreteInputsAsync(17, 5, 2000));
        bool[] pattern = [.. Enumerable.Range(0, 1968).Select(i => i % 5 < 2)];
        await master.WriteCoilsAsync(17, 100, pattern);
        Assert.Equal(pattern, await master.ReadCoilsAsync(17, 100, 1968));
        await master.WriteCoilAsync(17, 2999, true);
        Assert.Equal(1, (await master.ReadCoilsAsync(17, 2998, 2)).Count(on => on));
        Assert.Equal((5, 5, 0), (master.Requests, master.Answers, master.DiscardedBytes));
    });

    [Fact]
    public void Registers_of_a_slave_of_libmodbus() => RunWithSlave(async master =>
    {
        Assert.Equal(Enumerable.Range(175, 125).Select(i => (ushort)(i * 219)), await master.ReadInputRegistersAsync(17, 175, 125));
        ushort[] values = [.. Enumerable.Range(1, 123).Select(i => (ushort)(i * 501))];
        await master.WriteRegistersAsync(17, 10, values);
        Assert.Equal(values, await master.ReadHoldingRegistersAsync(17, 10, 123));
        await master.WriteRegisterAsync(17, 299, 0xFEDC);
        Assert.Equal([0, 0xFEDC], await master.ReadHoldingRegistersAsync(17, 298, 2));
        Assert.Equal([9, 8, 7, values[3]], await master.ReadWriteRegistersAsync(17, 10, 4, 10, new ushort[] { 9, 8, 7 }));
        await master.WriteRegistersAsync(17, 0, ModbusRegisters.FromSingle(-40.25f));
        Assert.Equal(-40.25f, ModbusRegisters.ToSingle(await master.ReadHoldingRegistersAsync(17, 0, 2)));
        Assert.Equal((8, 8, 0), (master.Requests, master.Answers, master.DiscardedBytes));
    });

    [Fact]
    public void Refusals_broadcasts_and_a_unit_that_is_not_there_with_libmodbus() => RunWithSlave(async master =>
    {
        ModbusException error = await ModbusRun.ThrowsAsync<ModbusException, ushort[]>(master.ReadHoldingRegistersAsync(17, 299, 2));
        Assert.Equal((17, 3, 2), (error.Unit, error.Function, error.Code));
        await master.WriteRegisterAsync(0, 5, 1234);
        Assert.Equal([1234], await master.ReadHoldingRegistersAsync(17, 5, 1));
        // Last: a slave of libmodbus takes the next frame for the answer of that other unit, whatever it is.
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(300), async () => await master.ReadCoilsAsync(18, 0, 1)));
        Assert.Equal((3, 2, 0, 0), (master.Requests, master.Answers, master.Timeouts, master.Malformed));
    });

    [Fact]
    public void Mbpoll_reads_our_slave()
    {
        RunMbpoll(async (slave, mbpoll) =>
        {
            for (int i = 0; i < 200; i++)
            {
                slave[9].InputRegisters[i] = (ushort)(i * 321);
                slave[9].HoldingRegisters[i] = (ushort)(i * 123);
                slave[9].Coils[i] = i % 2 == 0;
                slave[9].DiscreteInputs[i] = i % 3 == 0;
            }

            Assert.Equal(Enumerable.Range(10, 80).Select(i => i * 321), await mbpoll(["-t", "3:hex", "-r", "10", "-c", "80"]));
            Assert.Equal(Enumerable.Range(10, 80).Select(i => i * 123), await mbpoll(["-t", "4:hex", "-r", "10", "-c", "80"]));
            Assert.Equal(Enumerable.Range(3, 100).Select(i => i % 2 == 0 ? 1 : 0), await mbpoll(["-t", "0", "-r", "3", "-c", "100"]));
            Assert.Equal(Enumerable.Range(3, 100).Select(i => i % 3 == 0 ? 1 : 0), await mbpoll(["-t", "1", "-r", "3", "-c", "100"]));
            Assert.Equal((4, 4, 0), (slave[9].Requests, slave[9].Answers, slave.GarbledBytes));
        });
    }

    [Fact]
    public void Mbpoll_writes_to_our_slave()
    {
        RunMbpoll(async (slave, mbpoll) =>
        {
            await mbpoll(["-t", "4", "-r", "7", "--", "65535"]);
            await mbpoll(["-t", "4", "-r", "20", "--", "11", "22", "33"]);
            await mbpoll(["-t", "0", "-r", "7", "--", "1"]);
            await mbpoll(["-t", "0", "-r", "20", "--", "1", "0", "1"]);
            Assert.Equal(65_535, slave[9].HoldingRegisters[7]);
            Assert.Equal([11, 22, 33], slave[9].HoldingRegisters[20..23]);
            Assert.True(slave[9].Coils[7]);
            Assert.Equal([true, false, true], slave[9].Coils[20..23]);
            Assert.Equal((4, 4, 0), (slave[9].Requests, slave[9].Answers, slave.GarbledBytes));
        });
    }

    private static void RunWithSlave(Func<ModbusRtuMaster, Task> test)
    {
        string folder = Directory.CreateTempSubdirectory("sprig-modbus-").FullName;
        try
        {
            string program = Peers.CompileSlave(folder);
            Run(async () =>
            {
                using VirtualSerialPair pair = VirtualSerial.CreatePair();
                using SerialPort port = SerialPort.Open(pair.First.DevicePath, 19_200);
                using Process slave = Peers.Start(program, pair.Second.DevicePath);
                try
                {
                    Assert.Equal("ready", await slave.StandardOutput.ReadLineAsync());
                    // A machine may be busy: only what never comes is given up.
                    await test(new ModbusRtuMaster(port, new ModbusRtuOptions { Timeout = TimeSpan.FromSeconds(30), LateAnswers = TimeSpan.Zero, AnswerGap = TimeSpan.FromSeconds(5) }));
                }
                finally
                {
                    slave.Kill();
                    await slave.WaitForExitAsync();
                }
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <param name="test">Is given the slave, unit 9, and what runs mbpoll once: the values that it prints, once it has ended well.</param>
    private static void RunMbpoll(Func<SimulatedModbusSlave, Func<string[], Task<IEnumerable<int>>>, Task> test)
    {
        string program = Peers.FindMbpoll();
        Run(async () =>
        {
            using VirtualSerial device = new();
            SimulatedModbusSlave slave = new(device, 9);
            PollerRun.Start(slave.RunAsync);
            await test(slave, async arguments =>
            {
                int at = Array.IndexOf(arguments, "--");
                string[] values = at < 0 ? [] : arguments[at..];
                using Process mbpoll = Peers.Start(
                    program, ["-m", "rtu", "-a", "9", "-b", "19200", "-P", "none", "-0", "-1", "-o", "10", .. at < 0 ? arguments : arguments[..at], device.DevicePath, .. values]);
                string output = await mbpoll.StandardOutput.ReadToEndAsync();
                await mbpoll.WaitForExitAsync();
                Assert.True(mbpoll.ExitCode == 0, output);
                return ValuesOf(output);
            });
        });
    }

    /// <summary>Of lines as "[10]: 	0x0C8A".</summary>
    private static IEnumerable<int> ValuesOf(string output) => output.Split('\n')
        .Where(line => line.StartsWith('['))
        .Select(line => line.Split(':')[1].Trim())
        .Select(value => value.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt32(value, 16) : int.Parse(value));

    private static void Run(Func<Task> body)
        => CoroutineScheduler.Run(() => Deadline.RunAsync(s_limit, body), new SchedulerOptions { HandleSignals = false });
}
