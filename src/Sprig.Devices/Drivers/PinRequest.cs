using Sprig.IO;

namespace Sprig.Devices.Drivers;

/// <summary>One or several pins that were taken together, and the coroutine that takes their edges. What is not said to be for any
/// thread is done under the gate.</summary>
internal sealed partial class PinRequest
{
    private static readonly GpioLineSettings s_asFound = new() { Direction = GpioDirection.AsIs };

    private readonly GpioChip _chip;
    private readonly GpioRequestOptions _options;
    private readonly EdgeLoop _loop;
    private readonly Lock _gate;
    private readonly DriverPin?[] _pins;
    private readonly int[] _lines;
    private readonly string _name;
    private volatile GpioLineGroup _group;
    private long _lostBefore;
    private bool _isClosed;

    internal PinRequest(GpioChip chip, IReadOnlyList<int> lines, SprigGpioDriverOptions options, EdgeLoop loop, Lock gate)
    {
        _chip = chip;
        _lines = [.. lines];
        _options = new GpioRequestOptions { Consumer = options.Consumer, EdgeBuffer = options.EdgeBuffer };
        _loop = loop;
        _gate = gate;
        _pins = new DriverPin?[_lines.Length];
        ChipName = chip.Name;
        _name = _lines.Length == 1 ? $"pin {_lines[0]} ({ChipName})" : $"pins {string.Join(", ", _lines)} ({ChipName})";
        _group = chip.OpenLines(_lines, s_asFound, _options);
    }

    /// <summary>For messages.</summary>
    internal string ChipName { get; }

    internal long LostEdges => _lostBefore + _group.LostEdges;

    /// <summary>The lines. Any thread.</summary>
    internal GpioLineGroup Group
    {
        get
        {
            GpioLineGroup group = _group;
            return group.IsDisposed ? Reopen() : group;
        }
    }

    internal ulong BitOf(int line) => 1UL << Array.IndexOf(_lines, line);

    internal bool Holds(int line) => Array.IndexOf(_lines, line) >= 0;

    /// <summary>Any thread.</summary>
    internal DriverPin? PinOf(int line) => Volatile.Read(ref _pins[Array.IndexOf(_lines, line)]);

    internal void Add(DriverPin pin) => _pins[Array.IndexOf(_lines, pin.Number)] = pin;

    internal bool HasEdges(DriverPin pin) => _group.Settings[Array.IndexOf(_lines, pin.Number)].Edges != GpioEdges.None;

    /// <summary>Sets one pin; the others stay as they are.</summary>
    internal void Set(DriverPin pin, GpioLineSettings settings) => Group.Configure(pin.Number, settings);

    /// <summary>Gives the lines back when this was their last pin, else this line alone its safe level.</summary>
    /// <returns>Whether they were given back.</returns>
    internal bool Close(DriverPin pin)
    {
        int place = Array.IndexOf(_lines, pin.Number);
        _pins[place] = null;
        if (_pins.All(one => one is null))
        {
            _isClosed = true;
            _group.Dispose();
            return true;
        }

        try
        {
            LeaveSafe(pin.Number, _group.Settings[place]);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The chip is gone, or the lines went with their run; there is nothing left to drive.
        }

        return false;
    }

    // The others of its set stay open, and so does this line.
    private void LeaveSafe(int line, GpioLineSettings settings)
    {
        if (settings is { Direction: GpioDirection.Output, SafeLevel: { } safe })
            _group.Write(line, safe);
        else if (settings.Edges != GpioEdges.None)
            _group.Configure(line, settings with { Edges = GpioEdges.None });
    }

    // Lines end with the run in which they were opened, at their safe levels; the pins are the driver's, and outlive it.
    private GpioLineGroup Reopen()
    {
        lock (_gate)
        {
            if (!_group.IsDisposed)
                return _group;
            if (_isClosed)
                throw new ObjectDisposedException(_name);
            GpioLineGroup group = _chip.OpenLines(_lines, s_asFound, _options);
            try
            {
                SetAsBefore(group, _group.Settings);
            }
            catch
            {
                group.Dispose();
                throw;
            }

            _lostBefore += _group.LostEdges;
            return _group = group;
        }
    }

    private void SetAsBefore(GpioLineGroup group, IReadOnlyList<GpioLineSettings> before)
    {
        for (int i = 0; i < _lines.Length; i++)
        {
            if (before[i].Direction != GpioDirection.AsIs)
                group.Configure(_lines[i], before[i] with { InitialLevel = before[i].SafeLevel ?? group.Read(_lines[i]) });
        }
    }
}
