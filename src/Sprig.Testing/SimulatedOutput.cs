using Sprig.IO;

namespace Sprig.Testing;

/// <summary>An output of a <see cref="SimulatedBoard"/>.</summary>
internal sealed class SimulatedOutput : GpioOutput
{
    private readonly SimulatedLine _line;
    private readonly bool _activeLow;

    internal SimulatedOutput(SimulatedLine line, GpioOutputOptions options)
        : base(line.Number, options)
    {
        _line = line;
        _activeLow = options.ActiveLow;
        line.BeOutput(options.InitialLevel ^ _activeLow);
    }

    protected override void Drive(bool level) => _line.Settle(level ^ _activeLow);

    protected override void Release() => _line.Release();
}
