using System.IO.Pipelines;
using System.Text;
using Sprig.Cli.Serial;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

/// <summary>The monitor on a true tty, whose other end is the test's.</summary>
public sealed class SerialMonitorTests : IDisposable
{
    private readonly PluggedTerminal _plugged = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly string _log = Path.GetTempFileName();

    public void Dispose()
    {
        _plugged.Dispose();
        File.Delete(_log);
    }

    [Fact]
    public void It_shows_lines_until_the_count_and_sums_up()
    {
        Run(New(count: 2), "one\r\ntwo \e[2J\r\nthree\r\n"u8.ToArray());
        string[] lines = Lines();
        Assert.Equal([$"{_plugged.Path}: 115200 8N1; Ctrl+C ends it", "one", @"two \e[2J"], lines[..3]);
        Assert.Matches(@"^15 bytes, 2 lines in \d+\.\d+ s$", lines[3].Replace("\n", "", StringComparison.Ordinal));
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void Hex_counts_bytes()
    {
        Run(New(count: 18, view: ViewKind.Hex), Encoding.ASCII.GetBytes("0123456789abcdefgh and more"));
        Assert.Equal("00000010  67 68                                             |gh|", Lines()[2]);
        Assert.StartsWith("18 bytes, 0 lines", Lines()[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_an_end_is_shown_when_nothing_more_comes()
    {
        CoroutineScheduler.Run(async () =>
        {
            Coroutine monitor = await StartAsync(New());
            await _plugged.Device.WriteAsync("login: "u8.ToArray());
            await UntilShown("login: \\\n");
            await _plugged.Device.WriteAsync("ok\n"u8.ToArray());
            await UntilShown("ok\n");
            monitor.Kill();
            await monitor.JoinAsync();
        });
        Assert.StartsWith("10 bytes, 1 lines", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_with_its_time()
    {
        CoroutineScheduler.Run(New(seconds: 0.01).RunAsync);
        Assert.StartsWith("0 bytes, 0 lines", Lines()[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "a\r\n\0\u0001b\n")]
    [InlineData(true, "a\n\\0\\x01b\n")]
    public void What_is_received_is_appended_to_a_file_as_it_came_or_as_it_is_shown(bool view, string logged)
    {
        File.WriteAllText(_log, "before\n");
        Run(New(count: 2, log: _log, logAs: view ? LogKind.View : LogKind.Raw), "a\r\n\0\u0001b\nc"u8.ToArray());
        Assert.Equal($"before\n{logged}", File.ReadAllText(_log));
    }

    [Fact]
    public void Stamps_are_in_microseconds()
    {
        Run(New(count: 1, stamps: StampKind.Start), "x\n"u8.ToArray());
        Assert.Matches(@"^\d+\.\d{6}  x$", Lines()[1]);
    }

    [Theory]
    [InlineData("\r\n", "ID?\r\nSTART\r\n")]
    [InlineData("\r", "ID?\rSTART\r")]
    [InlineData("", "ID?START")]
    public void Lines_of_the_input_are_sent_with_the_end_that_was_chosen(string lineEnd, string sent)
    {
        CoroutineScheduler.Run(async () =>
        {
            Coroutine monitor = await StartAsync(New(count: 1, input: new MemoryStream("ID?\nSTART\r\n"u8.ToArray()), lineEnd: lineEnd));
            Assert.Equal(sent, Encoding.ASCII.GetString(await _plugged.ReadAsync(sent.Length)));
            await _plugged.Device.WriteAsync("SCD30\n"u8.ToArray());
            await monitor;
        });
        Assert.EndsWith($"; {sent.Length} bytes sent\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_is_sent_byte_by_byte_whatever_its_encoding()
    {
        byte[] typed = [0x32, 0x31, 0xB0, 0x43, .. Enumerable.Repeat((byte)0xFF, 9000), 0x0A];
        CoroutineScheduler.Run(async () =>
        {
            Coroutine monitor = await StartAsync(New(count: 1, input: new MemoryStream(typed)));
            Assert.Equal(typed, await _plugged.ReadAsync(typed.Length));
            await _plugged.Device.WriteAsync("ok\n"u8.ToArray());
            await monitor;
        });
    }

    [Fact]
    public void A_line_that_an_unplugging_has_cut_does_not_end_the_sending_to_a_port_that_comes_back()
    {
        CoroutineScheduler.Run(async () =>
        {
            Pipe typed = new();
            Coroutine monitor = await StartAsync(New(count: 1, reopen: true, input: typed.Reader.AsStream()));
            // The kernel takes a part of it, and the rest waits for a reader.
            await typed.Writer.WriteAsync((byte[])[.. Enumerable.Repeat((byte)'x', 200_000), (byte)'\n']);
            await _plugged.ReadAsync(1);
            _plugged.Unplug();
            await UntilShown("of 200001 bytes were written; the port waits for it to come back.\n");
            _plugged.PlugAnother();
            await UntilShown($"{_plugged.Path} is back\n");
            await typed.Writer.WriteAsync("next\n"u8.ToArray());
            Assert.Equal("next\n"u8.ToArray(), await _plugged.ReadAsync(5));
            await _plugged.Device.WriteAsync("ok\n"u8.ToArray());
            await monitor;
            await typed.Writer.CompleteAsync();
        });
    }

    [Fact]
    public void Unplugged_is_an_error_that_names_the_device_after_the_sum()
    {
        CoroutineScheduler.Run(async () =>
        {
            Pipe typed = new();
            Coroutine monitor = await StartAsync(New(input: typed.Reader.AsStream()));
            await _plugged.Device.WriteAsync("half"u8.ToArray());
            await UntilShown("half\\\n");
            _plugged.Unplug();
            IOException error = await Assert.ThrowsAsync<IOException>(async () => await monitor);
            Assert.Contains(_plugged.Path, error.Message, StringComparison.Ordinal);
            Assert.Contains("unplugged", error.Message, StringComparison.Ordinal);
            await typed.Writer.CompleteAsync();
        });
        Assert.StartsWith("4 bytes, 0 lines", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_on_with_a_device_that_comes_back_where_that_is_wished()
    {
        CoroutineScheduler.Run(async () =>
        {
            Coroutine monitor = await StartAsync(New(count: 1, reopen: true));
            await _plugged.Device.WriteAsync("half"u8.ToArray());
            await UntilShown("half\\\n");
            _plugged.Unplug();
            await UntilShown($"{_plugged.Path} is gone; waits for it to come back\n");
            _plugged.PlugAnother();
            await UntilShown($"{_plugged.Path} is back\n");
            await _plugged.Device.WriteAsync("whole\n"u8.ToArray());
            await monitor;
        });
        Assert.Equal(["half\\", $"{_plugged.Path} is gone; waits for it to come back", $"{_plugged.Path} is back", "whole"], Lines()[1..^1]);
        Assert.StartsWith("10 bytes, 1 lines", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_cannot_be_opened_leaves_no_log()
    {
        string log = _log + ".new";
        SerialMonitor monitor = new(_output, "/dev/ttyNowhere0", new SerialSettings()) { LogPath = log };
        Assert.Throws<FileNotFoundException>(() => CoroutineScheduler.Run(monitor.RunAsync));
        Assert.False(File.Exists(log));
        Assert.Equal("", _output.ToString());
    }

    private SerialMonitor New(
        long count = 0, double seconds = 0, ViewKind view = ViewKind.Text, StampKind stamps = StampKind.None, string? log = null, LogKind logAs = LogKind.Raw,
        Stream? input = null, string lineEnd = "\n", bool reopen = false)
        => new(_output, _plugged.Path, new SerialSettings { BaudRate = 115_200, Reopen = reopen ? ReopenPolicy.Default : null })
        {
            Count = count,
            Length = TimeSpan.FromSeconds(seconds),
            View = view,
            Stamps = stamps,
            LogPath = log,
            LogAs = logAs,
            OpenInput = input is null ? null : () => input,
            LineEnd = lineEnd,
        };

    private void Run(SerialMonitor monitor, byte[] received) => CoroutineScheduler.Run(async () =>
    {
        Coroutine running = await StartAsync(monitor);
        await _plugged.Device.WriteAsync(received);
        await running;
    });

    // What came before the port was opened is thrown away.
    private async Task<Coroutine> StartAsync(SerialMonitor monitor)
    {
        Coroutine running = Coroutine.Spawn(monitor.RunAsync, new SpawnOptions { Name = "monitor" });
        await UntilShown("Ctrl+C ends it\n");
        return running;
    }

    private async Task UntilShown(string text)
    {
        while (!_output.ToString().EndsWith(text, StringComparison.Ordinal))
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
    }

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');
}
