using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Snippets.Devices;

/// <summary>The guide's pieces on lines, and on the board without hardware; each region is one fence.</summary>
internal static class Lines
{
    internal static async Task ButtonAndLedAsync(GpioChip chip)
    {
        #region lines_button
        using GpioInput button = chip.OpenInput(22, new GpioInputOptions { Bias = GpioBias.PullUp, ActiveLow = true });
        using GpioOutput led = chip.OpenOutput(17);
        await foreach (GpioEdge edge in button.Edges(GpioEdges.Rising))
        {
            led.Toggle();
            Console.WriteLine($"pressed at {edge.Timestamp}, {button.LostEdges} edges lost so far");
        }
        #endregion
    }

    internal static async Task LevelOrEdgeAsync(GpioInput door)
    {
        #region lines_level_or_edge
        await door.WaitForLevelAsync(true);                     // at once, if it is open already
        GpioEdge next = await door.WaitForEdgeAsync();          // the oldest change that nobody has taken
        bool open = door.Read();                                // the level now, whatever the edges were
        #endregion
        Console.WriteLine($"{next} {open}");
    }

    internal static async Task AnyAsync(GpioInput left, GpioInput right)
    {
        #region lines_any
        (GpioInput input, GpioEdge edge) = await GpioInput.WaitForAnyAsync([left, right], GpioEdges.Falling);
        #endregion
        Console.WriteLine($"{input.Line} {edge}");
    }

    internal static async Task GroupAsync(GpioChip chip)
    {
        #region lines_group
        GpioLineSettings output = new() { Direction = GpioDirection.Output };
        using GpioLineGroup lights = chip.OpenLines([5, 6, 13, 19], output);
        lights.WriteMask(0b1111, 0b0101);                       // lines 5 and 13, all four in one call of the kernel
        lights.Toggle(19);

        using GpioLineGroup keys = chip.OpenLines(new Dictionary<int, GpioLineSettings>
        {
            [20] = new() { Bias = GpioBias.PullUp, Edges = GpioEdges.Both },
            [21] = new() { Bias = GpioBias.PullUp, Edges = GpioEdges.Falling, Debounce = TimeSpan.FromMilliseconds(5) },
        });
        GpioEdge first = await keys.WaitForEdgeAsync();         // of any of them: first.Line tells
        keys.Configure(20, output with { InitialLevel = true });    // in place: no glitch, and edges that wait stay
        #endregion
        Console.WriteLine(first);
    }

    internal static void Chips()
    {
        #region lines_chips
        foreach (GpioChipInfo info in GpioChip.List())
            Console.WriteLine($"{info.Path} {info.Label}, {info.LineCount} lines");
        using GpioChip chip = GpioChip.OpenBoard() ?? GpioChip.Open("gpio-mockup");     // by label, name or path
        GpioLineInfo line = chip.GetLineInfo(chip.FindLine("GPIO17"));
        Console.WriteLine(line.IsUsed ? $"held by {line.Consumer}" : "free");
        #endregion
    }

    internal static async Task WatchAsync(GpioChip chip)
    {
        #region lines_watch
        await foreach (GpioLineChange change in chip.WatchAsync(17, 22))
            Console.WriteLine($"{change.Timestamp}: line {change.Info.Line} {change.Kind} by '{change.Info.Consumer}'");
        #endregion
    }

    internal static void SafeLevel(GpioChip chip)
    {
        #region lines_safe
        using GpioOutput pump = chip.OpenOutput(26);                                                    // off when it ends
        using GpioOutput brake = chip.OpenOutput(16, new GpioOutputOptions { SafeLevel = true });       // on when it ends
        using GpioOutput latch = chip.OpenOutput(12, new GpioOutputOptions { SafeLevel = null });       // stays as it is
        #endregion
        Console.WriteLine($"{pump.Level} {brake.Level} {latch.Level}");
    }

    internal static void Simulated(Func<GpioChip, Task> programAsync)
    {
        #region testing_board
        SimulatedBoard board = new();
        CoroutineScheduler.Run(async () =>
        {
            _ = Coroutine.Spawn(() => programAsync(board), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Sleep(TimeSpan.FromSeconds(1));
            board.Pin(22).Press(bounce: new Bounce(Count: 5, Spacing: TimeSpan.FromMilliseconds(1)));
            await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        }, new SchedulerOptions { Clock = new TestClock() });
        board.Pin(17).ShouldHaveToggledAt(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        board.WriteVcd("run.vcd");                              // gtkwave run.vcd
        #endregion
    }

    internal static void Wires(SimulatedBoard board)
    {
        #region testing_wires
        board.Connect(17, 4);                                   // a wire: they have one level from now on
        board.Pin(4).Pull(GpioBias.PullUp);                     // a resistor
        board.Pin(4).Drive(false);                              // a sensor, until Float
        board.Reserve(2);                                       // a line that a bus has
        if (board.Conflicts.Count > 0)                          // high against low: a short circuit on a real board
            Console.WriteLine(board.Conflicts[0].What);
        board.Remove();                                         // the chip is unplugged, in the midst of a wait
        #endregion
    }
}
