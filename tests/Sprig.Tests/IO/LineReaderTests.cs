using System.Text;
using Nerdbank.Streams;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\n", new[] { "one" })]
    [InlineData("one\r\ntwo", new[] { "one", "two" })]
    [InlineData("one\n\ntwo\r\n\r\n", new[] { "one", "", "two", "" })]
    [InlineData("a\rb\n\r\n", new[] { "a\rb", "" })]
    [InlineData("last\r", new[] { "last" })]
    public async Task Lines_are_cut_at_LF_and_lose_CR_and_LF(string text, string[] expected)
    {
        LineReader reader = new(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(expected, await ReadAll(reader));
        Assert.Null(await reader.ReadLineAsync());
        Assert.Equal(text.Length, reader.BytesReceived);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Lines_are_the_same_in_whatever_pieces_they_come(int piece)
    {
        string[] lines = [.. Enumerable.Range(0, 200).Select(i => new string((char)('a' + i % 26), i * 3))];
        LineReader reader = new(new Pieces(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"), piece));
        Assert.Equal(lines, await ReadAll(reader));
    }

    [Fact]
    public async Task Characters_of_several_bytes_may_be_split_between_two_reads()
    {
        LineReader reader = new(new Pieces("gr\u00fcn \U0001F331\n"u8.ToArray(), 1));
        Assert.Equal("gr\u00fcn \U0001F331", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Another_encoding_takes_every_byte()
    {
        LineReader reader = new(new MemoryStream([0xE9, 0xFF, (byte)'\n']), Encoding.Latin1);
        Assert.Equal("\u00e9\u00ff", await reader.ReadLineAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Too_long_lines_are_counted_once_each_and_the_next_is_read(int piece)
    {
        string text = $"ok\n{new string('x', 11)}\n{new string('y', 10)}\n{new string('z', 5000)}\nend\n";
        LineReader reader = new(new Pieces(Encoding.ASCII.GetBytes(text), piece), maxLength: 10);
        Assert.Equal("ok", await reader.ReadLineAsync());
        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadLineAsync());
        Assert.Equal(1, reader.TooLong);
        Assert.Equal(new string('y', 10), await reader.ReadLineAsync());
        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadLineAsync());
        Assert.Equal("end", await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
        Assert.Equal(2, reader.TooLong);
        Assert.Equal(text.Length, reader.BytesReceived);
    }

    [Fact]
    public async Task A_too_long_line_without_an_end_is_dropped_to_the_end_of_the_stream()
    {
        LineReader reader = new(new Pieces(new byte[100_000], 1000), maxLength: 10);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
        Assert.Equal(1, reader.TooLong);
    }

    [Theory]
    [InlineData("0123456789\r\n", 1)]
    [InlineData("0123456789\r\n", 100)]
    [InlineData("0123456789\n", 1)]
    [InlineData("0123456789", 100)]
    public async Task The_longest_line_may_have_its_end_beside_it(string text, int piece)
    {
        LineReader reader = new(new Pieces(Encoding.ASCII.GetBytes(text), piece), maxLength: 10);
        Assert.Equal("0123456789", await reader.ReadLineAsync());
    }

    [Theory]
    [InlineData("0123456789x\n")]
    [InlineData("0123456789x\r\n")]
    [InlineData("0123456789x")]
    [InlineData("0123456789\r\r\n")]
    public async Task One_byte_more_is_too_long(string text)
    {
        LineReader reader = new(new MemoryStream(Encoding.ASCII.GetBytes(text)), maxLength: 10);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public void A_line_comes_over_a_stream_of_the_process_in_pieces() => IoLoop.Run(async () =>
    {
        (Stream left, Stream right) = FullDuplexStream.CreatePair();
        LineReader reader = new(right);
        Coroutine<string?> reading = Coroutine.Spawn(() => reader.ReadLineAsync());
        await left.WriteAsync("one "u8.ToArray());
        await left.FlushAsync();
        await IoLoop.UntilBlocked(reading);
        await left.WriteAsync("line\nrest"u8.ToArray());
        await left.FlushAsync();
        Assert.Equal("one line", await reading);
        await left.DisposeAsync();
        Assert.Equal("rest", await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
    });

    [Fact]
    public async Task An_error_of_the_stream_is_passed_on_and_what_came_before_is_kept()
    {
        Pieces stream = new("half"u8.ToArray(), 4) { FailOnce = true };
        LineReader reader = new(stream);
        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadLineAsync());
        Assert.Equal("half", await reader.ReadLineAsync());
    }

    [Fact]
    public void It_needs_a_stream_and_room_for_a_line()
    {
        Assert.Throws<ArgumentNullException>(() => new LineReader(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LineReader(Stream.Null, maxLength: 0));
    }

    private static async Task<List<string>> ReadAll(LineReader reader)
    {
        List<string> lines = [];
        while (await reader.ReadLineAsync() is { } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>A stream that gives so many bytes at a time, and fails once after them if it is to.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        internal bool FailOnce { get; set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (FailOnce && Position == Length)
            {
                FailOnce = false;
                throw new IOException("failed once");
            }

            return base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
        }
    }
}
