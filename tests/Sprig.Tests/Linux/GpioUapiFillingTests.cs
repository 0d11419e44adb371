using System.Buffers.Binary;
using Xunit;
using static Sprig.Linux.GpioUapi;

namespace Sprig.Tests.Linux;

/// <summary>The exact bytes of requests of many lines, and what is read from the kernel's. They are made by hand, so they are the same
/// on x64, arm64 and arm.</summary>
public class GpioUapiFillingTests
{
    private const int Config = 288;
    private const ulong Button = Input | RisingEdge | FallingEdge | BiasPullUp;

    [Fact]
    public void Lines_that_are_set_alike_take_no_attribute_but_the_levels()
    {
        byte[] request = new byte[RequestSize];
        int attributes = FillRequest(request, [5, 6, 13, 19], "bus", [new(Output), new(Output), new(Output), new(Output)], 0b1010, 64);

        byte[] expected = new byte[592];
        Put32(expected, 0, 5);
        Put32(expected, 4, 6);
        Put32(expected, 8, 13);
        Put32(expected, 12, 19);
        "bus"u8.CopyTo(expected.AsSpan(256));
        Put64(expected, Config, 1 << 3);
        Put32(expected, Config + 8, 1);
        PutAttribute(expected, 0, 2, 0b1010, 0b1111);
        Put32(expected, 560, 4);
        Put32(expected, 564, 64);
        Assert.Equal(1, attributes);
        Assert.Equal(expected, request);
    }

    [Fact]
    public void The_flags_that_most_have_in_common_are_the_default_and_the_others_attributes_with_masks()
    {
        byte[] config = new byte[ConfigSize];
        int attributes = FillConfig(
            config,
            [new(Output | OpenDrain), new(Button, 5000), new(Button), new(Output | OpenDrain), new(Button, 5000), new(Input, 700)],
            0b001001);

        byte[] expected = new byte[272];
        Put64(expected, 0, Button);
        Put32(expected, 8, 5);
        PutAttribute(expected, 0, 1, Output | OpenDrain, 0b001001, config: 0);
        PutAttribute(expected, 1, 3, 5000, 0b010010, config: 0);
        PutAttribute(expected, 2, 1, Input, 0b100000, config: 0);
        PutAttribute(expected, 3, 3, 700, 0b100000, config: 0);
        PutAttribute(expected, 4, 2, 0b001001, 0b001001, config: 0);
        Assert.Equal(5, attributes);
        Assert.Equal(expected, config);
    }

    [Fact]
    public void Levels_of_lines_that_are_no_outputs_are_left_out()
    {
        byte[] config = new byte[ConfigSize];
        FillConfig(config, [new(Input), new(Output)], ulong.MaxValue);
        Assert.Equal(0b10ul, BinaryPrimitives.ReadUInt64LittleEndian(config.AsSpan(32 + 24 + 8)));
        Assert.Equal(0b10ul, BinaryPrimitives.ReadUInt64LittleEndian(config.AsSpan(32 + 24 + 16)));
    }

    [Fact]
    public void Sixty_four_lines_fill_their_place()
    {
        byte[] request = new byte[RequestSize];
        int[] lines = [.. Enumerable.Range(100, 64)];
        LineConfig[] configs = [.. lines.Select(_ => new LineConfig(Output))];
        Assert.Equal(1, FillRequest(request, lines, "", configs, 1UL << 63, 0));
        Assert.Equal(163, BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(252)));
        Assert.Equal(64, BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(560)));
        Assert.Equal(1UL << 63, BinaryPrimitives.ReadUInt64LittleEndian(request.AsSpan(Config + 32 + 8)));
        Assert.Equal(ulong.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(request.AsSpan(Config + 32 + 16)));
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(11, 11)]
    [InlineData(30, 30)]
    public void More_attributes_than_there_is_room_for_are_counted_and_nothing_behind_is_touched(int times, int needed)
    {
        byte[] request = new byte[RequestSize];
        LineConfig[] configs = [.. Enumerable.Range(1, times).Select(time => new LineConfig(Input, (uint)time))];
        Assert.Equal(needed, FillRequest(request, [.. Enumerable.Range(0, times)], "x", configs, 0, 0));
        Assert.Equal(10, BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(Config + 8)));
        Assert.Equal(times, BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(560)));
    }

    [Fact]
    public void What_stood_in_a_configuration_before_is_cleared()
    {
        byte[] config = new byte[ConfigSize];
        config.AsSpan().Fill(0xFF);
        FillConfig(config, [new(Input)], 0);
        byte[] expected = new byte[272];
        Put64(expected, 0, 1 << 2);
        Assert.Equal(expected, config);
    }

    [Fact]
    public void Values_come_before_their_mask()
    {
        byte[] values = new byte[ValuesSize];
        FillValues(values, mask: 0x8000000000000001, values: 0x8000000000000000);
        byte[] expected = new byte[16];
        Put64(expected, 0, 0x8000000000000000);
        Put64(expected, 8, 0x8000000000000001);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void The_information_of_a_line_is_read_with_its_attributes()
    {
        byte[] info = SomeInfo();
        Assert.Equal(new LineInfo(17, "GPIO17", "button", Used | Button | ActiveLow, 5000), ReadInfo(info));
    }

    [Fact]
    public void Attributes_that_are_none_of_ours_and_counts_that_lie_are_survived()
    {
        byte[] info = SomeInfo();
        Put32(info, 68, 200);
        Put32(info, 80, 99);
        Assert.Equal(0u, ReadInfo(info).DebounceMicroseconds);
    }

    [Fact]
    public void A_change_is_read_with_its_stamp_and_kind()
    {
        byte[] change = new byte[LineChangeSize];
        SomeInfo().CopyTo(change, 0);
        Put64(change, 256, 0x0102030405060708);
        Put32(change, 264, 2);
        LineInfo info = ReadChange(change, out long timestamp, out uint kind);
        Assert.Equal((17, "button"), (info.Line, info.Consumer));
        Assert.Equal((0x0102030405060708, 2u), (timestamp, kind));
    }

    private static byte[] SomeInfo()
    {
        byte[] info = new byte[LineInfoSize];
        "GPIO17"u8.CopyTo(info);
        "button"u8.CopyTo(info.AsSpan(32));
        Put32(info, 64, 17);
        Put32(info, 68, 1);
        Put64(info, 72, Used | Button | ActiveLow);
        Put32(info, 80, 3);
        Put32(info, 88, 5000);
        return info;
    }

    private static void PutAttribute(byte[] target, int index, uint id, ulong value, ulong mask, int config = Config)
    {
        int at = config + 32 + index * 24;
        Put32(target, at, id);
        Put64(target, at + 8, value);
        Put64(target, at + 16, mask);
    }

    private static void Put32(byte[] target, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(target.AsSpan(offset), value);

    private static void Put64(byte[] target, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(target.AsSpan(offset), value);
}
