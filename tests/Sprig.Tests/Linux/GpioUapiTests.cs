using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

public class GpioUapiTests
{
    private const int Config = 288;
    private const int FirstAttribute = Config + 32;

    [Theory]
    [InlineData("ChipInfoRequest", 0x8044B401u, GpioUapi.ChipInfoSize)]
    [InlineData("LineInfoRequest", 0xC100B405u, GpioUapi.LineInfoSize)]
    [InlineData("LineRequest", 0xC250B407u, GpioUapi.RequestSize)]
    [InlineData("SetConfigRequest", 0xC110B40Du, GpioUapi.ConfigSize)]
    [InlineData("WatchRequest", 0xC100B406u, GpioUapi.LineInfoSize)]
    [InlineData("UnwatchRequest", 0xC004B40Cu, sizeof(uint))]
    [InlineData("GetValuesRequest", 0xC010B40Eu, GpioUapi.ValuesSize)]
    [InlineData("SetValuesRequest", 0xC010B40Fu, GpioUapi.ValuesSize)]
    public void The_size_in_a_request_number_is_the_size_of_its_struct(string name, uint number, int size)
    {
        object? declared = typeof(GpioUapi).GetField(name, BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue();
        Assert.Equal(number, declared);
        Assert.Equal(size, (int)(number >> 16) & 0x3FFF);
        Assert.Equal(0xB4u, (number >> 8) & 0xFF);
    }

    [Fact]
    public void The_structs_have_the_sizes_of_the_kernel()
    {
        Assert.Equal(68, GpioUapi.ChipInfoSize);
        Assert.Equal(16, GpioUapi.ValuesSize);
        Assert.Equal(256, GpioUapi.LineInfoSize);
        Assert.Equal(592, GpioUapi.RequestSize);
        Assert.Equal(272, GpioUapi.ConfigSize);
        Assert.Equal(288, GpioUapi.LineChangeSize);
        Assert.Equal(48, GpioUapi.EventSize);
    }

    [Fact]
    public void The_flags_are_the_bits_of_the_kernel()
        => Assert.Equal(
            Enumerable.Range(0, 13).Select(bit => 1ul << bit),
            (ulong[])[GpioUapi.Used, GpioUapi.ActiveLow, GpioUapi.Input, GpioUapi.Output, GpioUapi.RisingEdge, GpioUapi.FallingEdge,
                GpioUapi.OpenDrain, GpioUapi.OpenSource, GpioUapi.BiasPullUp, GpioUapi.BiasPullDown, GpioUapi.BiasDisabled,
                GpioUapi.ClockRealtime, GpioUapi.ClockHardware]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_output_is_asked_for_with_its_first_level(bool level)
    {
        byte[] request = Fill(17, "led", GpioUapi.Output | GpioUapi.ActiveLow, level, 0, 0);

        byte[] expected = new byte[592];
        Put32(expected, 0, 17);
        "led"u8.CopyTo(expected.AsSpan(256));
        Put64(expected, Config, (1 << 3) | (1 << 1));
        Put32(expected, Config + 8, 1);
        Put32(expected, FirstAttribute, 2);
        Put64(expected, FirstAttribute + 8, level ? 1u : 0);
        Put64(expected, FirstAttribute + 16, 1);
        Put32(expected, 560, 1);
        Assert.Equal(expected, request);
    }

    [Fact]
    public void An_input_is_asked_for_with_edges_bias_debounce_and_buffer()
    {
        const ulong Flags = GpioUapi.Input | GpioUapi.RisingEdge | GpioUapi.FallingEdge | GpioUapi.BiasPullUp;
        byte[] request = Fill(63, "button", Flags, false, 5000, 1024);

        byte[] expected = new byte[592];
        Put32(expected, 0, 63);
        "button"u8.CopyTo(expected.AsSpan(256));
        Put64(expected, Config, (1 << 2) | (1 << 4) | (1 << 5) | (1 << 8));
        Put32(expected, Config + 8, 1);
        Put32(expected, FirstAttribute, 3);
        Put32(expected, FirstAttribute + 8, 5000);
        Put64(expected, FirstAttribute + 16, 1);
        Put32(expected, 560, 1);
        Put32(expected, 564, 1024);
        Assert.Equal(expected, request);
    }

    [Fact]
    public void An_input_without_debounce_has_no_attribute()
    {
        byte[] request = Fill(4, "x", GpioUapi.Input | GpioUapi.BiasDisabled, false, 0, 16);
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(Config + 8)));
        Assert.All(request[FirstAttribute..560], one => Assert.Equal(0, one));
    }

    [Fact]
    public void What_stood_in_the_buffer_before_is_cleared()
    {
        byte[] request = new byte[GpioUapi.RequestSize];
        request.AsSpan().Fill(0xFF);
        GpioUapi.FillRequest(request, [1], "", [new(GpioUapi.Input)], 0, 0);
        Assert.Equal(Fill(1, "", GpioUapi.Input, false, 0, 0), request);
    }

    [Theory]
    [InlineData("0123456789012345678901234567890", "0123456789012345678901234567890")]
    [InlineData("01234567890123456789012345678901", "0123456789012345678901234567890")]
    [InlineData("012345678901234567890123456789\u00e4", "012345678901234567890123456789")]
    [InlineData("01234567890123456789012345678\u00e4x", "01234567890123456789012345678\u00e4")]
    [InlineData("0123456789012345678901234567\U0001F331", "0123456789012345678901234567")]
    public void A_consumer_is_cut_to_31_bytes_between_two_characters(string consumer, string kept)
    {
        byte[] request = Fill(1, consumer, GpioUapi.Input, false, 0, 0);
        byte[] field = request[256..288];
        Assert.Equal(0, field[31]);
        Assert.Equal(kept, Encoding.UTF8.GetString(field).TrimEnd('\0'));
    }

    [Fact]
    public void An_event_is_decoded_from_its_place_in_the_buffer()
    {
        byte[] buffer = new byte[2 * GpioUapi.EventSize];
        buffer.AsSpan(0, GpioUapi.EventSize).Fill(0xEE);
        Put64(buffer, 48, 0x0102030405060708);
        Put32(buffer, 56, 1);
        Put32(buffer, 60, 23);
        Put32(buffer, 64, 0x80000001);
        Put32(buffer, 68, 0xFFFFFFFF);

        GpioUapi.ReadEvent(buffer, 1, out long timestamp, out bool rising, out uint line, out uint sequence, out uint lineSequence);

        Assert.Equal(0x0102030405060708, timestamp);
        Assert.True(rising);
        Assert.Equal(23u, line);
        Assert.Equal(0x80000001, sequence);
        Assert.Equal(0xFFFFFFFF, lineSequence);
    }

    [Fact]
    public void An_event_of_kind_2_is_falling()
    {
        byte[] buffer = new byte[GpioUapi.EventSize];
        Put32(buffer, 8, 2);
        GpioUapi.ReadEvent(buffer, 0, out _, out bool rising, out _, out _, out _);
        Assert.False(rising);
    }

    [Fact]
    public void What_is_no_chip_answers_with_the_errno_of_the_kernel()
    {
        using FileDescriptor nothing = FileDescriptor.FromResult(Syscall.Open("/dev/null", Syscall.OpenReadWrite), "open", "/dev/null");
        Assert.Equal(-Errno.ENOTTY, GpioUapi.GetChipInfo(nothing.Number, out string name, out string label, out int lines));
        Assert.Equal(("", "", 0), (name, label, lines));
        Assert.Equal(-Errno.ENOTTY, GpioUapi.GetLineInfo(nothing.Number, 3, out GpioUapi.LineInfo info));
        Assert.Equal(new GpioUapi.LineInfo(3, "", "", 0, 0), info);
        Assert.Equal(-Errno.ENOTTY, GpioUapi.WatchLine(nothing.Number, 3, out _));
        Assert.Equal(-Errno.ENOTTY, GpioUapi.UnwatchLine(nothing.Number, 3));
        Assert.Equal(-Errno.ENOTTY, GpioUapi.RequestLines(nothing.Number, new byte[GpioUapi.RequestSize]));
        Assert.Equal(-Errno.ENOTTY, GpioUapi.SetConfig(nothing.Number, new byte[GpioUapi.ConfigSize]));
        Assert.Equal(-Errno.ENOTTY, GpioUapi.GetValues(nothing.Number, 1, out _));
        Assert.Equal(-Errno.ENOTTY, GpioUapi.SetValues(nothing.Number, 1, 1));
    }

    private static byte[] Fill(int line, string consumer, ulong flags, bool level, uint debounce, int eventBuffer)
    {
        byte[] request = new byte[GpioUapi.RequestSize];
        Assert.InRange(GpioUapi.FillRequest(request, [line], consumer, [new(flags, debounce)], level ? 1u : 0, eventBuffer), 0, 2);
        return request;
    }

    private static void Put32(byte[] target, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(target.AsSpan(offset), value);

    private static void Put64(byte[] target, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(target.AsSpan(offset), value);
}
