using System.Globalization;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Cli.Gpio;

/// <summary><c>sprig gpio watch</c>: a line for each edge, with the kernel's stamp.</summary>
internal sealed class EdgeWatch(TextWriter output, PinSource pins, IReadOnlyList<string> names)
{
    private static readonly TimeSpan s_press = TimeSpan.FromMilliseconds(500);
    private readonly List<(GpioInput Input, string Name)> _inputs = [];
    private long _seen;

    internal GpioInputOptions Options { get; init; } = new();

    /// <summary>How many edges; zero: without end.</summary>
    internal int Count { get; init; }

    /// <summary>How long; zero: until Ctrl+C.</summary>
    internal TimeSpan Length { get; init; }

    internal void Run(SchedulerOptions options) => CoroutineScheduler.Run(RunAsync, options);

    private async Task RunAsync()
    {
        try
        {
            foreach (string name in names)
                _inputs.Add(pins.OpenInput(name, Options));
            output.WriteLine($"watching {string.Join(", ", _inputs.Select(one => one.Name))}; Ctrl+C ends it");
            if (pins.Simulated is { } board)
                _ = Coroutine.Spawn(() => PressAsync(board), new SpawnOptions { Name = "hand", Daemon = DaemonRule.UntilMainReturns });
            if (Length == TimeSpan.Zero)
                await WatchAsync();
            else
                await Deadline.TryRunAsync(Length, WatchAsync);
        }
        finally
        {
            foreach ((GpioInput input, _) in _inputs)
                input.Dispose();
            if (_inputs.Count == names.Count)
                output.WriteLine($"{_seen} edges, {_inputs.Sum(one => one.Input.LostEdges)} lost");
        }
    }

    private async Task WatchAsync()
    {
        GpioInput[] inputs = [.. _inputs.Select(one => one.Input)];
        long lost = 0;
        while (Count == 0 || _seen < Count)
        {
            (GpioInput input, GpioEdge edge) = await GpioInput.WaitForAnyAsync(inputs, Options.Edges);
            long lostNow = inputs.Sum(one => one.LostEdges);
            if (lostNow > lost)
                output.WriteLine($"{lostNow - lost} edges lost");
            lost = lostNow;
            _seen++;
            string name = _inputs[Array.IndexOf(inputs, input)].Name;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{edge.Nanoseconds / 1_000_000_000}.{edge.Nanoseconds / 1000 % 1_000_000:000000}  {name}  {(edge.IsRising ? "rising" : "falling")}  #{edge.Sequence}"));
        }
    }

    /// <summary>A simulated board has nobody who presses its buttons.</summary>
    private async Task PressAsync(SimulatedBoard board)
    {
        Ticker ticker = new(s_press);
        while (true)
        {
            await ticker.NextAsync();
            foreach ((GpioInput input, _) in _inputs)
                board.Drive(input.Line, !board[input.Line]);
        }
    }
}
