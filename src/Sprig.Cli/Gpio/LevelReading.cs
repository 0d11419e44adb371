using Sprig.IO;

namespace Sprig.Cli.Gpio;

/// <summary><c>sprig gpio get</c>: the levels of pins, now.</summary>
internal static class LevelReading
{
    /// <summary>One line a pin, as GPIO17=1; all are taken before the first is read.</summary>
    internal static void Run(TextWriter output, PinSource pins, IReadOnlyList<string> names, GpioInputOptions options)
    {
        List<(GpioInput Input, string Name)> inputs = [];
        try
        {
            foreach (string name in names)
                inputs.Add(pins.OpenInput(name, options with { Edges = GpioEdges.None }));
            foreach ((GpioInput input, string name) in inputs)
                output.WriteLine($"{name}={(input.Read() ? 1 : 0)}");
        }
        finally
        {
            foreach ((GpioInput input, _) in inputs)
                input.Dispose();
        }
    }
}
