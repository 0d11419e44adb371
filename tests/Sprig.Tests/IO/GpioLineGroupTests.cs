using Sprig.IO;
using Xunit;

namespace Sprig.Tests.IO;

public class GpioLineGroupTests
{
    private static readonly GpioLineSettings s_output = new() { Direction = GpioDirection.Output };
    private static readonly GpioLineSettings s_input = new();

    [Fact]
    public void Masks_go_by_the_place_and_single_lines_by_their_offset()
    {
        RecordingRequest request = new([5, 40, 13], [s_output, s_output, s_output]);
        using GpioLineGroup group = request.Group;
        group.Write(40, true);
        group.WriteMask(0b101, 0b100);
        group.Toggle(40);
        group.WriteMask(ulong.MaxValue, ulong.MaxValue);
        Assert.Equal(["0010 0010", "0101 0100", "0010 0000", "0111 0111"], request.Log);
        request.Values = 0b110;
        Assert.Equal((false, true, true), (group.Read(5), group.Read(40), group.Read(13)));
        Assert.Equal(0b110ul, group.ReadMask());
        Assert.Equal(0b010ul, group.ReadMask(0b011));
    }

    [Fact]
    public void A_line_that_is_none_of_them_is_a_mistake_that_names_them()
    {
        using GpioLineGroup group = new RecordingRequest([5, 6], [s_output, s_output]).Group;
        Assert.Contains("lines 5, 6 of a fake", Assert.Throws<ArgumentOutOfRangeException>(() => group.Read(7)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Write(7, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Toggle(7));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Configure(7, s_output));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.LostEdgesOf(7));
    }

    [Fact]
    public void An_input_is_not_driven_and_the_others_are_not_either()
    {
        RecordingRequest request = new([5, 6], [s_output, s_input]);
        using GpioLineGroup group = request.Group;
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => group.WriteMask(0b11, 0b11));
        Assert.StartsWith("line 6 of a fake is an input", error.Message, StringComparison.Ordinal);
        Assert.Empty(request.Log);
        group.Write(5, true);
        Assert.Equal(["0001 0001"], request.Log);
    }

    [Fact]
    public void Set_anew_an_output_keeps_its_level_and_a_new_one_begins_with_its_own()
    {
        RecordingRequest request = new([5, 6], [s_output, s_input]);
        using GpioLineGroup group = request.Group;
        group.Write(5, true);
        group.Configure(s_output with { InitialLevel = false, Drive = GpioDrive.OpenDrain });
        group.Configure(6, s_input);
        group.Configure(6, s_output with { InitialLevel = true });
        group.Toggle(6);
        Assert.Equal(
            ["0001 0001", "configured Output Output, levels 0001", "configured Output Input, levels 0001", "configured Output Output, levels 0011", "0010 0000"],
            request.Log);
        Assert.Equal(GpioDrive.OpenDrain, group.Settings[0].Drive);
    }

    [Fact]
    public void What_the_chip_refuses_leaves_all_as_it_was()
    {
        RecordingRequest request = new([5], [s_input]) { IsGone = true };
        using GpioLineGroup group = request.Group;
        Assert.Throws<IOException>(() => group.Configure(s_output));
        Assert.Equal([s_input], group.Settings);
        Assert.Throws<InvalidOperationException>(() => group.Write(5, true));
        request.IsGone = false;
    }

    [Fact]
    public void What_makes_no_sense_is_refused_before_anything_is_done()
    {
        RecordingRequest request = new([5, 6], [s_output, s_output]);
        using GpioLineGroup group = request.Group;
        Assert.Throws<ArgumentException>(() => group.Configure(6, s_output with { Edges = GpioEdges.Both }));
        Assert.Throws<ArgumentException>(() => group.Configure(6, s_output with { Clock = GpioClock.Realtime }));
        Assert.Contains("say Input or Output", Assert.Throws<ArgumentException>(() => group.Configure(new GpioLineSettings { Direction = GpioDirection.AsIs })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => group.Configure(null!));
        Assert.Throws<ArgumentNullException>(() => group.Configure(5, null!));
        Assert.Empty(request.Log);
    }

    [Fact]
    public void Dispose_drives_each_output_to_its_own_safe_level_and_leaves_alone_what_has_none()
    {
        RecordingRequest request = new([1, 2, 3, 4], [s_output, s_output with { SafeLevel = true }, s_output with { SafeLevel = null }, s_input]);
        GpioLineGroup group = request.Group;
        group.WriteMask(0b111, 0b101);
        group.Dispose();
        group.Dispose();
        Assert.Equal(["0111 0101", "0011 0010", "released"], request.Log);
        Assert.True(group.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => group.ReadMask());
        Assert.Throws<ObjectDisposedException>(() => group.WriteMask(1, 1));
        Assert.Throws<ObjectDisposedException>(() => group.Toggle(1));
        Assert.Throws<ObjectDisposedException>(() => group.Configure(s_input));
    }

    [Fact]
    public void An_input_that_became_an_output_has_a_safe_level_and_one_that_was_one_has_none_any_more()
    {
        RecordingRequest request = new([1, 2], [s_input, s_output]);
        GpioLineGroup group = request.Group;
        group.Configure(1, s_output with { InitialLevel = true });
        group.Configure(2, s_input);
        group.Dispose();
        Assert.Equal(["0001 0000", "released"], request.Log[^2..]);
    }

    [Fact]
    public async Task Threads_that_write_at_once_lose_no_level_of_the_others()
    {
        RecordingRequest request = new([.. Enumerable.Range(0, 4)], [s_output, s_output, s_output, s_output]);
        using GpioLineGroup group = request.Group;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(line => Task.Run(() =>
        {
            for (int i = 0; i < 1001; i++)
                group.Toggle(line);
        })));
        Assert.Equal(0b1111ul, request.Levels);
        Assert.Equal(4004, request.Log.Count);
    }
}
