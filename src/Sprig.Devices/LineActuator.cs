using Sprig.IO;

namespace Sprig.Devices;

/// <summary>A line, driven high from one half on.</summary>
internal sealed class LineActuator : Actuator
{
    private readonly GpioOutput _output;

    internal LineActuator(GpioOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ObjectDisposedException.ThrowIf(output.IsDisposed, output);
        _output = output;
    }

    internal int Line => _output.Line;

    internal override string Name => $"line {_output.Line}";

    internal override bool IsDigital => true;

    /// <summary>Without a safe level: as it is.</summary>
    internal override double SafeValue => _output.SafeLevel is { } safe ? safe ? 1 : 0 : Value;

    internal override double Value
    {
        get => _output.Level ? 1 : 0;
        set => _output.Level = value >= 0.5;
    }

    internal override bool IsDisposed => _output.IsDisposed;

    public override void Dispose() => _output.Dispose();

    internal static LineActuator Open(GpioChip chip, int line, bool activeLow = false)
    {
        ArgumentNullException.ThrowIfNull(chip);
        return new LineActuator(chip.OpenOutput(line, new GpioOutputOptions { ActiveLow = activeLow }));
    }

    /// <summary>Opens all of these lines, or none.</summary>
    internal static LineActuator[] OpenAll(GpioChip chip, bool activeLow, params ReadOnlySpan<int> lines)
    {
        ArgumentNullException.ThrowIfNull(chip);
        List<LineActuator> open = [];
        try
        {
            foreach (int line in lines)
                open.Add(Open(chip, line, activeLow));
            return [.. open];
        }
        catch
        {
            DisposeAll(open);
            throw;
        }
    }

    /// <summary>Takes all of these lines, or throws and has taken none.</summary>
    internal static LineActuator[] TakeAll(params ReadOnlySpan<GpioOutput> outputs)
    {
        LineActuator[] taken = new LineActuator[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            taken[i] = new LineActuator(outputs[i]);
            if (outputs[..i].Contains(outputs[i]))
                throw new ArgumentException($"Line {outputs[i].Line} is named twice; each place needs a line of its own.", nameof(outputs));
        }

        return taken;
    }
}
