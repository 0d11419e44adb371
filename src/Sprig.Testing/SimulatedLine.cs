using Sprig.IO;

namespace Sprig.Testing;

/// <summary>One line of a <see cref="SimulatedBoard"/>: who holds it, and what acts on its pin. Under the board's lock.</summary>
internal sealed class SimulatedLine
{
    internal SimulatedLine(int number)
    {
        Number = number;
        Name = $"GPIO{number}";
        Net = new SimulatedNet(this);
    }

    internal int Number { get; }

    internal string Name { get; set; }

    internal SimulatedNet Net { get; set; }

    /// <summary>Who holds it, as others see it; empty for the kernel itself, null when nobody does.</summary>
    internal string? Consumer { get; set; }

    /// <summary>The request that holds it, if it is one of this program.</summary>
    internal SimulatedRequest? Holder { get; set; }

    internal GpioLineSettings Settings { get; set; } = new() { Direction = GpioDirection.AsIs };

    /// <summary>The level that its holder wants, as logic sees it.</summary>
    internal bool Wanted { get; set; }

    /// <summary>What drives it from outside.</summary>
    internal bool? Outside { get; set; }

    /// <summary>What a closed contact connects it to.</summary>
    internal bool? Contact { get; set; }

    /// <summary>What it was last connected to.</summary>
    internal bool? LastContact { get; set; }

    /// <summary>Counts presses and releases.</summary>
    internal int Movement { get; set; }

    /// <summary>A resistor on the board.</summary>
    internal GpioBias Pull { get; set; }

    /// <summary>The level that its holder reads without a debouncer.</summary>
    internal bool Level => Net.Level ^ Settings.ActiveLow;

    internal bool IsOutput => Settings.Direction == GpioDirection.Output;

    /// <summary>What its holder drives on the pin; null where it drives nothing.</summary>
    internal bool? Driven
    {
        get
        {
            bool level = Wanted ^ Settings.ActiveLow;
            return !IsOutput || (Settings.Drive == GpioDrive.OpenDrain && level) || (Settings.Drive == GpioDrive.OpenSource && !level) ? null : level;
        }
    }

    internal GpioLineInfo Info => new(Number, Name, Consumer ?? "", Consumer is not null, IsOutput)
    {
        ActiveLow = Settings.ActiveLow,
        Bias = Settings.Bias,
        Drive = Settings.Drive,
        // As the kernel: both are asked for, or none.
        Edges = Settings.Edges == GpioEdges.None ? GpioEdges.None : GpioEdges.Both,
        Debounce = Settings.Debounce,
        Clock = Settings.Clock,
    };
}
