using Sprig.Cli.Serial;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

public sealed class SendingTests : IDisposable
{
    private readonly PluggedTerminal _plugged = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => _plugged.Dispose();

    [Fact]
    public void All_is_sent_and_said()
    {
        byte[] bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        Sending sending = New();
        CoroutineScheduler.Run(async () =>
        {
            Coroutine running = Coroutine.Spawn(() => sending.RunAsync(new MemoryStream(bytes)));
            await Coroutine.Yield();
            Assert.Equal(bytes, await _plugged.ReadAsync(bytes.Length));
            await running;
        });
        Assert.True(sending.IsDone);
        Assert.Equal(("10000 bytes sent\n", ""), (_output.ToString(), _error.ToString()));
    }

    [Fact]
    public void A_port_that_takes_nothing_more_is_told_with_how_far_it_came()
    {
        Sending sending = New(patience: 0.02);
        // Nobody reads: the kernel's buffers take a part of it.
        CoroutineScheduler.Run(() => sending.RunAsync(new MemoryStream(new byte[1 << 20])));
        Assert.False(sending.IsDone);
        Assert.Equal("", _output.ToString());
        Assert.Matches(@"took nothing more for 0\.02 s, after [1-9]\d* bytes", _error.ToString());
    }

    /// <summary>A pty sends all at once: this is of lines that take their time.</summary>
    [Theory]
    [InlineData(new long[] { 0, 50, 100, 150 }, true)]
    [InlineData(new long[] { 0, 50, 50, 150 }, false)]
    [InlineData(new long[] { 0, 0, 100, 150 }, false)]
    public void A_slow_line_is_waited_for_as_long_as_bytes_leave(long[] left, bool isDone)
    {
        int asked = 0;
        CoroutineScheduler.Run(async () =>
        {
            bool isMoving = await Sending.WhileItMovesAsync(
                TimeSpan.FromMilliseconds(1),
                () => left[asked++],
                async () =>
                {
                    if (asked < left.Length)
                        await Coroutine.Sleep(TimeSpan.FromHours(1));
                });
            Assert.Equal(isDone, isMoving);
        });
    }

    [Fact]
    public void An_answer_is_shown_until_it_pauses()
    {
        Sending sending = New(answer: 30);
        CoroutineScheduler.Run(async () =>
        {
            _plugged.StartEcho(_ => "SCD30 \e[31m\r\nready\r\n>"u8.ToArray());
            await sending.RunAsync(new MemoryStream("ID?\n"u8.ToArray()));
        });
        Assert.True(sending.IsDone);
        Assert.Equal("4 bytes sent\nSCD30 \\e[31m\nready\n>\\\n", _output.ToString());
    }

    [Fact]
    public void No_answer_is_told()
    {
        Sending sending = New(answer: 0.02);
        CoroutineScheduler.Run(() => sending.RunAsync(new MemoryStream("ID?\n"u8.ToArray())));
        Assert.False(sending.IsDone);
        Assert.Equal($"sprig serial send: no answer from {_plugged.Path} in 0.02 s\n", _error.ToString());
    }

    [Theory]
    [InlineData("01 03 00", "010300")]
    [InlineData("0x01,0x03,0xFf", "0103FF")]
    [InlineData("0103 c4:0b", "0103C40B")]
    public void Bytes_are_written_in_several_ways(string text, string bytes)
        => Assert.Equal(bytes, Convert.ToHexString(SendCommand.ParseHex(text)));

    [Theory]
    [InlineData("1", "'1' is no byte")]
    [InlineData("01 0g", "'0g' is no byte")]
    [InlineData("01 0x", "'0x' is no byte")]
    [InlineData("012", "'012' is no byte")]
    [InlineData(" ", "there is no byte in it")]
    public void What_is_no_byte_is_named(string text, string said)
        => Assert.Contains(said, Assert.Throws<ArgumentException>(() => SendCommand.ParseHex(text)).Message, StringComparison.Ordinal);

    private Sending New(double patience = 60, double answer = 0)
        => new(_output, _error, _plugged.Path, new SerialSettings()) { Patience = TimeSpan.FromSeconds(patience), AnswerTime = TimeSpan.FromSeconds(answer) };
}
