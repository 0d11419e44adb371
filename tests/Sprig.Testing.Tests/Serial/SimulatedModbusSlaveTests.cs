using Sprig.IO.Framing;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Testing.Tests.Serial;

/// <summary>By the bytes; with masters of ours and of libmodbus it is tested with Sprig.Devices.</summary>
public class SimulatedModbusSlaveTests
{
    [Fact]
    public void It_answers_as_the_specification_s_examples_do() => Run(async (slave, port) =>
    {
        slave[17].HoldingRegisters[0x6B] = 0xAE41;
        slave[17].HoldingRegisters[0x6C] = 0x5652;
        slave[17].HoldingRegisters[0x6D] = 0x4340;
        await port.WriteAsync(Convert.FromHexString("1103006B00037687"));
        Assert.Equal("110306AE4156524340", Convert.ToHexString(await SerialRun.ReadAsync(port, 11))[..18]);
        await AskAsync(port, "110600010003", "110600010003");
        Assert.Equal(3, slave[17].HoldingRegisters[1]);
        await AskAsync(port, "110F0013000A02CD01", "110F0013000A");
        Assert.Equal("1011001110", string.Concat(slave[17].Coils[0x13..0x1D].Select(on => on ? '1' : '0')));
        Assert.Equal((3, 3, 0, 0), (slave[17].Requests, slave[17].Answers, slave.GarbledBytes, slave.ForOthers));
    });

    [Theory]
    [InlineData("110300640001", "118302")]
    [InlineData("110300000000", "118303")]
    [InlineData("11030000007E", "118303")]
    [InlineData("110100630002", "118102")]
    [InlineData("1105000012AB", "118503")]
    [InlineData("110F0000000A01FF", "118F03")]
    [InlineData("111000000001021234", "111000000001")]
    [InlineData("11100063000204000100020003", null)]
    [InlineData("111000630002040001FFFF", "119002")]
    [InlineData("1118000000", "119801")]
    public void What_is_wrong_is_refused_by_the_code_for_it(string request, string? answer) => Run(async (slave, port) =>
    {
        if (answer is not null)
        {
            await AskAsync(port, request, answer);
            Assert.Equal(1, slave[17].Answers);
            return;
        }

        // Two bytes more than its own count says: no frame, and nobody answers.
        await port.WriteAsync(Framed(request));
        await SerialRun.UntilAsync(() => slave.GarbledBytes > 0);
        await AskAsync(port, "110300000001", "1103020000");
    }, size: 100);

    [Fact]
    public void Garbled_requests_and_others_are_passed_over() => Run(async (slave, port) =>
    {
        byte[] garbled = Framed("110300000001");
        garbled[3] ^= 1;
        await port.WriteAsync(garbled);
        await port.WriteAsync(Framed("120300000001"));
        await port.WriteAsync("\u0000\u0001\u0002"u8.ToArray());
        await AskAsync(port, "110300000001", "1103020000");
        await SerialRun.UntilAsync(() => slave.GarbledBytes == 11);
        Assert.Equal((1, 1), (slave.ForOthers, slave[17].Requests));
    });

    [Fact]
    public void Half_a_request_is_forgotten_after_a_silence() => Run(async (slave, port) =>
    {
        await port.WriteAsync(Framed("110300000001").AsMemory(0, 5));
        await SerialRun.UntilAsync(() => slave.GarbledBytes == 5);
        await AskAsync(port, "110300000001", "1103020000");
    });

    [Fact]
    public void A_broadcast_is_carried_out_and_not_answered() => Run(async (slave, port) =>
    {
        await port.WriteAsync(Framed("000600020007"));
        await AskAsync(port, "110300020001", "1103020007");
        Assert.Equal((1, 1), (slave[17].Broadcasts, slave[17].Answers));
    });

    [Fact]
    public void Units_and_tables_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedModbusSlave(Stream.Null, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedModbusSlave(Stream.Null, 10, 248));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedModbusSlave(Stream.Null) { TableSize = 65_537 });
        Assert.Throws<ArgumentException>(() => new SimulatedModbusSlave(Stream.Null, 3, 3));
        Assert.Equal("unit 1", new SimulatedModbusSlave(Stream.Null)[1].ToString());
        Assert.Throws<KeyNotFoundException>(() => new SimulatedModbusSlave(Stream.Null)[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedModbusSlave(Stream.Null)[1].RefuseFor(1, 0));
    }

    private static async Task AskAsync(SerialPort port, string request, string answer)
    {
        await port.WriteAsync(Framed(request));
        byte[] expected = Framed(answer);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(await SerialRun.ReadAsync(port, expected.Length)));
    }

    private static byte[] Framed(string hex)
    {
        byte[] frame = Convert.FromHexString(hex + "0000");
        Crc16.Modbus.Write(frame.AsSpan(0, frame.Length - 2), frame.AsSpan(frame.Length - 2));
        return frame;
    }

    private static void Run(Func<SimulatedModbusSlave, SerialPort, Task> test, int size = 1000) => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        using SerialPort port = SerialPort.Open(device.DevicePath);
        SimulatedModbusSlave slave = new(device, 17) { TableSize = size };
        _ = Coroutine.Spawn(slave.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
        await test(slave, port);
    });
}
