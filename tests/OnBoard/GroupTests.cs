using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>Lines taken together: driven and read at once, set anew in place, their edges in one queue.</summary>
public class GroupTests
{
    private static readonly GpioLineSettings s_output = new() { Direction = GpioDirection.Output };
    private static readonly GpioLineSettings s_edges = new() { Edges = GpioEdges.Both };

    [Fact]
    public void A_mask_counts_the_lines_in_the_order_in_which_they_were_asked_for() => Bench.Run(bench =>
    {
        using (GpioLineGroup group = bench.Chip.OpenLines([19, 5, 13, 6], s_output))
        {
            group.WriteMask(0b1111, 0b0101);
            Assert.Equal([true, false, true, false], ((int[])[19, 5, 13, 6]).Select(bench.Measure));
            group.WriteMask(0b0110, 0b0010);
            Assert.Equal([true, true, false, false], ((int[])[19, 5, 13, 6]).Select(bench.Measure));
            Assert.Equal(0b0011UL, group.ReadMask());
            group.Toggle(6);
            Assert.Equal(0b1000UL, group.ReadMask(0b1100));
        }

        Assert.All((int[])[19, 5, 13, 6], line => Assert.False(bench.Measure(line)));
        return Task.CompletedTask;
    });

    [Fact]
    public void Twenty_eight_lines_each_with_its_own_first_level() => Bench.Run(bench =>
    {
        using (bench.Chip.OpenLines(Enumerable.Range(0, 28).ToDictionary(
            line => line, line => s_output with { InitialLevel = line % 2 == 0, ActiveLow = line % 5 == 0 })))
        {
            Assert.All(Enumerable.Range(0, 28), line => Assert.Equal(line % 2 == 0 != (line % 5 == 0), bench.Measure(line)));
        }

        Assert.All(Enumerable.Range(0, 28), line => Assert.False(bench.Chip.GetLineInfo(line).IsUsed));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_line_becomes_an_output_and_an_input_again_in_place() => Bench.Run(bench =>
    {
        using GpioLineGroup line = bench.Chip.OpenLines([17]);
        bench.Pull(17, true);
        Assert.True(line.Read(17));
        Assert.Throws<InvalidOperationException>(() => line.Write(17, true));
        line.Configure(s_output with { InitialLevel = true });
        Assert.True(bench.Measure(17));
        line.Write(17, false);
        Assert.False(bench.Measure(17));
        line.Configure(new GpioLineSettings { Bias = GpioBias.PullUp });
        Assert.True(line.Read(17));
        Assert.Equal(GpioBias.PullUp, bench.Chip.GetLineInfo(17).Bias);
        return Task.CompletedTask;
    });

    [Fact]
    public void Edges_of_all_lines_come_in_the_order_in_which_they_were_and_survive_a_new_setting() => Bench.Run(async bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines([4, 5, 6], s_edges);
        foreach (int line in (int[])[5, 4, 6, 4])
            bench.Pull(line, !bench.Measure(line));
        group.Configure(6, s_edges with { Bias = GpioBias.PullDown });
        List<(int, bool, uint)> got = [];
        for (int i = 0; i < 4; i++)
        {
            GpioEdge edge = await group.WaitForEdgeAsync();
            got.Add((edge.Line, edge.IsRising, edge.Sequence));
        }

        Assert.Equal([(5, true, 1), (4, true, 1), (6, true, 1), (4, false, 2)], got);
        Assert.Equal(0, group.LostEdges);
    });

    [Fact]
    public void Each_line_gives_the_kind_of_edges_that_it_is_set_to_and_counts_for_itself() => Bench.Run(async bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines(new Dictionary<int, GpioLineSettings>
        {
            [4] = s_edges,
            [5] = s_edges with { Edges = GpioEdges.Falling },
        });
        bench.Pull(5, true);
        bench.Pull(4, true);
        bench.Pull(5, false);
        GpioEdge first = await group.WaitForEdgeAsync(), second = await group.WaitForEdgeAsync();
        Assert.Equal((4, true, 1u), (first.Line, first.IsRising, first.Sequence));
        Assert.Equal((5, false, 2u), (second.Line, second.IsRising, second.Sequence));
    });

    [Fact]
    public void Settings_are_told_by_the_chip() => Bench.Run(bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines(new Dictionary<int, GpioLineSettings>
        {
            [4] = s_edges with { Bias = GpioBias.PullUp, ActiveLow = true, Debounce = TimeSpan.FromMilliseconds(5) },
            [5] = s_output with { Drive = GpioDrive.OpenDrain },
        });
        GpioLineInfo four = bench.Chip.GetLineInfo(4);
        Assert.Equal((GpioBias.PullUp, true, GpioEdges.Both, TimeSpan.FromMilliseconds(5)), (four.Bias, four.ActiveLow, four.Edges, four.Debounce));
        GpioLineInfo five = bench.Chip.GetLineInfo(5);
        Assert.Equal((true, GpioDrive.OpenDrain), (five.IsOutput, five.Drive));
        return Task.CompletedTask;
    });

    [Fact]
    public void All_lines_are_taken_or_none() => Bench.Run(bench =>
    {
        using GpioOutput held = bench.Chip.OpenOutput(6, new GpioOutputOptions { Consumer = "another" });
        IOException error = Assert.Throws<IOException>(() => bench.Chip.OpenLines([4, 5, 6]));
        Assert.Contains("'another'", error.Message, StringComparison.Ordinal);
        Assert.False(bench.Chip.GetLineInfo(4).IsUsed);
        Assert.Throws<ArgumentException>(() => bench.Chip.OpenLines([4, 4]));
        Assert.Throws<ArgumentException>(() => bench.Chip.OpenLines([4], s_output with { Edges = GpioEdges.Both }));
        Assert.False(bench.Chip.GetLineInfo(4).IsUsed);
        return Task.CompletedTask;
    });

    [Fact]
    public void Lines_of_a_group_are_debounced_each_for_itself() => Bench.Run(async bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines(new Dictionary<int, GpioLineSettings>
        {
            [4] = s_edges with { Debounce = TimeSpan.FromMilliseconds(30) },
            [5] = s_edges,
            [6] = new GpioLineSettings { Debounce = TimeSpan.FromMilliseconds(30) },
        });
        bench.Pull(6, true);
        Assert.False(group.Read(6));
        for (int i = 0; i < 3; i++)
        {
            bench.Pull(4, i % 2 == 0);
            bench.Pull(5, i % 2 == 0);
        }

        List<(int, bool, uint)> got = [];
        for (int i = 0; i < 4; i++)
        {
            GpioEdge edge = await group.WaitForEdgeAsync();
            got.Add((edge.Line, edge.IsRising, edge.Sequence));
        }

        Assert.Equal([(5, true, 1), (5, false, 2), (5, true, 3), (4, true, 1)], got);
        Assert.True(group.Read(4));
        while (!group.Read(6))
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, group.LostEdges);
    });

    [Fact]
    public void A_group_has_one_buffer_and_what_it_loses_is_counted_for_each_line() => Bench.Run(async bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines([4, 5], s_edges, new GpioRequestOptions { EdgeBuffer = 4 });
        for (int i = 0; i < 5; i++)
            bench.Pull(4, i % 2 == 0);
        for (int i = 0; i < 3; i++)
            bench.Pull(5, i % 2 == 0);
        List<(int, uint)> got = [];
        for (int i = 0; i < 4; i++)
        {
            GpioEdge edge = await group.WaitForEdgeAsync();
            got.Add((edge.Line, edge.Sequence));
        }

        Assert.Equal([(4, 5u), (5, 1u), (5, 2u), (5, 3u)], got);
        Assert.Equal((4, 4, 0), (group.LostEdges, group.LostEdgesOf(4), group.LostEdgesOf(5)));
    });

    [Fact]
    public void The_count_of_a_lines_edges_goes_on_when_it_was_without_for_a_time() => Bench.Run(async bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines([4, 5], s_edges);
        bench.Pull(4, true);
        Assert.Equal(1u, (await group.WaitForEdgeAsync()).Sequence);
        group.Configure(4, new GpioLineSettings());
        bench.Pull(4, false);
        group.Configure(4, s_output);
        group.Write(4, true);
        group.Configure(4, s_edges);
        bench.Pull(4, true);
        bench.Pull(4, false);
        Coroutine<GpioEdge> next = Coroutine.Spawn(async () => await group.WaitForEdgeAsync(GpioEdges.Falling));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        bench.Pull(4, true);
        bench.Pull(4, false);
        Assert.False((await next).IsRising);
        Assert.Equal(0, group.LostEdges);
    });

    [Fact]
    public void An_output_keeps_its_level_and_an_edge_its_place_while_other_lines_are_set_anew() => Bench.Run(async bench =>
    {
        using GpioLineGroup group = bench.Chip.OpenLines([4, 5], s_edges);
        bench.Pull(4, true);
        group.Configure(5, s_output with { InitialLevel = true });
        group.Configure(4, s_edges with { ActiveLow = true });
        Assert.True(bench.Measure(5));
        Assert.Equal(1u, (await group.WaitForEdgeAsync()).Sequence);
        group.Write(5, false);
        group.Configure(5, s_edges);
        bench.Pull(5, true);
        Assert.True(group.Read(5));
        Assert.Throws<InvalidOperationException>(() => group.Write(5, true));
    });
}
