using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Testing.Tests;

/// <summary>What holds for lines of any chip: run on the simulated board by the tests, and on a kernel's chip where there is one (this
/// file alone is compiled there too, so it needs no test framework). Throws what does not hold.</summary>
/// <remarks>In a run. Uses the lines 0 to 3, which nobody else holds, and leaves nothing taken.</remarks>
/// <param name="chip">The chip.</param>
/// <param name="drive">Drives a line from outside: (line, level).</param>
/// <param name="level">The level of a line, from outside.</param>
internal sealed class LineScenarios(GpioChip chip, Action<int, bool> drive, Func<int, bool> level)
{
    private static readonly GpioLineSettings s_output = new() { Direction = GpioDirection.Output };
    private static readonly GpioLineSettings s_both = new() { Edges = GpioEdges.Both };

    /// <summary>Each by its name.</summary>
    internal (string Name, Func<Task> RunAsync)[] All =>
    [
        ("outputs", OutputsAsync),
        ("groups", GroupsAsync),
        ("edges", EdgesAsync),
        ("edges of a group", EdgesOfAGroupAsync),
        ("overflow", OverflowAsync),
        ("debounce", DebounceAsync),
        ("wall clock", WallClockAsync),
        ("set anew", SetAnewAsync),
        ("information", InformationAsync),
        ("busy", BusyAsync),
        ("watch", WatchAsync),
        ("wait for any", WaitForAnyAsync),
        ("given back in mid-wait", GivenBackAsync),
    ];

    private Task OutputsAsync()
    {
        GpioOutput output = chip.OpenOutput(0, new GpioOutputOptions { InitialLevel = true });
        Check(level(0), "the initial level is driven");
        output.Toggle();
        Check(!level(0) && !output.Level, "a toggle drives low");
        output.Write(true);
        output.Dispose();
        Check(!level(0), "the safe level is driven at the end");
        GpioOutput inverted = chip.OpenOutput(0, new GpioOutputOptions { ActiveLow = true });
        Check(level(0), "inactive is high where active is low");
        inverted.Write(true);
        Check(!level(0), "active is low");
        inverted.Dispose();
        Check(level(0), "the safe level is an inactive one");
        return Task.CompletedTask;
    }

    private Task GroupsAsync()
    {
        using GpioLineGroup group = chip.OpenLines([2, 0, 1], s_output);
        group.WriteMask(0b111, 0b101);
        Check(level(2) && !level(0) && level(1), "masks go by the order of the lines");
        group.WriteMask(0b010, 0b111);
        Check(level(0), "what is in the mask is driven");
        group.WriteMask(0b100, 0);
        Check(group.ReadMask() == 0b011, "what was driven is read");
        group.Toggle(1);
        Check(group.ReadMask(0b100) == 0b100 && group.Read(0), "one is toggled");
        return Task.CompletedTask;
    }

    private async Task EdgesAsync()
    {
        drive(0, false);
        using GpioInput input = chip.OpenInput(0, new GpioInputOptions { EdgeBuffer = 1024 });
        MonotonicTime before = MonotonicTime.Now;
        for (int i = 0; i < 200; i++)
            drive(0, i % 2 == 0);
        for (uint i = 1; i <= 200; i++)
        {
            GpioEdge edge = await input.WaitForEdgeAsync();
            Check(edge.Sequence == i && edge.IsRising == (i % 2 == 1), $"edge {i} comes in its turn, not {edge}");
            Check(edge.Timestamp >= before && edge.Timestamp <= MonotonicTime.Now, "its stamp is of the loop's clock");
        }

        Check(input.LostEdges == 0, "none is lost");
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => input.WaitForEdgeAsync(GpioEdges.Falling));
        await UntilBlockedAsync(waiter);
        drive(0, true);
        drive(0, false);
        Check((await waiter).Sequence == 202, "a waiter gets the kind that it wants");
        await input.WaitForLevelAsync(false);
    }

    private async Task EdgesOfAGroupAsync()
    {
        drive(0, false);
        drive(1, false);
        using GpioLineGroup group = chip.OpenLines(new Dictionary<int, GpioLineSettings>
        {
            [0] = s_both,
            [1] = s_both with { Edges = GpioEdges.Falling },
        });
        drive(1, true);
        drive(0, true);
        drive(1, false);
        GpioEdge first = await group.WaitForEdgeAsync(), second = await group.WaitForEdgeAsync();
        Check((first.Line, first.IsRising, first.Sequence) == (0, true, 1u), $"the kind is that of the line's setting: {first}");
        Check((second.Line, second.IsRising, second.Sequence) == (1, false, 2u), $"each line counts for itself: {second}");
    }

    private async Task OverflowAsync()
    {
        const int Buffer = 16;
        drive(0, false);
        using GpioInput input = chip.OpenInput(0, new GpioInputOptions { EdgeBuffer = Buffer });
        for (int i = 0; i < 50; i++)
            drive(0, i % 2 == 0);
        GpioEdge first = await input.WaitForEdgeAsync();
        Check(first.Sequence == 50 - Buffer + 1 && input.LostEdges == 50 - Buffer, $"the oldest are lost and counted: {first}, {input.LostEdges}");
    }

    private async Task DebounceAsync()
    {
        TimeSpan period = TimeSpan.FromMilliseconds(20);
        drive(0, false);
        using GpioInput input = chip.OpenInput(0, new GpioInputOptions { Debounce = period });
        MonotonicTime before = MonotonicTime.Now;
        for (int i = 0; i < 5; i++)
            drive(0, i % 2 == 0);
        GpioEdge edge = await input.WaitForEdgeAsync();
        Check(edge is { IsRising: true, Sequence: 1 } && edge.Timestamp - before >= period, $"one edge, after the period: {edge}");
        Check(input.Read(), "the level counts by then");
    }

    private async Task WallClockAsync()
    {
        drive(0, false);
        using GpioInput input = chip.OpenInput(0, new GpioInputOptions { Clock = GpioClock.Realtime });
        drive(0, true);
        TimeSpan off = CoroutineScheduler.Current.TimeProvider.GetUtcNow() - (await input.WaitForEdgeAsync()).WallTime;
        Check(off.Duration() < TimeSpan.FromMinutes(1), $"the stamp is the wall's: {off}");
    }

    private async Task SetAnewAsync()
    {
        drive(0, false);
        using GpioLineGroup group = chip.OpenLines([0, 1], s_both);
        drive(0, true);
        group.Configure(1, s_output with { InitialLevel = true });
        Check(level(1), "what becomes an output begins with its level");
        group.Configure(0, s_both with { ActiveLow = true });
        Check(level(1), "an output keeps its level while others are set");
        Check((await group.WaitForEdgeAsync()).Sequence == 1, "an edge that waits stays");
        group.Write(1, false);
        group.Configure(1, s_both);
        drive(1, true);
        Check(group.Read(1), "what was an output is read");
        Throws<InvalidOperationException>(() => group.Write(1, true), "line 1");
    }

    private Task InformationAsync()
    {
        using (GpioLineGroup group = chip.OpenLines([0], s_both with { ActiveLow = true }, new GpioRequestOptions { Consumer = "scenario" }))
        {
            GpioLineInfo info = chip.GetLineInfo(0);
            Check(info is { IsUsed: true, IsOutput: false, ActiveLow: true, Consumer: "scenario", Edges: GpioEdges.Both, IsReserved: false }, $"{info}");
            group.Configure(s_output with { Drive = GpioDrive.OpenDrain });
            info = chip.GetLineInfo(0);
            Check(info is { IsOutput: true, ActiveLow: false, Edges: GpioEdges.None, Drive: GpioDrive.OpenDrain }, $"{info}");
        }

        Check(chip.GetLineInfo(0) is { IsUsed: false, Consumer: "" }, "it was given back");
        return Task.CompletedTask;
    }

    private Task BusyAsync()
    {
        using GpioOutput held = chip.OpenOutput(1, new GpioOutputOptions { Consumer = "holder" });
        Throws<IOException>(() => chip.OpenLines([0, 1, 2]), "line 1 of", "is held by 'holder'");
        Throws<ArgumentOutOfRangeException>(() => chip.OpenInput(chip.LineCount), "has the lines");
        chip.OpenLines([0, 2]).Dispose();
        return Task.CompletedTask;
    }

    private async Task WatchAsync()
    {
        await using IAsyncEnumerator<GpioLineChange> watch = chip.WatchAsync(0).GetAsyncEnumerator();
        Coroutine<bool> next = Coroutine.Spawn(() => watch.MoveNextAsync());
        await UntilBlockedAsync(next);
        GpioLineGroup group = chip.OpenLines([0, 1], s_both, new GpioRequestOptions { Consumer = "watched" });
        await next;
        Check(watch.Current is { Kind: GpioLineChangeKind.Requested, Info: { Line: 0, Consumer: "watched" } }, $"{watch.Current}");
        group.Configure(0, s_output);
        group.Dispose();
        await watch.MoveNextAsync();
        Check(watch.Current is { Kind: GpioLineChangeKind.Reconfigured, Info.IsOutput: true }, $"{watch.Current}");
        await watch.MoveNextAsync();
        Check(watch.Current is { Kind: GpioLineChangeKind.Released, Info.IsUsed: false }, $"{watch.Current}");
    }

    private async Task WaitForAnyAsync()
    {
        drive(0, false);
        drive(1, false);
        using GpioInput one = chip.OpenInput(0), two = chip.OpenInput(1);
        Coroutine<(GpioInput Input, GpioEdge Edge)> waiter = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync([two, one]));
        await UntilBlockedAsync(waiter);
        drive(1, true);
        drive(0, true);
        Check((await waiter).Input == two, "the first comes first");
        Check((await one.WaitForEdgeAsync()).Sequence == 1, "the other stays");
    }

    private async Task GivenBackAsync()
    {
        GpioInput input = chip.OpenInput(0);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        await UntilBlockedAsync(waiter);
        Thread thread = new(input.Dispose);
        thread.Start();
        // The loop stands still, and yet the line is free.
        thread.Join();
        chip.OpenInput(0).Dispose();
        await waiter.JoinAsync();
        Check(waiter.Exception is ObjectDisposedException, $"the waiter is told: {waiter.Exception}");
    }

    private static async Task UntilBlockedAsync(Coroutine coroutine)
    {
        while (coroutine.State is not (CoroutineState.Blocked or CoroutineState.Faulted))
            await Coroutine.Yield();
    }

    private static void Throws<T>(Action action, params string[] parts)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T error)
        {
            foreach (string part in parts)
                Check(error.Message.Contains(part, StringComparison.Ordinal), $"'{error.Message}' says '{part}'");
            return;
        }

        Check(false, $"a {typeof(T).Name} is thrown");
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"Does not hold: {what}");
    }
}
