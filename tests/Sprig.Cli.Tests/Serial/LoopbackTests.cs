using Sprig.Cli.Serial;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

public sealed class LoopbackTests : IDisposable
{
    private const int Bytes = 20_000;

    /// <summary>The single bytes that are sent first, and come before the pattern.</summary>
    private const int Single = 21;
    private readonly PluggedTerminal _plugged = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private long _passed;

    public void Dispose() => _plugged.Dispose();

    [Fact]
    public void A_line_that_gives_all_back_is_sound()
    {
        Assert.True(Run(bytes => bytes));
        string[] lines = Lines();
        Assert.Equal($"loopback on {_plugged.Path}: 9600 8N1, seed 3", lines[0]);
        Assert.Matches(@"^single bytes: 20 of 20 came, after \d+\.\d{3} ms at least, \d+\.\d{3} ms in the middle, \d+\.\d{3} ms at most$", lines[1]);
        Assert.Matches(@"^20000 bytes sent, 20000 received in \d+\.\d{3} s: \d+ bytes/s$", lines[2]);
        Assert.Equal("0 of 160000 bits wrong (rate 0e+0), in 0 bytes; 0 bytes lost, 0 extra", lines[3]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void Lost_bytes_are_counted_and_are_no_bit_errors()
    {
        Assert.False(Run(bytes => [.. bytes.Where(_ => !Happens(1000))]));
        Assert.Equal("0 of 159840 bits wrong (rate 0e+0), in 0 bytes; 20 bytes lost, 0 extra", Lines()[3]);
    }

    [Fact]
    public void Bits_that_were_turned_are_counted()
    {
        Assert.False(Run(bytes => [.. bytes.Select(one => Happens(2000) ? (byte)(one ^ 0x18) : one)]));
        Assert.Equal("20 of 160000 bits wrong (rate 1.25e-4), in 10 bytes; 0 bytes lost, 0 extra", Lines()[3]);
    }

    [Fact]
    public void A_line_that_is_not_wired_is_told_at_once()
    {
        Assert.False(Run(_ => []));
        Assert.Equal(["single bytes: none of 2 came", "nothing comes back: is TX wired to RX?"], Lines()[1..]);
    }

    [Fact]
    public void It_ends_with_its_time()
    {
        Loopback loopback = new(_output, SerialLink.Simulated, new SerialSettings(), new Pattern(1)) { Length = TimeSpan.FromMilliseconds(20) };
        CoroutineScheduler.Run(loopback.RunAsync);
        Assert.True(loopback.IsClean);
        Assert.Matches(@"^[1-9]\d* bytes sent", Lines()[2]);
    }

    [Fact]
    public void Two_ports_that_are_joined_are_tested_both_ways()
    {
        using PluggedTerminal second = new();
        Loopback loopback = new(_output, _plugged.Path, new SerialSettings(), new Pattern(3)) { Bytes = 5000, SecondPort = second.Path };
        CoroutineScheduler.Run(async () =>
        {
            Cross(_plugged, second, bytes => bytes);
            // The way back turns a bit.
            Cross(second, _plugged, bytes => [.. bytes.Select(one => Happens(4000) ? (byte)(one ^ 1) : one)]);
            await loopback.RunAsync();
        });
        Assert.False(loopback.IsClean);
        string[] lines = Lines();
        Assert.Equal($"from {_plugged.Path} to {second.Path}", lines[1]);
        Assert.Equal("0 of 40000 bits wrong (rate 0e+0), in 0 bytes; 0 bytes lost, 0 extra", lines[4]);
        Assert.Equal($"from {second.Path} to {_plugged.Path}", lines[5]);
        Assert.Equal("1 of 40000 bits wrong (rate 2.5e-5), in 1 bytes; 0 bytes lost, 0 extra", lines[8]);
    }

    [Fact]
    public void Unplugged_is_one_error_that_names_the_device()
    {
        StringWriter orphans = new();
        long passed = 0;
        Loopback loopback = New();
        IOException error = Assert.Throws<IOException>(() => CoroutineScheduler.Run(
            async () =>
            {
                _plugged.StartEcho(bytes =>
                {
                    if ((passed += bytes.Length) > 5000)
                        _plugged.Unplug();
                    return bytes;
                });
                await loopback.RunAsync();
            },
            new SchedulerOptions { ErrorOutput = orphans }));
        Assert.Contains(_plugged.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal("", orphans.ToString());
    }

    private bool Run(Func<byte[], byte[]> line)
    {
        Loopback loopback = New();
        CoroutineScheduler.Run(async () =>
        {
            _plugged.StartEcho(line);
            await loopback.RunAsync();
        });
        return loopback.IsClean;
    }

    private Loopback New() => new(_output, _plugged.Path, new SerialSettings(), new Pattern(3)) { Bytes = Bytes };

    /// <summary>At each so many bytes of the pattern, first in the middle.</summary>
    private bool Happens(int each)
    {
        long place = _passed++ - Single;
        return place >= 0 && place % each == each / 2;
    }

    private static void Cross(PluggedTerminal from, PluggedTerminal to, Func<byte[], byte[]> line) => Coroutine.Spawn(
        async () =>
        {
            byte[] buffer = new byte[4096];
            while (true)
            {
                try
                {
                    int count = await from.Device.ReadAsync(buffer);
                    await to.Device.WriteAsync(line(buffer[..count]));
                }
                catch (IOException)
                {
                    await Coroutine.Yield();
                }
            }
        },
        new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');
}
