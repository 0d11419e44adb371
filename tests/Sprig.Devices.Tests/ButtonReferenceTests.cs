using System.Globalization;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

/// <summary>What a button tells follows from the stamps of its edges alone, however late the loop is, and whatever runs first.</summary>
public class ButtonReferenceTests
{
    private const long Hold = 500_000_000;
    private const long Repeat = 200_000_000;
    private const long Twice = 300_000_000;

    [Fact]
    public void It_tells_what_a_reference_makes_of_the_same_edges()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            Run(async run =>
            {
                List<string> seen = [];
                using Button button = new(run.Board, 22, new ButtonOptions
                {
                    Debounce = TimeSpan.Zero,
                    HoldTime = TimeSpan.FromTicks(Hold / 100),
                    RepeatTime = TimeSpan.FromTicks(Repeat / 100),
                    DoubleClickTime = TimeSpan.FromTicks(Twice / 100),
                });
                Listen(button, seen);
                List<long> edges = await PressAtRandomAsync(run, random);
                Assert.Equal((seed, Expected(edges)), (seed, string.Join('\n', seen)));
            }, seed % 2 == 0 ? null : seed);
        }
    }

    /// <summary>The stamps, first a press. Many are at the very ends of the times, and between some the loop stands.</summary>
    private static async Task<List<long>> PressAtRandomAsync(DeviceRun run, Random random)
    {
        List<long> edges = [];
        for (int i = 0; i < 20; i++)
        {
            long due = run.Clock.Now.Nanoseconds + (random.Next(3) == 0 ? random.Next(1, 700_000_000) : random.Next(1, 8) * 100_000_000L);
            if (random.Next(3) == 0)
                run.Clock.AdvanceTo(due);
            else
                await Coroutine.SleepUntil(new MonotonicTime(due));
            edges.Add(due);
            run.Board.Drive(22, i % 2 != 0);
        }

        await Coroutine.Sleep(Seconds(5));
        return edges;
    }

    private static void Listen(Button button, List<string> seen)
    {
        button.Pressed.Subscribe(one => seen.Add(Line("pressed", one.Timestamp.Nanoseconds)));
        button.Released.Subscribe(one => seen.Add(Line("released", one.Timestamp.Nanoseconds)));
        button.Held.Subscribe(one => seen.Add(Line("held", one.Timestamp.Nanoseconds)));
        button.HeldRepeat.Subscribe(one => seen.Add(Line("repeat", one.Timestamp.Nanoseconds)));
        button.Clicked.Subscribe(one => seen.Add(Line("click", one.Timestamp.Nanoseconds)));
        button.DoubleClicked.Subscribe(one => seen.Add(Line("double click", one.Timestamp.Nanoseconds)));
    }

    private static string Expected(List<long> edges)
    {
        List<string> told = [];
        // A click that may yet become the first of two.
        long? click = null;
        for (int i = 0; i < edges.Count; i += 2)
        {
            (long press, long release) = (edges[i], edges[i + 1]);
            bool isSecond = click is { } first && press < first + Twice;
            if (!isSecond && click is { } single)
                told.Add(Line("click", single));
            told.Add(Line("pressed", press));
            bool isHeld = press + Hold <= release;
            if (isHeld && isSecond)
                told.Add(Line("click", click!.Value));
            if (isHeld)
                told.Add(Line("held", press + Hold));
            for (long repeat = press + Hold + Repeat; repeat <= release; repeat += Repeat)
                told.Add(Line("repeat", repeat));
            told.Add(Line("released", release));
            if (!isHeld && isSecond)
                told.Add(Line("double click", release));
            click = isHeld || isSecond ? null : release;
        }

        if (click is { } last)
            told.Add(Line("click", last));
        return string.Join('\n', told);
    }

    private static string Line(string what, long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} {what}");
}
